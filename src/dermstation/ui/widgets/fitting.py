"""Make of a frame what the screen can take at once: scaled once, in the screen's own format.

GUI thread. A QImage does not own the pixels it was made of: each is returned with its array, which
must be kept as long as it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

Pixels = NDArray[np.uint8]


def as_image(frame: Pixels, *, rgb: bool = False) -> QImage:
    """Wrap a contiguous (height, width, 3) or (height, width) array; nothing is copied."""
    height, width = frame.shape[:2]
    if frame.ndim == 2:
        kind = QImage.Format.Format_Grayscale8
    else:
        kind = QImage.Format.Format_RGB888 if rgb else QImage.Format.Format_BGR888
    return QImage(frame.data, width, height, frame.strides[0], kind)


class Fitting:
    """The memory in which one picture after another is scaled: fresh pages would cost half of it.

    A picture that was given out is overwritten by the next.
    """

    def __init__(self) -> None:
        self._small = np.empty((0, 0, 3), np.uint8)
        self._shown = np.empty((0, 0, 4), np.uint8)

    def into(self, height: int, width: int, depth: int) -> tuple[Pixels, Pixels]:
        """Return room for a picture of `depth` colours, and for it in the screen's format."""
        if self._small.shape != (height, width, depth):
            self._small = np.empty((height, width, depth), np.uint8)
        if self._shown.shape[:2] != (height, width):
            self._shown = np.empty((height, width, 4), np.uint8)
        return self._small, self._shown


def scaled(
    frame: Pixels, size: QSize, *, rgb: bool, well: bool, fitting: Fitting | None = None
) -> tuple[QImage, Pixels]:
    """Scale a frame to a size in device px: fast, or `well` where it is looked at closely."""
    shrinks = size.width() < frame.shape[1]
    how = cv2.INTER_AREA if well and shrinks else cv2.INTER_LINEAR
    room: tuple[Pixels, Pixels] | tuple[None, None] = (None, None)
    if fitting is not None and frame.ndim == 3:
        room = fitting.into(size.height(), size.width(), frame.shape[2])
    small = cv2.resize(frame, (size.width(), size.height()), dst=room[0], interpolation=how)
    if frame.ndim == 2:
        order = cv2.COLOR_GRAY2BGRA
    else:
        order = cv2.COLOR_RGB2BGRA if rgb else cv2.COLOR_BGR2BGRA
    pixels = np.asarray(cv2.cvtColor(small, order, dst=room[1]), np.uint8)
    stride = pixels.strides[0]
    kind = QImage.Format.Format_RGB32  # no conversion is left to the painting
    return QImage(pixels.data, size.width(), size.height(), stride, kind), pixels
