"""The two fixed scales at which every picture is measured, whatever size it came in.

Grey detail is measured with the long side at 1600 px, colour and light with it at 400 px, so that
a pixel means the same for a live frame and for a still. Pure functions; any thread or process.
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


def working_grey(grey: Grey) -> Grey:
    """Return the grey picture (height, width) at working scale: long side at most 1600 px.

    Smaller pictures keep their size: enlarging adds no detail.
    """
    return _reduced(grey, WORKING_LONG_SIDE_PX)


def small_colour(bgr: Bgr) -> Bgr:
    """Return the colour picture reduced to a long side of at most 400 px."""
    return _reduced(bgr, SMALL_LONG_SIDE_PX)


def halved(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture of half of each side, each pixel the mean of four."""
    size = (max(1, picture.shape[1] // 2), max(1, picture.shape[0] // 2))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _reduced(picture: NDArray[np.uint8], long_side_px: int) -> NDArray[np.uint8]:
    while max(picture.shape[:2]) >= 2 * long_side_px:
        picture = halved(picture)
    long_side = max(picture.shape[:2])
    if long_side > long_side_px:
        scale = long_side_px / long_side
        height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
        picture = np.asarray(
            cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8
        )
    return picture
