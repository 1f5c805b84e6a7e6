"""The base of the layers, and the canvas that they paint on. GUI thread.

Points of a picture are shares of its width and height, from 0 to 1: they apply to the frame from
the camera and to the smaller one that is shown.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter


@dataclass(frozen=True, slots=True)
class Canvas:
    """The widget to paint on, and the area of the whole picture on it.

    An enlarged picture extends beyond the widget. `full` is the size in px of the frame from the
    camera; `pixels` may have been decoded smaller.
    """

    widget: QRectF
    picture: QRectF
    full: QSizeF
    pixels: NDArray[np.uint8]
    still: bool

    def to_widget(self, share: QPointF) -> QPointF:
        """Return the point of the widget for a point of the picture."""
        x = self.picture.x() + share.x() * self.picture.width()
        y = self.picture.y() + share.y() * self.picture.height()
        return QPointF(x, y)

    def to_share(self, point: QPointF) -> QPointF:
        """Return the point of the picture for a point of the widget, or the nearest on its edge."""
        x = (point.x() - self.picture.x()) / self.picture.width()
        y = (point.y() - self.picture.y()) / self.picture.height()
        return QPointF(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))

    @property
    def seen(self) -> QRectF:
        """Return the part of the widget that shows the picture."""
        return self.picture.intersected(self.widget)

    @property
    def scale(self) -> float:
        """Return the widget px for one px of the frame from the camera."""
        return self.picture.width() / self.full.width()


class Layer:
    """The base of the layers over the picture; a hidden layer costs nothing."""

    def __init__(self) -> None:
        self.shown = False

    def forget(self) -> None:
        """Drop whatever belongs to the picture that was shown."""

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint with the widget's painter; only called while shown."""
        raise NotImplementedError
