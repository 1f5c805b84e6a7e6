"""CIE colours of sRGB values, and the difference CIEDE2000 between two of them. Pure functions.

CIEDE2000 as in G. Sharma, W. Wu, E. N. Dalal, Color Research and Application 30 (2005), 21-30,
whose published pairs are the tests. sRGB as in IEC 61966-2-1, white D65.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Colours = NDArray[np.float64]

_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = _TO_XYZ.sum(axis=1)
_KNEE = 0.04045
_LAB_KNEE = (6 / 29) ** 3
_SEVEN = 25.0**7
_TURN, _HALF_TURN = 360.0, 180.0  # degrees


def to_linear(srgb: ArrayLike) -> Colours:
    """Return linear light, 0 to 1, of sRGB values, 0 to 1."""
    values = np.asarray(srgb, np.float64)
    return np.where(values <= _KNEE, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def to_lab(linear_rgb: ArrayLike) -> Colours:
    """Return CIELAB (D65) of linear light, (..., 3) as R, G, B."""
    xyz = np.asarray(linear_rgb, np.float64) @ _TO_XYZ.T / _WHITE
    xyz = np.maximum(xyz, 0.0)
    root = np.where(xyz > _LAB_KNEE, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def luminance(linear_rgb: ArrayLike) -> Colours:
    """Return the luminance Y of linear light, (..., 3) as R, G, B."""
    return np.asarray(np.asarray(linear_rgb, np.float64) @ _TO_XYZ[1])


def delta_e(one: ArrayLike, other: ArrayLike) -> Colours:
    """Return CIEDE2000 between CIELAB colours, (..., 3) each."""
    first, second = np.asarray(one, np.float64), np.asarray(other, np.float64)
    plain = (np.hypot(first[..., 1], first[..., 2]) + np.hypot(second[..., 1], second[..., 2])) / 2
    gain = 1.5 - 0.5 * np.sqrt(plain**7 / (plain**7 + _SEVEN))
    light, chroma, hue = _polar(first, gain)
    light2, chroma2, hue2 = _polar(second, gain)
    product = chroma * chroma2
    turn = np.where(product == 0, 0.0, (hue2 - hue + _HALF_TURN) % _TURN - _HALF_TURN)
    d_hue = 2 * np.sqrt(product) * np.sin(np.radians(turn) / 2)
    mean_light, mean_chroma = (light + light2) / 2, (chroma + chroma2) / 2
    mean_hue = _mean_hue(hue, hue2, product)
    off = (mean_light - 50) ** 2
    by_light = (light2 - light) / (1 + 0.015 * off / np.sqrt(20 + off))
    by_chroma = (chroma2 - chroma) / (1 + 0.045 * mean_chroma)
    by_hue = d_hue / (1 + 0.015 * mean_chroma * _hue_term(mean_hue))
    spread = np.radians(30) * np.exp(-(((mean_hue - 275) / 25) ** 2))
    rotation = -2 * np.sqrt(mean_chroma**7 / (mean_chroma**7 + _SEVEN)) * np.sin(2 * spread)
    return np.asarray(
        np.sqrt(by_light**2 + by_chroma**2 + by_hue**2 + rotation * by_chroma * by_hue)
    )


def _polar(lab: Colours, gain: Colours) -> tuple[Colours, Colours, Colours]:
    a = lab[..., 1] * gain
    hue = np.degrees(np.arctan2(lab[..., 2], a)) % _TURN
    return lab[..., 0], np.hypot(a, lab[..., 2]), hue


def _mean_hue(hue: Colours, hue2: Colours, product: Colours) -> Colours:
    total = hue + hue2
    wrapped = np.where(total < _TURN, total + _TURN, total - _TURN)
    mean = np.where(np.abs(hue - hue2) > _HALF_TURN, wrapped, total) / 2
    return np.where(product == 0, total, mean)


def _hue_term(hue: Colours) -> Colours:
    angle = np.radians(hue)
    return np.asarray(
        1
        - 0.17 * np.cos(angle - np.radians(30))
        + 0.24 * np.cos(2 * angle)
        + 0.32 * np.cos(3 * angle + np.radians(6))
        - 0.20 * np.cos(4 * angle - np.radians(63))
    )
