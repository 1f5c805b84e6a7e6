"""Tell a layer where the picture lies on the widget. GUI thread.

Places in a picture are shares of its width and height, 0 to 1: they hold for the frame as the
camera gave it and for the smaller one that is shown.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter


@dataclass(frozen=True, slots=True)
class Canvas:
    """What is painted on: the widget, and where on it the whole picture lies.

    An enlarged picture reaches beyond the widget. `full` is the size of the frame as the camera
    gave it, in px; `pixels` may be a smaller decoding of it.
    """

    widget: QRectF
    picture: QRectF
    full: QSizeF
    pixels: NDArray[np.uint8]
    still: bool

    def to_widget(self, share: QPointF) -> QPointF:
        """Find a place of the picture on the widget."""
        x = self.picture.x() + share.x() * self.picture.width()
        y = self.picture.y() + share.y() * self.picture.height()
        return QPointF(x, y)

    def to_share(self, point: QPointF) -> QPointF:
        """Find a point of the widget in the picture, or the nearest one of its edge."""
        x = (point.x() - self.picture.x()) / self.picture.width()
        y = (point.y() - self.picture.y()) / self.picture.height()
        return QPointF(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))

    @property
    def seen(self) -> QRectF:
        """Give the part of the widget that shows the picture."""
        return self.picture.intersected(self.widget)

    @property
    def scale(self) -> float:
        """Give the widget's px for one px of the frame as the camera gave it."""
        return self.picture.width() / self.full.width()


class Layer:
    """One thing painted over the picture; while it is not shown it costs nothing."""

    def __init__(self) -> None:
        self.shown = False

    def forget(self) -> None:
        """Let go of whatever belongs to the picture that was shown."""

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint into the painter of the widget; only called while shown."""
        raise NotImplementedError
