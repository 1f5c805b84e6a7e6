"""Measure how a picture is lit: too dark, too bright, lost highlights, light from one side.

Measures the light that reached the sensor, not the tone of the skin: no mid grey is expected. Pure
functions on arrays; any thread or process.

Skin of every tone reflects red most, and tones differ least in red. Brightness is therefore read
from the strongest channel, and from the brightest tenth of the scene rather than from its mean.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.field import LINEAR, Field
from dermstation.imaging.ranks import ranked

_CLIPPED_DN = 250
_HIGHLIGHT_SHARE = 0.90
_SHADOW_SHARE = 0.05
_LEAST_LINEAR = 1e-4  # a third of one grey level
_PALE_STOPS = 1.2  # red over blue of most light skin, under the white balance of common cameras
# melanosomes take 371 of red and 965 of blue per cm (S. L. Jacques, "Skin Optics", 1998, at 600 and
# 450 nm): for each stop by which red gains on blue, red itself loses 0.63
_PIGMENT_SLOPE = 0.63
_MOST_PIGMENT_STOPS = 0.5  # warm lamps and red lesions look alike
_CELL_PX = 5  # side of a cell of the tiny picture, averaged for the fit
_FIT_ROUNDS = 3
_RIDGE = 1e-3
_IDENTITY = np.eye(6)
_FIT_KEPT_STOPS = 0.5  # cells further from the fitted light are lesion or background, not skin
_LEAST_FITTED_CELLS = 24


@dataclass(frozen=True, slots=True)
class Light:
    """The measured light. Linear values are 0-1; shares are 0-1 of the field of view.

    `highlight_stops` and `shadow_stops` are stops below saturation (0 is saturated, more is
    darker). `median_linear` is that of the strongest channel. `clipped_share` is the mean of
    `clipped_by_channel` (B, G, R), because losing red alone comes first and matters least.
    `unevenness_stops` is the range of the fitted brightness over the field.
    """

    highlight_stops: float
    shadow_stops: float
    median_linear: float
    clipped_share: float
    clipped_by_channel: tuple[float, float, float]
    unevenness_stops: float


def measure_light(field: Field) -> Light:
    """Measure the light of a picture from its small version."""
    # a quarter of the pixels is enough for counting
    size = tuple(max(1, side // 2) for side in field.small_lit.shape[::-1])
    channels = cv2.split(cv2.resize(field.small, size, interpolation=cv2.INTER_NEAREST))
    lit = cv2.resize(field.small_lit, size, interpolation=cv2.INTER_NEAREST)
    strongest = cv2.max(cv2.max(channels[0], channels[1]), channels[2])
    below = _cumulated(strongest, lit)
    ranks = below.searchsorted((_SHADOW_SHARE, 0.5, _HIGHLIGHT_SHARE)).tolist()
    shadow, median, highlight = (float(LINEAR[min(rank, 255)]) for rank in ranks)
    by_channel = (0.0, 0.0, 0.0)
    if below[_CLIPPED_DN - 1] < 1:
        blue, green, red = (_clipped_share(channel, lit) for channel in channels)
        by_channel = (blue, green, red)
    return Light(
        highlight_stops=_stops(highlight),
        shadow_stops=_stops(shadow),
        median_linear=median,
        clipped_share=sum(by_channel) / len(by_channel),
        clipped_by_channel=by_channel,
        unevenness_stops=_unevenness(field),
    )


def pigment_stops(red_over_blue: float) -> float:
    """Return how much darker than light skin the scene's own pigment makes it in red, in stops.

    Melanin takes more blue than red, and what it takes of red is in proportion to that. Dim light
    takes both alike. `red_over_blue` is the field's median in stops.
    """
    return min(_MOST_PIGMENT_STOPS, _PIGMENT_SLOPE * max(0.0, red_over_blue - _PALE_STOPS))


def _stops(linear: float) -> float:
    return max(0.0, -math.log2(max(linear, _LEAST_LINEAR)))


def _cumulated(channel: cv2.typing.MatLike, lit: cv2.typing.MatLike) -> NDArray[np.float64]:
    """Return the share of the field at or below each grey level 0-255."""
    counts = cv2.calcHist([channel], [0], lit, [256], [0, 256])
    below = np.asarray(counts, np.float64).ravel().cumsum()
    return np.asarray(below / max(1.0, float(below[-1])))


def _clipped_share(channel: cv2.typing.MatLike, lit: cv2.typing.MatLike) -> float:
    clipped = cv2.threshold(channel, _CLIPPED_DN - 1, 1, cv2.THRESH_BINARY)[1]
    return cv2.countNonZero(cv2.bitwise_and(clipped, lit)) / max(1, cv2.countNonZero(lit))


def _unevenness(field: Field) -> float:
    """Fit a low-order surface to the brightness in stops and return its range over the field.

    Each round leaves out cells far from the surface (the lesion, a ruler, the couch).
    """
    rows, columns = (max(1, side // _CELL_PX) for side in field.strongest.shape)
    resized = cv2.resize(field.strongest, (columns, rows), interpolation=cv2.INTER_AREA)
    values = np.asarray(resized, np.float64).ravel()
    surface = _surface(rows, columns)
    if not field.is_whole:
        lit = field.lit.astype(np.float32)
        lit = np.asarray(cv2.resize(lit, (columns, rows), interpolation=cv2.INTER_AREA))
        places = lit.ravel() > 0.99  # noqa: PLR2004 - fully lit
        values, surface = values[places], surface[places]
    if len(values) < _LEAST_FITTED_CELLS:
        return 0.0
    kept = np.abs(values - ranked(values, 0.5)) <= 2 * _FIT_KEPT_STOPS
    fitted = values
    for _ in range(_FIT_ROUNDS):
        chosen = surface[kept]
        if len(chosen) < _LEAST_FITTED_CELLS:
            return 0.0
        # normal equations: six well-scaled unknowns, and far faster than an SVD
        normal = chosen.T @ chosen + (_RIDGE * len(chosen)) * _IDENTITY
        weights = cv2.solve(normal, chosen.T @ values[kept], flags=cv2.DECOMP_CHOLESKY)[1]
        fitted = surface @ weights[:, 0]
        before, kept = kept, np.abs(values - fitted) <= _FIT_KEPT_STOPS
        if np.array_equal(kept, before):  # another round would give the same
            break
    inside = fitted[kept]
    return float(inside.max() - inside.min()) if inside.size else 0.0


@lru_cache(maxsize=4)  # the live view needs the same one ten times a second
def _surface(rows: int, columns: int) -> NDArray[np.float64]:
    """Return 1, x, y, x2, xy, y2 for each cell, x and y from -1 to 1: (rows * columns, 6)."""
    row, column = np.mgrid[:rows, :columns]
    x, y = 2 * column / columns - 1, 2 * row / rows - 1
    surface: NDArray[np.float64] = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    surface = surface.reshape(rows * columns, -1)
    surface.setflags(write=False)
    return surface
