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


def to_grey(bgr: Bgr) -> Grey:
    """Return the luma (height, width) of a BGR picture."""
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)


def near_working(grey: Grey) -> Grey:
    """Halve a grey picture until its long side is below twice the working scale's."""
    while max(grey.shape) >= 2 * WORKING_LONG_SIDE_PX:
        grey = halved(grey)
    return grey


def quarter_grey(grey: Grey) -> Grey:
    """Reduce a grey picture to a quarter of its sides at working scale, by averaging."""
    return _fitted(halved(halved(near_working(grey))), SMALL_LONG_SIDE_PX)


def small_colour(bgr: Bgr) -> Bgr:
    """Return the colour picture with a long side of at most 400 px.

    Each pixel is the mean of four of the picture, not of all: that is a quarter of the time.
    """
    while max(bgr.shape[:2]) >= 8 * SMALL_LONG_SIDE_PX:
        bgr = halved(bgr)
    return _fitted(bgr, SMALL_LONG_SIDE_PX)


def halved(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture of half of each side, each pixel the mean of four."""
    size = (max(1, picture.shape[1] // 2), max(1, picture.shape[0] // 2))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _fitted(picture: NDArray[np.uint8], long_side_px: int) -> NDArray[np.uint8]:
    long_side = max(picture.shape[:2])
    if long_side <= long_side_px:
        return picture
    scale = long_side_px / long_side
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    resized = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)
