"""Make degraded copies of the training pictures and measure their focus inputs.

Copies differ in base scale, blur and camera, so that small and reduced pictures behave like large
ones. They are split by source picture, never by copy. Work is spread over processes; the same seeds
give the same samples with any number of processes.
"""

import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.composites import before_background, with_scale
from calibration.degrade import (
    Camera,
    Linear,
    Picture,
    blurred,
    disk,
    drawn_odd_camera,
    drawn_wide_camera,
    linear_of,
    noise_bank,
    noise_dn,
    shake,
    taken,
)
from calibration.sources import NO_SKIN_FOLDER, SKIN_FOLDERS, Source, read
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
# the same before a room in focus
BACKGROUND_RADII_PX = (0, 0, 0.5, 1, 1, 1.5, 2, 3, 3, 4, 5, 8)
STANDARD_SHARE, ODD_SHARE, COMPOSED_ODD_SHARE = 0.15, 0.25, 0.45  # the rest is widened
LEAST_SIDE_PX = 400
_LUMA_NOISE = 0.67  # of a channel's noise remains in the weighted sum of three
_BASE_SCALES = ((1.0, 1.0), (0.55, 0.8), (0.35, 0.55))


@dataclass(frozen=True, slots=True)
class Samples:
    """All copies, as arrays of n: model inputs (n, k) and what was done to each copy.

    `joined` (n, 3 k) are the inputs of the doubters' networks, NaN for copies with too few tiles.
    `blur_px` is the radius of a disk or the length of a shake. `noise_dn` is the sensor's noise.
    `is_wide` is True for cameras of the widened protocol. `scale` is the index of the base scale.
    `is_composed` is True for copies with a sharp scale over the skin or a sharp room behind.
    """

    inputs: Values
    joined: Values
    names: NDArray[np.str_]
    folders: NDArray[np.str_]
    blur_px: Values
    shaken: NDArray[np.bool_]
    standard: NDArray[np.bool_]
    is_wide: NDArray[np.bool_]
    noise_dn: Values
    scale: NDArray[np.int64]
    is_composed: NDArray[np.bool_]

    @property
    def radius_px(self) -> Values:
        """Return the radius of the disk that spreads light as far as the blur of each sample."""
        return np.where(self.shaken, self.blur_px / np.sqrt(6), self.blur_px)


def draw_samples(chosen: Sequence[Source], *, seed: int, copies: float, workers: int) -> Samples:
    """Return the degraded copies of `chosen`; `copies` below 1 makes fewer of each, for tests."""
    rooms = [source for source in chosen if source.folder == NO_SKIN_FOLDER]
    jobs = [(source, rooms, seed, copies) for source in chosen]
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            parts = list(pool.map(_samples_of, jobs))
    else:
        parts = [_samples_of(job) for job in jobs]
    columns = zip(*(row for part in parts for row in part), strict=True)
    return Samples(*(np.array(column) for column in columns))


_Row = tuple[Values, Values, str, str, float, bool, bool, bool, float, int, bool]


def _samples_of(job: tuple[Source, Sequence[Source], int, float]) -> list[_Row]:
    source, rooms, seed, copies = job
    cv2.setNumThreads(1)
    rng = np.random.default_rng([seed, zlib.crc32(source.name.encode())])
    whole = _luma(source)
    is_near = source.folder == SKIN_FOLDERS[ShotKind.CLOSEUP]
    behind = [linear_of(_luma(room)) for room in rooms] if is_near else []
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
        for blur_px, shaken, composed in _plan(source.folder, copies):
            camera, standard, is_wide = _drawn(rng, composed=composed)
            light = _degraded(linear, blur_px, shaken, rng)
            if composed and behind:
                room = behind[int(rng.integers(len(behind)))]
                light = before_background(light, room, blur_px, rng)
            elif composed and not is_near:
                light = with_scale(light, rng)
            inputs = _inputs(light, camera, rng)
            if inputs.features is None:
                continue
            joined = np.full(3 * len(inputs.features), np.nan)
            joined = joined if inputs.plain is None else inputs.plain
            done = (blur_px, shaken, standard, is_wide, noise_dn(camera), place, composed)
            rows.append((inputs.features, joined, source.name, source.folder, *done))
    return rows


def _luma(source: Source) -> Picture:
    # detail is measured only on luma, so degrading only the luma saves two thirds of the time
    return np.asarray(cv2.cvtColor(read(source), cv2.COLOR_BGR2GRAY), np.uint8)


def _drawn(rng: np.random.Generator, *, composed: bool) -> tuple[Camera, bool, bool]:
    """Return a random camera, whether it is the standard one, and whether it is a widened one."""
    place = rng.random()
    if place < STANDARD_SHARE:
        return Camera(), True, False
    odd = COMPOSED_ODD_SHARE if composed else ODD_SHARE
    if place < STANDARD_SHARE + odd:
        return drawn_odd_camera(rng), False, False
    return drawn_wide_camera(rng), False, True


def _plan(folder: str, copies: float) -> list[tuple[float, bool, bool]]:
    """Return what to do to each copy: blur in px, whether it is shake, whether to compose it."""
    plan = [(float(radius), False, False) for radius in RADII_PX]
    plan += [(float(length), True, False) for length in SHAKES_PX]
    if folder == SKIN_FOLDERS[ShotKind.DERMOSCOPIC]:
        plan += [(float(radius), False, True) for radius in SCALE_RADII_PX]
        plan += [(float(length), True, True) for length in SCALE_SHAKES_PX]
    if folder == SKIN_FOLDERS[ShotKind.CLOSEUP]:
        plan += [(float(radius), False, True) for radius in BACKGROUND_RADII_PX]
    return plan[:: max(1, round(1 / copies))]


def _degraded(linear: Linear, blur_px: float, shaken: bool, rng: np.random.Generator) -> Linear:
    if shaken:
        return blurred(linear, shake(blur_px, float(rng.uniform(0, np.pi))))
    return blurred(linear, disk(blur_px)) if blur_px > 0 else linear


def _inputs(linear: Linear, camera: Camera, rng: np.random.Generator) -> FocusInputs:
    in_luma = replace(
        camera, noise_dn=camera.noise_dn * _LUMA_NOISE, sigma=camera.sigma * _LUMA_NOISE
    )
    picture = taken(linear, in_luma, rng, noise_bank())
    return focus_inputs(tile_grid(picture))
