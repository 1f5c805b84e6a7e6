"""Fit a frame to the screen: scaled once, in the screen's own format.

GUI thread. A QImage does not own the pixels it was made from, so it is kept together with its
array, or returned together with it; the caller must then keep the array as long as the image.
"""

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

Pixels = NDArray[np.uint8]

_SCREEN_DEPTH = 4  # B, G, R and an unused byte: QImage's RGB32
_MOST_WRAPPED = 4


def as_image(frame: Pixels, *, rgb: bool = False) -> QImage:
    """Return a contiguous array as an image, without copying.

    Shape (height, width) is grey; a third dimension of 3 is BGR or RGB, of 4 is B, G, R, unused.
    """
    height, width = frame.shape[:2]
    if frame.ndim == 2:
        kind = QImage.Format.Format_Grayscale8
    elif frame.shape[2] == _SCREEN_DEPTH:
        kind = QImage.Format.Format_RGB32
    else:
        kind = QImage.Format.Format_RGB888 if rgb else QImage.Format.Format_BGR888
    return QImage(frame.data, width, height, frame.strides[0], kind)


class Fitting:
    """Memory reused for scaling one picture after another: fresh pages would take half the time.

    A picture returned earlier is overwritten by the next one.
    """

    def __init__(self) -> None:
        self._small = np.empty((0, 0, 3), np.uint8)
        self._shown = np.empty((0, 0, _SCREEN_DEPTH), np.uint8)
        self._wrapped: list[tuple[Pixels, QImage]] = []

    def into(self, height: int, width: int, depth: int) -> tuple[Pixels, Pixels]:
        """Return memory for a picture of `depth` colours, and for it in the screen's format."""
        if self._small.shape != (height, width, depth):
            self._small = np.empty((height, width, depth), np.uint8)
        if self._shown.shape[:2] != (height, width):
            self._shown = np.empty((height, width, _SCREEN_DEPTH), np.uint8)
        return self._small, self._shown

    def wrapped(self, frame: Pixels) -> QImage | None:
        """Return a frame in the screen's format as an image, to be scaled while it is painted.

        That is the least work: a single pass over the pixels, which exceed the processor's cache.
        Returns None for another format, whose conversion would cost more than the pass it saves.
        The image is kept, because the third frame after this one will use the same memory.
        """
        if frame.ndim != 3 or frame.shape[2] != _SCREEN_DEPTH:
            return None
        known = next((image for array, image in self._wrapped if array is frame), None)
        if known is None:
            known = as_image(frame)
            self._wrapped = [*self._wrapped[1 - _MOST_WRAPPED :], (frame, known)]
        return known

    def forget(self) -> None:
        """Release the wrapped pixels."""
        self._wrapped = []


def scaled(
    frame: Pixels, size: QSize, *, rgb: bool, well: bool, fitting: Fitting | None = None
) -> tuple[QImage, Pixels]:
    """Scale a frame to a size in device px: fast, or `well` if it will be looked at closely."""
    shrinks = size.width() < frame.shape[1]
    how = cv2.INTER_CUBIC
    if shrinks:
        how = cv2.INTER_AREA if well else cv2.INTER_LINEAR
    room: tuple[Pixels, Pixels] | tuple[None, None] = (None, None)
    if fitting is not None and frame.ndim == 3:
        room = fitting.into(size.height(), size.width(), frame.shape[2])
    small = cv2.resize(frame, (size.width(), size.height()), dst=room[0], interpolation=how)
    pixels = _for_screen(np.asarray(small, np.uint8), room[1], rgb=rgb)
    return as_image(pixels), pixels


def _for_screen(small: Pixels, room: Pixels | None, *, rgb: bool) -> Pixels:
    """Convert to the screen's format, so that painting needs no conversion."""
    if small.ndim == 3 and small.shape[2] == _SCREEN_DEPTH:
        return small
    if small.ndim == 2:
        order = cv2.COLOR_GRAY2BGRA
    else:
        order = cv2.COLOR_RGB2BGRA if rgb else cv2.COLOR_BGR2BGRA
    return np.asarray(cv2.cvtColor(small, order, dst=room), np.uint8)
