"""Make colour copies of the training pictures: well and badly lit, darkened, blurred, with glare.

Light, colour and framing are measured on them to fit models and choose limits. Work is spread over
processes; the same seeds give the same scenes with any number of processes.
"""

import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.degrade import (
    Camera,
    Linear,
    Picture,
    blurred,
    darkened,
    disk,
    linear_of,
    taken,
    with_glare,
)
from calibration.pigment import TONES, pigmented
from calibration.rulers import LEAST_LONG_SIDE_PX, with_drawn_ruler
from calibration.sources import Source, read
from dermstation.imaging.bands import Values
from dermstation.imaging.exposure import Light, measure_light, pigment_stops
from dermstation.imaging.field import field_of
from dermstation.imaging.glare import Glare, measure_glare
from dermstation.imaging.ruler import Ruler, find_ruler
from dermstation.imaging.scale import to_grey
from dermstation.imaging.skin import Skin, measure_skin
from dermstation.imaging.tiles import tile_grid

_LONG_SIDE_PX = 1000
_CROPS = 3
_RULERS = 4
# evenly spaced over the exposures of the protocol's nuisances
NUISANCE_EVS = (-1.0, -0.7, -0.4, -0.1, 0.2, 0.5)


@dataclass(frozen=True, slots=True)
class Scene:
    """One copy: what was done to it and what was measured; `chroma` is the field's median."""

    name: str
    folder: str
    kind: str
    light: Light
    glare: Glare
    skin: Skin
    ruler: Ruler
    chroma: Values

    @property
    def darkness_stops(self) -> float:
        """Return how dark the scene is lit, less what its own pigment takes."""
        return self.light.highlight_stops - pigment_stops(float(self.chroma.sum()))


def measure_scenes(chosen: Sequence[Source], *, seed: int, workers: int) -> list[Scene]:
    """Return the measured colour copies of `chosen`."""
    jobs = [(source, seed) for source in chosen]
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            parts = list(pool.map(_scenes_of, jobs))
    else:
        parts = [_scenes_of(job) for job in jobs]
    return [scene for part in parts for scene in part]


def _scenes_of(job: tuple[Source, int]) -> list[Scene]:
    source, seed = job
    cv2.setNumThreads(1)
    rng = np.random.default_rng([seed, zlib.crc32(source.name.encode())])
    picture = read(source, _LONG_SIDE_PX)
    linear = linear_of(picture)
    scenes = [_scene(source, "as taken", picture)]

    def add(kind: str, light: Linear, camera: Camera) -> None:
        scenes.append(_scene(source, kind, taken(light, camera, rng)))

    for ev in NUISANCE_EVS:
        add("nuisance", linear, Camera(ev=ev, noise_dn=2.0, jpeg_quality=80))
    add("darkened", darkened(linear), Camera())
    add("darkened", darkened(linear), Camera(noise_dn=3.0, jpeg_quality=75))
    for tone in TONES:
        add("pigmented", pigmented(linear, tone), Camera())
    add("three stops under", linear, Camera(ev=-3.0))
    add("ring", linear, Camera(ring=0.49))
    add("blurred", blurred(linear, disk(4.0)), Camera())
    add("glare", with_glare(linear, 0.01, rng), Camera())
    if max(picture.shape) >= LEAST_LONG_SIDE_PX:
        laid = (with_drawn_ruler(picture, rng) for _ in range(_RULERS))
        scenes += [_scene(source, "ruler", one) for one in laid]
    height, width = picture.shape[:2]
    for _ in range(_CROPS):
        top, left = (int(rng.uniform(0, side / 2)) for side in (height, width))
        crop = np.ascontiguousarray(picture[top : top + height // 2, left : left + width // 2])
        scenes.append(_scene(source, "crop", crop))
    return scenes


def _scene(source: Source, kind: str, picture: Picture) -> Scene:
    field, grid = field_of(picture), tile_grid(to_grey(picture))
    chroma = (np.median(values[field.fit]) for values in (field.warm, field.yellow))
    return Scene(
        source.name,
        source.folder,
        kind,
        measure_light(field),
        measure_glare(field),
        measure_skin(field, grid),
        find_ruler(grid.small),
        np.array(list(chroma), np.float64),
    )
