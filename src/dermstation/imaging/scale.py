"""The fixed scales at which every picture is measured, whatever its size.

Detail is measured with a long side of 1600 px, light and colour with 400 px, so that a pixel means
the same for a live frame and a still. Pure functions; any thread or process.
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

    Each pixel is the mean of four pixels of the picture rather than of its whole area, which takes
    a fraction of the time.
    """
    step = max(1, max(bgr.shape[:2]) // SMALL_LONG_SIDE_PX)  # reading memory takes most of the time
    return _fitted(bgr[::step], bgr)


def small_grey(grey: Grey) -> Grey:
    """Return the luma picture with a long side of at most 400 px.

    In a large picture each pixel is the mean of eight or more pixels spread over its area, because
    skipping more of them would add false detail to what is measured here.
    """
    step = max(grey.shape) // (2 * SMALL_LONG_SIDE_PX)
    # rows may be skipped: two neighbours in one row say as much as four in two rows
    return _fitted(halved(grey[::step]) if step else grey, grey)


def luma(picture: NDArray[np.uint8]) -> Grey:
    """Return the luma of a picture, which may be luma already."""
    return picture if picture.ndim == _GREY_AXES else to_grey(picture)


def halved(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture at half size, each pixel the mean of four."""
    height, width = (max(1, side // 2) for side in picture.shape[:2])
    whole = picture[: 2 * height, : 2 * width]  # whole pairs make it five times as fast
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _fitted(reduced: NDArray[np.uint8], picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Scale `reduced` to a long side of 400 px in the proportions of `picture`."""
    long_side = max(picture.shape[:2])
    if long_side <= SMALL_LONG_SIDE_PX:
        return reduced
    scale = SMALL_LONG_SIDE_PX / long_side
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    resized = cv2.resize(reduced, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)
