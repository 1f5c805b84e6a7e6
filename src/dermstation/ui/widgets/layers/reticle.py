"""Mark the middle of the live picture. GUI thread."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from dermstation.ui.widgets.layers.layer import Canvas, Layer

_STROKES = ((QColor(0, 0, 0, 130), 4), (QColor(255, 255, 255, 210), 2))
_FROM_PX, _TO_PX = 10, 26


class Reticle(Layer):
    """Four short lines that leave the middle itself free."""

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint it over a live picture alone: a held one is for looking at."""
        if canvas.still:
            return
        middle = canvas.to_widget(QPointF(0.5, 0.5))
        for colour, width in _STROKES:
            painter.setPen(QPen(colour, width))
            for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                way = QPointF(x, y)
                painter.drawLine(middle + way * _FROM_PX, middle + way * _TO_PX)
