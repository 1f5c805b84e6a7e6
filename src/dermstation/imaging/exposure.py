"""How well a picture is lit: too dark, too bright, highlights lost, light from one side.

Judges the light that reached the sensor, never the tone of the skin: no mid grey is expected.
Pure functions on arrays; any thread or process.

Skin of every tone reflects red most and differs least in it, so the strongest channel is what
brightness is read from; and it is read from the brightest tenth of the scene, not from its mean.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.codec import Bgr
from dermstation.imaging.tiles import TILE_PX, WORKING_LONG_SIDE_PX, Floats, TileGrid

_CLIPPED_DN = 250
_SAMPLE_STEP_PX = 4
_HIGHLIGHT_PERCENTILE = 90
_SHADOW_PERCENTILE = 5
_SRGB_KNEE = 0.04045
_LEAST_LINEAR = 1e-4  # a third of one grey level
_FIT_ROUNDS = 4
_FIT_KEPT_STOPS = 0.5  # tiles further off the fitted plane are lesion or background, not skin
_LEAST_FITTED_TILES = 12


def _linear_table() -> NDArray[np.float32]:
    """Tabulate linear light of sRGB grey levels 0-255 (IEC 61966-2-1)."""
    value = np.arange(256) / 255
    linear = np.where(value <= _SRGB_KNEE, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


_LINEAR = _linear_table()


@dataclass(frozen=True, slots=True)
class Light:
    """What was measured. Linear values are 0-1; shares are 0-1 of the field of view.

    `highlight_stops` and `shadow_stops` are below saturation (0 is saturated, more is darker);
    `median_linear` is of the strongest channel; `unevenness_stops` is the change of brightness
    along the field's light gradient.
    """

    highlight_stops: float
    shadow_stops: float
    median_linear: float
    clipped_share: float
    unevenness_stops: float


def measure_light(bgr: Bgr, grid: TileGrid) -> Light:
    """Measure the light of a BGR picture; `grid` (of its working grey) shows the dark surround."""
    sample = _sample(bgr)
    field = _field_of_view(sample.shape[:2], grid)
    pixels = sample[field]
    if len(pixels) == 0:
        pixels = sample.reshape(-1, 3)
    strongest = pixels.max(axis=1)
    shadow, median, highlight = _LINEAR[
        np.percentile(strongest, (_SHADOW_PERCENTILE, 50, _HIGHLIGHT_PERCENTILE)).astype(np.intp)
    ]
    return Light(
        highlight_stops=_stops(highlight),
        shadow_stops=_stops(shadow),
        median_linear=float(median),
        clipped_share=float((strongest >= _CLIPPED_DN).mean()),
        unevenness_stops=_unevenness(sample, grid),
    )


def _stops(linear: float) -> float:
    return float(-np.log2(max(float(linear), _LEAST_LINEAR)))


def _sample(bgr: Bgr) -> Bgr:
    """Take single pixels, not means: a mean would hide small lost highlights."""
    scale = min(1.0, WORKING_LONG_SIDE_PX / max(bgr.shape[:2])) / _SAMPLE_STEP_PX
    size = (max(1, round(bgr.shape[1] * scale)), max(1, round(bgr.shape[0] * scale)))
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _field_of_view(shape: tuple[int, ...], grid: TileGrid) -> NDArray[np.bool_]:
    height, width = shape
    if not grid.ring.any():
        return np.ones((height, width), bool)
    lit = (~grid.ring).astype(np.uint8)
    return np.asarray(cv2.resize(lit, (width, height), interpolation=cv2.INTER_NEAREST), bool)


def _unevenness(sample: Bgr, grid: TileGrid) -> float:
    """Fit a plane to the tiles' brightness in stops and give its change across the field.

    Tiles far off the plane (the lesion, a ruler, the couch) are left out in each round.
    """
    rows, columns = grid.mean.shape
    tile = TILE_PX // _SAMPLE_STEP_PX
    height, width = min(rows * tile, sample.shape[0]), min(columns * tile, sample.shape[1])
    if rows * columns < _LEAST_FITTED_TILES:
        return 0.0
    strongest = np.asarray(cv2.LUT(sample[:height, :width].max(axis=2), _LINEAR), np.float32)
    means: Floats = np.asarray(
        cv2.resize(strongest, (columns, rows), interpolation=cv2.INTER_AREA), np.float32
    )
    chosen = grid.usable
    if int(chosen.sum()) < _LEAST_FITTED_TILES:
        return 0.0
    y, x = np.nonzero(chosen)
    stops = np.log2(np.maximum(means[chosen], _LEAST_LINEAR)).astype(np.float64)
    plane = np.column_stack([x, y, np.ones(len(x))]).astype(np.float64)
    kept = np.abs(stops - np.median(stops)) <= 2 * _FIT_KEPT_STOPS
    slope = np.zeros(3)
    for _ in range(_FIT_ROUNDS):
        if int(kept.sum()) < _LEAST_FITTED_TILES:
            return 0.0
        slope = np.linalg.lstsq(plane[kept], stops[kept], rcond=None)[0]
        kept = np.abs(stops - plane @ slope) <= _FIT_KEPT_STOPS
    fitted = plane[kept] @ slope
    return float(np.ptp(fitted)) if len(fitted) else 0.0
