"""A millimetre ruler over a picture whose scale is known. GUI thread."""

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dermstation.ui.picture.layers.layer import Canvas, Layer
from dermstation.ui.theme import Space, Type, sized_font
from dermstation.workflow.measuring import Scale

_STROKES = ((QColor(0, 0, 0, 170), 4), (QColor(255, 255, 255), 2))
_TICKS_PX = {10: 22, 5: 16, 1: 10}
_SHARE = 0.62  # of the visible part, so that the notes in the corner stay uncovered
_LEAST_MM_PX = 4.0  # any closer and single millimetres would merge
_BELOW_PX = 84  # space for its numbers, above the notes in the corner


class Ruler(Layer):
    """Millimetres along the lower edge, shown only if there is a scale."""

    def __init__(self) -> None:
        super().__init__()
        self.scale: Scale | None = None

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint as many whole millimetres as fit at the picture's current size."""
        if self.scale is None:
            return
        mm_px = canvas.scale / self.scale.mm_per_px
        seen = canvas.seen
        count = math.floor(seen.width() * _SHARE / mm_px)
        if count < 1:
            return
        step = 1 if mm_px >= _LEAST_MM_PX else 5
        left = seen.center().x() - count * mm_px / 2
        base = seen.bottom() - _BELOW_PX
        lines = [QLineF(left, base, left + count * mm_px, base)]
        for mm in range(0, count + 1, step):
            size = next(px for every, px in _TICKS_PX.items() if mm % every == 0)
            x = left + mm * mm_px
            lines.append(QLineF(x, base, x, base - size))
        for colour, width in _STROKES:
            painter.setPen(QPen(colour, width))
            painter.drawLines(lines)
        self._paint_numbers(painter, QPointF(left, base), count, mm_px)

    def _paint_numbers(self, painter: QPainter, start: QPointF, count: int, mm_px: float) -> None:
        painter.setFont(sized_font(Type.SMALL, bold=True))
        every = next((n for n in (1, 2, 5, 10) if n * mm_px >= 34), 20)
        for mm in range(0, count + 1, every):
            unit = " mm" if mm + every > count else ""
            place = QRectF(start.x() + mm * mm_px - 40, start.y() + 2, 80, 20)
            outlined(painter, place, f"{mm}{unit}")
        if self.scale is not None:
            percent = max(1, round(self.scale.relative_error * 100))
            below = QRectF(start.x(), start.y() + 20, max(80.0, count * mm_px), 20)
            outlined(painter, below, f"\u00b1 {percent} %")


def outlined(painter: QPainter, area: QRectF, text: str) -> None:
    """Paint light text with a dark outline, readable on any background."""
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
    painter.setPen(QColor(0, 0, 0, 200))
    for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1), (1, 1), (-Space.XS / 4, 1)):
        painter.drawText(area.translated(x, y), flags, text)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(area, flags, text)
