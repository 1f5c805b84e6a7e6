"""Check whether a camera still shows a usable scene, or one that is black, white or colour-swapped.

A driver may keep sending complete, new, punctual pictures that are useless. Judges a small colour
picture, and compares it with the last good one to detect swapped colours: blue and red are suddenly
exchanged while everything else stays the same. Pure functions; any thread or process.
"""

from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

Thumbnail = NDArray[np.int16]

_SIZE = (16, 12)
_SAMPLES = 72  # along the shorter side
_BLACK_DN, _WHITE_DN = 12, 243  # every area of the picture is darker, or brighter, than this
_CHANGED_DN = 10.0
_LIKE_SHARE = 0.4  # exchanging blue and red reduces the difference to less than this share


class PictureFault(StrEnum):
    """A fault of the camera's picture."""

    BLACK = "black"
    WHITE = "white"
    SWAPPED = "swapped"


def thumbnail(bgr: NDArray[np.uint8]) -> Thumbnail:
    """Reduce a BGR picture to (12, 16, 3) by averaging samples of each area."""
    step = max(1, min(bgr.shape[:2]) // _SAMPLES)
    samples = np.ascontiguousarray(bgr[::step, ::step])
    return np.asarray(cv2.resize(samples, _SIZE, interpolation=cv2.INTER_AREA), np.int16)


def difference(one: Thumbnail, other: Thumbnail) -> float:
    """Return the mean absolute difference of two thumbnails in grey levels."""
    return float(np.abs(one - other).mean())


def fault_of(bgr: NDArray[np.uint8], reference: Thumbnail | None) -> PictureFault | None:
    """Judge a small BGR picture; `reference` is the thumbnail of the last faultless one."""
    return fault_in(thumbnail(bgr), reference)


def fault_in(now: Thumbnail, reference: Thumbnail | None) -> PictureFault | None:
    """Judge a picture by its thumbnail; `reference` as for `fault_of`."""
    if int(now.max()) < _BLACK_DN:
        return PictureFault.BLACK
    if int(now.min()) > _WHITE_DN:
        return PictureFault.WHITE
    return PictureFault.SWAPPED if is_swapped(now, reference) else None


def is_swapped(now: Thumbnail, reference: Thumbnail | None) -> bool:
    """Return whether blue and red were exchanged since `reference`."""
    if reference is None:
        return False
    change = difference(now, reference)
    exchanged = difference(np.asarray(now[:, :, ::-1]), reference)
    return change > _CHANGED_DN and exchanged < _LIKE_SHARE * change
