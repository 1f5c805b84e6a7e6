"""A small version of a picture: colours as stops of light, and the field of view without surround.

Exposure, colour and framing are measured on it. Pure functions; any thread or process.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.codec import Bgr
from dermstation.imaging.ranks import ranked
from dermstation.imaging.scale import small_colour
from dermstation.imaging.tiles import Floats, Mask

_TINY_LONG_SIDE_PX = 100
_NEARLY_TWICE = 1.8
_DARK_DN = 25.0  # limit for a dermatoscope's dark surround; lower in a dark picture
_DARK_SHARE = 0.3
_RIM = np.ones((5, 5), np.uint8)
_CLIPPED_DN = 252
_LEAST_DN = 6  # below this, a colour is mostly noise
_LEAST_PIXELS = 50
_SRGB_KNEE = 0.04045
_LEAST_LINEAR = 1e-4  # a third of one grey level


def _linear_table() -> Floats:
    """Return the linear light of sRGB grey levels 0-255 (IEC 61966-2-1)."""
    value = np.arange(256) / 255
    linear = np.where(value <= _SRGB_KNEE, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


LINEAR = _linear_table()
_STOPS = np.log2(np.maximum(LINEAR, _LEAST_LINEAR)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Field:
    """The small picture (at most 400 px), the tiny one (about 100 px) and their field of view.

    `stops` (rows, columns, 3) is the tiny picture's B, G and R in stops relative to saturation (0
    is saturated, darker is negative). `warm`, `yellow` and `strongest` (rows, columns) are red over
    green, green over blue, and the largest of the three. `lit` is False in a dark surround; `fit`
    is False there and wherever the tiny picture is clipped or black. `is_whole` is True if there is
    no surround.
    """

    small: Bgr
    small_lit: NDArray[np.uint8]
    stops: Floats
    warm: Floats
    yellow: Floats
    strongest: Floats
    lit: Mask
    fit: Mask
    is_whole: bool

    @property
    def dark_share(self) -> float:
        """Return the share of the picture that is dark surround."""
        return 1.0 - float(self.lit.mean())


def field_of(bgr: Bgr) -> Field:
    """Return the small version of a BGR picture, reduced or not, with its field of view."""
    small = small_colour(bgr)
    tiny = small
    while max(tiny.shape[:2]) >= _TINY_LONG_SIDE_PX * _NEARLY_TWICE:
        # at half size this averages four pixels, in a fifth of the time of INTER_AREA
        size = (max(1, tiny.shape[1] // 2), max(1, tiny.shape[0] // 2))
        tiny = np.asarray(cv2.resize(tiny, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    blue, green, red = cv2.split(tiny)
    strongest = np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)
    surround = _surround(strongest)
    lit = ~surround
    is_whole = bool(lit.all())
    if not is_whole:  # the rim of the field is only partly lit
        lit = np.asarray(cv2.erode(lit.astype(np.uint8), _RIM)) > 0
        lit = lit if lit.any() else ~surround
    fit = lit & (strongest < _CLIPPED_DN) & (strongest > _LEAST_DN)
    if np.count_nonzero(fit) < _LEAST_PIXELS:
        fit = np.ones_like(lit)
    stops = np.asarray(cv2.LUT(tiny, _STOPS), np.float32)
    return Field(
        small=small,
        small_lit=np.ones(small.shape[:2], np.uint8) if is_whole else _at_size(lit, small),
        stops=stops,
        warm=stops[..., 2] - stops[..., 1],
        yellow=stops[..., 1] - stops[..., 0],
        strongest=np.asarray(cv2.LUT(strongest, _STOPS), np.float32),
        lit=lit,
        fit=fit,
        is_whole=is_whole,
    )


def _at_size(lit: Mask, small: Bgr) -> NDArray[np.uint8]:
    size = (small.shape[1], small.shape[0])
    resized = cv2.resize(lit.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(resized, np.uint8)


def _surround(strongest: NDArray[np.uint8]) -> Mask:
    """Find dark pixels connected to a corner of the picture: surround, not a dark lesion."""
    limit = min(_DARK_DN, _DARK_SHARE * ranked(strongest, 0.75))
    dark = (strongest < limit).astype(np.uint8)
    corners = [(0, 0), (0, -1), (-1, 0), (-1, -1)]
    if not any(dark[corner] for corner in corners):
        return np.zeros(dark.shape, bool)
    _, labels = cv2.connectedComponents(dark, connectivity=8)
    joined = {int(labels[corner]) for corner in corners} - {0}
    surround = np.isin(labels, list(joined))
    return surround if not surround.all() else np.zeros(dark.shape, bool)
