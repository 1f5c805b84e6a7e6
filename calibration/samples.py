"""Make degraded copies of the training pictures and measure their focus inputs.

Copies differ in base scale, blur and camera, so that small and reduced pictures behave like large
ones. They are split by source picture, never by copy. Work is spread over processes; the same seeds
give the same samples with any number of processes.
"""

import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.composites import with_scale
from calibration.degrade import (
    Camera,
    Linear,
    blurred,
    disk,
    drawn_odd_camera,
    linear_of,
    shake,
    taken,
)
from calibration.sources import SKIN_FOLDERS, Source, read
from dermstation.domain.shots import ShotKind
from dermstation.imaging.bands import Values
from dermstation.imaging.focus import FocusInputs, focus_inputs
from dermstation.imaging.tiles import tile_grid

# disk radii in px; sharp ones and those at the limit are repeated
RADII_PX = (
    *(0, 0, 0, 0.5, 0.8, 1, 1, 1, 1.25, 1.5, 1.5, 1.75, 2, 2.25, 2.5, 3, 3, 3, 3.5, 4, 5, 5),
    *(6.5, 8, 8, 11, 16, 22, 30),
)
SHAKES_PX = (3, 5, 8, 8, 10, 12, 12, 14, 16, 16, 16, 16, 18, 20, 22, 25)
# the same beside a dermatoscope's own scale, which stays sharp
SCALE_RADII_PX = (0, 0.5, 1, 1, 1.5, 2, 2.5, 3, 3, 4, 5, 8)
SCALE_SHAKES_PX = (5, 8, 8, 10, 12, 16, 16, 22)
STANDARD_SHARE = 0.2
LEAST_SIDE_PX = 400
_LUMA_NOISE = 0.67  # of a channel's noise remains in the weighted sum of three
_BASE_SCALES = ((1.0, 1.0), (0.55, 0.8), (0.35, 0.55))


@dataclass(frozen=True, slots=True)
class Samples:
    """All copies, as arrays of n: model inputs (n, k) and what was done to each copy.

    `joined` (n, 2 k) are the inputs of the instrument's network, NaN for copies with too few tiles.
    `blur_px` is the radius of a disk or the length of a shake. `scale` is the index of the base
    scale. `beside_scale` is True for copies with a sharp scale over the skin.
    """

    inputs: Values
    joined: Values
    names: NDArray[np.str_]
    folders: NDArray[np.str_]
    blur_px: Values
    shaken: NDArray[np.bool_]
    standard: NDArray[np.bool_]
    scale: NDArray[np.int64]
    beside_scale: NDArray[np.bool_]

    @property
    def radius_px(self) -> Values:
        """Return the radius of the disk that spreads light as far as the blur of each sample."""
        return np.where(self.shaken, self.blur_px / np.sqrt(6), self.blur_px)


def draw_samples(chosen: Sequence[Source], *, seed: int, copies: float, workers: int) -> Samples:
    """Return the degraded copies of `chosen`; `copies` below 1 makes fewer of each, for tests."""
    jobs = [(source, seed, copies) for source in chosen]
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            parts = list(pool.map(_samples_of, jobs))
    else:
        parts = [_samples_of(job) for job in jobs]
    rows = [row for part in parts for row in part]
    inputs, joined, names, folders, blur, shaken, standard, scale, beside = zip(*rows, strict=True)
    return Samples(
        np.array(inputs),
        np.array(joined),
        np.array(names),
        np.array(folders),
        np.array(blur, np.float64),
        np.array(shaken),
        np.array(standard),
        np.array(scale),
        np.array(beside),
    )


_Row = tuple[Values, Values, str, str, float, bool, bool, int, bool]


def _samples_of(job: tuple[Source, int, float]) -> list[_Row]:
    source, seed, copies = job
    cv2.setNumThreads(1)
    rng = np.random.default_rng([seed, zlib.crc32(source.name.encode())])
    # detail is measured only on luma, so degrading only the luma saves two thirds of the time
    whole = np.asarray(cv2.cvtColor(read(source), cv2.COLOR_BGR2GRAY), np.uint8)
    rows: list[_Row] = []
    for place, (least, most) in enumerate(_BASE_SCALES):
        scale = float(rng.uniform(least, most))
        if place and scale * max(whole.shape) < LEAST_SIDE_PX:
            continue
        base = whole
        if scale < 1:
            area = cv2.resize(whole, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            base = np.asarray(area, np.uint8)
        linear = linear_of(base)
        for blur_px, shaken, beside in _plan(source.folder, copies):
            standard = bool(rng.random() < STANDARD_SHARE)
            camera = Camera() if standard else drawn_odd_camera(rng)
            degraded = _degraded(linear, blur_px, shaken, rng)
            inputs = _inputs(with_scale(degraded, rng) if beside else degraded, camera, rng)
            if inputs.features is None:
                continue
            joined = np.full(2 * len(inputs.features), np.nan)
            joined = joined if inputs.plain is None else inputs.plain
            done = (blur_px, shaken, standard, place, beside)
            rows.append((inputs.features, joined, source.name, source.folder, *done))
    return rows


def _plan(folder: str, copies: float) -> list[tuple[float, bool, bool]]:
    """Return what to do to each copy: blur in px, whether it is shake, whether to add a scale."""
    plan = [(float(radius), False, False) for radius in RADII_PX]
    plan += [(float(length), True, False) for length in SHAKES_PX]
    if folder == SKIN_FOLDERS[ShotKind.DERMOSCOPIC]:
        plan += [(float(radius), False, True) for radius in SCALE_RADII_PX]
        plan += [(float(length), True, True) for length in SCALE_SHAKES_PX]
    return plan[:: max(1, round(1 / copies))]


def _degraded(linear: Linear, blur_px: float, shaken: bool, rng: np.random.Generator) -> Linear:
    if shaken:
        return blurred(linear, shake(blur_px, float(rng.uniform(0, np.pi))))
    return blurred(linear, disk(blur_px)) if blur_px > 0 else linear


def _inputs(linear: Linear, camera: Camera, rng: np.random.Generator) -> FocusInputs:
    quieter = Camera(
        camera.ev,
        camera.noise_dn * _LUMA_NOISE,
        camera.jpeg_quality,
        camera.ring,
        camera.sharpening,
        camera.grain_px,
        camera.stripes,
    )
    return focus_inputs(tile_grid(taken(linear, quieter, rng)))
