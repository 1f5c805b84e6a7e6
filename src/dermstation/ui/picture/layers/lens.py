"""A lens over the whole picture that shows a part of it in full size. GUI thread."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from dermstation.ui.picture.fitting import as_image
from dermstation.ui.picture.layers.layer import Canvas, Layer

DIAMETER_PX = 260
_LEAST_GAIN = 2.0  # a lens must enlarge even a small picture on a large screen
_MIDDLE = QPointF(0.5, 0.5)
_STEP = 0.02


class Lens(Layer):
    """A round lens, initially in the middle, moved by the pointer or the arrow keys."""

    def __init__(self) -> None:
        super().__init__()
        self._at = _MIDDLE

    def forget(self) -> None:
        """Move back to the middle."""
        self._at = _MIDDLE

    def move_to(self, share: QPointF) -> None:
        """Move to a point of the picture."""
        self._at = share

    def move_by(self, right: int, down: int) -> None:
        """Move by steps."""
        at = self._at + QPointF(right, down) * _STEP
        self._at = QPointF(min(max(at.x(), 0.0), 1.0), min(max(at.y(), 0.0), 1.0))

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint each px of the frame on at least one px of the screen."""
        ratio = painter.device().devicePixelRatioF()
        gain = max(1.0 / ratio, _LEAST_GAIN * canvas.scale)  # widget px for a px of the frame
        middle = canvas.to_widget(self._at)
        rim = QRectF(0, 0, DIAMETER_PX, DIAMETER_PX)
        rim.moveCenter(middle)
        path = QPainterPath()
        path.addEllipse(rim)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, QColor(0, 0, 0))
        painter.save()
        painter.setClipPath(path)
        self._paint_inside(painter, canvas, middle, gain)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 160), 5), (QColor(255, 255, 255), 2)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(rim)

    def _paint_inside(
        self, painter: QPainter, canvas: Canvas, middle: QPointF, gain: float
    ) -> None:
        height, width = canvas.pixels.shape[:2]
        step = canvas.full.width() / width * gain  # widget px for a px of the array
        reach = DIAMETER_PX / 2 / step + 1
        x, y = self._at.x() * width, self._at.y() * height
        left, right = max(0, int(x - reach)), min(width, int(x + reach) + 1)
        top, bottom = max(0, int(y - reach)), min(height, int(y + reach) + 1)
        part = np.ascontiguousarray(canvas.pixels[top:bottom, left:right])
        corner = middle + QPointF(left - x, top - y) * step
        size = QPointF((right - left) * step, (bottom - top) * step)
        painter.drawImage(QRectF(corner, corner + size), as_image(part))
