"""A mark in the middle of the live picture. GUI thread."""

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from dermstation.ui.picture.layers.layer import Canvas, Layer

_STROKES = ((QColor(0, 0, 0, 130), 4), (QColor(255, 255, 255, 210), 2))
_FROM_PX, _TO_PX = 10, 26
_REACH_PX = _TO_PX + 4
_MIDDLE = QPointF(0.5, 0.5)


class Reticle(Layer):
    """Four short lines that leave the middle itself uncovered."""

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint it over a live picture only; a held one is there to be looked at."""
        if canvas.still:
            return
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        middle = canvas.to_widget(_MIDDLE)
        corner = QPointF(round(middle.x()) - _REACH_PX, round(middle.y()) - _REACH_PX)
        painter.drawPixmap(corner, _drawn(ratio))


@lru_cache(maxsize=4)
def _drawn(ratio: float) -> QPixmap:
    """Draw the lines once; at thirty times a second each of them would cost time."""
    drawn = QPixmap(ceil(2 * _REACH_PX * ratio), ceil(2 * _REACH_PX * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    for colour, width in _STROKES:
        painter.setPen(QPen(colour, width))
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            way, middle = QPointF(x, y), QPointF(_REACH_PX, _REACH_PX)
            painter.drawLine(QLineF(middle + way * _FROM_PX, middle + way * _TO_PX))
    painter.end()
    return drawn
