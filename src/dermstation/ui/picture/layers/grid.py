"""Lines that divide the live picture into thirds. GUI thread."""

from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen

from dermstation.ui.picture.layers.layer import Canvas, Layer

_STROKES = ((QColor(0, 0, 0, 110), 3), (QColor(255, 255, 255, 190), 1))


class Grid(Layer):
    """Two lines down and two across, to hold the lens level and centre the lesion."""

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint the grid over the visible part of the picture."""
        area = canvas.seen
        lines = []
        for share in (1 / 3, 2 / 3):
            x, y = area.x() + share * area.width(), area.y() + share * area.height()
            lines += [QLineF(x, area.top(), x, area.bottom())]
            lines += [QLineF(area.left(), y, area.right(), y)]
        for colour, width in _STROKES:
            painter.setPen(QPen(colour, width))
            painter.drawLines(lines)
