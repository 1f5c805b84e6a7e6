"""Measure sharpness at a slanted edge: MTF50 after ISO 12233. Pure functions on arrays.

The pixels of a strip along the edge, each at its own distance from it, give the edge's profile in
quarters of a pixel; its slope is transformed. The frequency at which half of the contrast is left
is MTF50, in cycles for each pixel.
"""

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

_STEP_PX = 0.25
_REACH_PX = 16.0  # to each side of the edge, if there is room
_LEAST_REACH_PX = 5.0
_LEAST_LENGTH_PX = 16.0
_LEAST_CONTRAST = 0.05
_HALF = 0.5


def mtf50(light: Plane, begin: NDArray[np.float64], end: NDArray[np.float64]) -> float | None:
    """Return MTF50 at the edge near the line from `begin` to `end` (x, y), or None.

    `light` is linear light. None: too short, out of the picture, or without contrast.
    """
    along = end - begin
    length = float(np.hypot(*along))
    reach = min(_REACH_PX, length * 0.3)
    if length < _LEAST_LENGTH_PX or reach < _LEAST_REACH_PX:
        return None
    middle, direction = (begin + end) / 2, along / length
    for _ in range(2):  # the line is found again in the pixels: a lens bends, paper lies uneven
        strip = _strip(light, middle, direction, length * 0.3, reach)
        if strip is None:
            return None
        x, y, value, slope = strip
        middle, direction = _fitted(x, y, slope, direction)
    strip = _strip(light, middle, direction, length * 0.3, reach)
    if strip is None:
        return None
    x, y, value, _ = strip
    distance = (x - middle[0]) * -direction[1] + (y - middle[1]) * direction[0]
    return _of_profile(_profile(distance, value, reach))


def _strip(
    light: Plane,
    middle: NDArray[np.float64],
    direction: NDArray[np.float64],
    half: float,
    reach: float,
) -> tuple[NDArray[np.float64], ...] | None:
    """Return x, y, light and squared slope of the pixels around the line."""
    far = half + reach + 2
    left, top = (int(v) for v in np.floor(middle - far))
    right, bottom = (int(v) for v in np.ceil(middle + far))
    if left < 1 or top < 1 or right >= light.shape[1] - 1 or bottom >= light.shape[0] - 1:
        return None
    y, x = np.mgrid[top : bottom + 1, left : right + 1].astype(np.float64)
    window = light[top - 1 : bottom + 2, left - 1 : right + 2].astype(np.float64)
    down, across = np.gradient(window)
    slope = np.add(down**2, across**2)[1:-1, 1:-1]
    dx, dy = x - middle[0], y - middle[1]
    is_in = (np.abs(dx * direction[0] + dy * direction[1]) <= half) & (
        np.abs(dy * direction[0] - dx * direction[1]) <= reach
    )
    return x[is_in], y[is_in], window[1:-1, 1:-1][is_in], slope[is_in]


def _fitted(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    slope: NDArray[np.float64],
    before: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return middle and direction of the line through the steepest pixels."""
    weight = np.where(slope >= slope.max() * 0.1, slope, 0.0)
    points = np.stack([x, y])
    middle = (points * weight).sum(axis=1) / weight.sum()
    off = points - middle[:, None]
    direction = np.linalg.eigh((off * weight) @ off.T)[1][:, -1]
    return middle, direction if float(direction @ before) >= 0 else -direction


def _profile(
    distance: NDArray[np.float64], value: NDArray[np.float64], reach: float
) -> NDArray[np.float64]:
    """Return the mean light in steps of a quarter of a pixel across the edge."""
    count = int(2 * reach / _STEP_PX)
    place = np.clip(((distance + reach) / _STEP_PX).astype(int), 0, count - 1)
    total = np.bincount(place, value, count)
    hits = np.bincount(place, minlength=count)
    known = hits > 0
    return np.interp(np.arange(count), np.flatnonzero(known), total[known] / hits[known])


def _of_profile(profile: NDArray[np.float64]) -> float | None:
    ends = profile.size // 8
    if abs(profile[-ends:].mean() - profile[:ends].mean()) < _LEAST_CONTRAST:
        return None
    spread = np.diff(profile)
    at = float((np.abs(spread) * np.arange(spread.size)).sum() / np.abs(spread).sum())
    window = 0.54 + 0.46 * np.cos(2 * np.pi * (np.arange(spread.size) - at) / spread.size)
    transfer = np.abs(np.fft.rfft(spread * window, 4 * spread.size))
    frequency = np.fft.rfftfreq(4 * spread.size, _STEP_PX)
    # mean over a step and slope over a step: each takes a little at high frequencies
    transfer = transfer / transfer[0] / np.sinc(frequency * _STEP_PX) ** 2
    below = np.flatnonzero(transfer < _HALF)
    if below.size == 0 or below[0] == 0:
        return None
    last = int(below[0])
    share = (transfer[last - 1] - _HALF) / (transfer[last - 1] - transfer[last])
    return float(frequency[last - 1] + share * (frequency[last] - frequency[last - 1]))
