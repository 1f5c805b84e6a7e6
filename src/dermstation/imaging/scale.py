"""The fixed scales at which every picture is measured, whatever size it came in.

Detail is measured where the long side is 1600 px, light and colour where it is 400 px, so that a
pixel means the same for a live frame and for a still. Pure functions; any thread or process.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.codec import Bgr

Grey = NDArray[np.uint8]

WORKING_LONG_SIDE_PX = 1600
SMALL_LONG_SIDE_PX = 400
_GREY_AXES = 2


def to_grey(bgr: Bgr) -> Grey:
    """Return the luma (height, width) of a BGR picture."""
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)


def small_colour(bgr: Bgr) -> Bgr:
    """Return the colour picture (height, width, 3) with a long side of at most 400 px.

    Each pixel is the mean of four of the picture, not of all it stands for: that is a fraction of
    the time.
    """
    step = max(1, max(bgr.shape[:2]) // SMALL_LONG_SIDE_PX)  # memory is what takes time here
    return _fitted(bgr[::step], bgr)


def small_grey(grey: Grey) -> Grey:
    """Return a luma picture with a long side of at most 400 px.

    Each pixel is the mean of eight or more of a large picture, spread over the area it stands for:
    the detail that is measured here must not come from what was left out.
    """
    step = max(grey.shape) // (2 * SMALL_LONG_SIDE_PX)
    # rows are left out: two of a row's neighbours tell as much as four of two rows
    return _fitted(halved(grey[::step]) if step else grey, grey)


def luma(picture: NDArray[np.uint8]) -> Grey:
    """Return the luma of a picture that may be one already."""
    return picture if picture.ndim == _GREY_AXES else to_grey(picture)


def halved(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture of half of each side, each pixel the mean of four."""
    height, width = (max(1, side // 2) for side in picture.shape[:2])
    whole = picture[: 2 * height, : 2 * width]  # at whole pairs it is five times as fast
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _fitted(reduced: NDArray[np.uint8], picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Bring what was reduced to a long side of 400 px, in the picture's own proportions."""
    long_side = max(picture.shape[:2])
    if long_side <= SMALL_LONG_SIDE_PX:
        return reduced
    scale = SMALL_LONG_SIDE_PX / long_side
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    resized = cv2.resize(reduced, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)
