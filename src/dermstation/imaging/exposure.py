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
from dermstation.imaging.scale import Grey
from dermstation.imaging.tiles import Floats, TileGrid

_CLIPPED_DN = 250
_HIGHLIGHT_SHARE = 0.90
_SHADOW_SHARE = 0.05
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


def measure_light(small_bgr: Bgr, grid: TileGrid) -> Light:
    """Measure the light of a small BGR picture; `grid` (of its grey) shows the dark surround."""
    strongest = _strongest_channel(small_bgr)
    levels = _histogram(strongest, grid)
    below = np.cumsum(levels) / max(1.0, float(levels.sum()))
    shadow, median, highlight = _LINEAR[
        np.minimum(np.searchsorted(below, (_SHADOW_SHARE, 0.5, _HIGHLIGHT_SHARE)), 255)
    ]
    return Light(
        highlight_stops=_stops(highlight),
        shadow_stops=_stops(shadow),
        median_linear=float(median),
        clipped_share=float(1 - below[_CLIPPED_DN - 1]),
        unevenness_stops=_unevenness(strongest, grid),
    )


def _stops(linear: float) -> float:
    return float(-np.log2(max(float(linear), _LEAST_LINEAR)))


def _strongest_channel(bgr: Bgr) -> Grey:
    blue, green, red = cv2.split(bgr)
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)


def _histogram(strongest: Grey, grid: TileGrid) -> NDArray[np.float64]:
    """Count the grey levels 0-255 within the field of view."""
    mask = None
    if grid.ring.any() and not grid.ring.all():
        size = (strongest.shape[1], strongest.shape[0])
        lit = (~grid.ring).astype(np.uint8)
        mask = cv2.resize(lit, size, interpolation=cv2.INTER_NEAREST)
    counts = cv2.calcHist([strongest], [0], mask, [256], [0, 256])
    return np.asarray(counts, np.float64).ravel()


def _unevenness(strongest: Grey, grid: TileGrid) -> float:
    """Fit a plane to the tiles' brightness in stops and give its change across the field.

    Tiles far off the plane (the lesion, a ruler, the couch) are left out in each round.
    """
    rows, columns = grid.mean.shape
    if int(grid.usable.sum()) < _LEAST_FITTED_TILES:
        return 0.0
    linear = cv2.LUT(strongest, _LINEAR)
    means: Floats = np.asarray(
        cv2.resize(linear, (columns, rows), interpolation=cv2.INTER_AREA), np.float32
    )
    chosen = grid.usable
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
