"""Whether a camera still shows the scene at all: black, white, or with its colours swapped.

A driver may go on sending whole, new, punctual pictures that are none. Judges a small colour
picture, against the last good one where it must: swapped colours are seen as a sudden exchange of
blue and red while everything stays where it was. Pure functions; any thread or process.
"""

from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

Thumbnail = NDArray[np.int16]

_SIZE = (16, 12)
_SAMPLES = 72  # along the shorter side
_BLACK_DN, _WHITE_DN = 12, 243  # every area of the picture beyond
_CHANGED_DN = 10.0
_LIKE_SHARE = 0.4  # with blue and red exchanged it is that much nearer to what it was


class PictureFault(StrEnum):
    """What is wrong with what a camera shows."""

    BLACK = "black"
    WHITE = "white"
    SWAPPED = "swapped"


def thumbnail(bgr: NDArray[np.uint8]) -> Thumbnail:
    """Reduce a BGR picture to (12, 16, 3), by the means of samples of its areas."""
    step = max(1, min(bgr.shape[:2]) // _SAMPLES)
    samples = np.ascontiguousarray(bgr[::step, ::step])
    return np.asarray(cv2.resize(samples, _SIZE, interpolation=cv2.INTER_AREA), np.int16)


def difference(one: Thumbnail, other: Thumbnail) -> float:
    """Give the mean absolute difference of two thumbnails in grey levels."""
    return float(np.abs(one - other).mean())


def fault_of(bgr: NDArray[np.uint8], reference: Thumbnail | None) -> PictureFault | None:
    """Judge a small BGR picture; `reference` is the thumbnail of the last one without fault."""
    return fault_in(thumbnail(bgr), reference)


def fault_in(now: Thumbnail, reference: Thumbnail | None) -> PictureFault | None:
    """Judge a picture by its thumbnail."""
    if int(now.max()) < _BLACK_DN:
        return PictureFault.BLACK
    if int(now.min()) > _WHITE_DN:
        return PictureFault.WHITE
    return PictureFault.SWAPPED if is_swapped(now, reference) else None


def is_swapped(now: Thumbnail, reference: Thumbnail | None) -> bool:
    """Tell whether blue and red were exchanged since `reference`."""
    if reference is None:
        return False
    change = difference(now, reference)
    exchanged = difference(np.asarray(now[:, :, ::-1]), reference)
    return change > _CHANGED_DN and exchanged < _LIKE_SHARE * change
