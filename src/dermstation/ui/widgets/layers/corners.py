"""Write short notes into the lower left corner of the picture's place. GUI thread."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap

from dermstation.ui.theme import Colour, Space, Type, sized_font

_PILL = QColor(15, 22, 28, 215)


def paint_corner(painter: QPainter, widget: QRectF, texts: Sequence[str]) -> None:
    """Paint each text on a dark ground of its own, from left to right, in rows from below."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(sized_font(Type.SMALL))
    metrics = painter.fontMetrics()
    height = metrics.height() + Space.S
    left, top = float(Space.M), widget.height() - height - Space.M
    for text in texts:
        width = metrics.horizontalAdvance(text) + 2 * Space.M
        if left + width > widget.width() - Space.M and left > Space.M:
            left, top = float(Space.M), top - height - Space.XS
        paint_pill(painter, QRectF(left, top, width, height), text)
        left += width + Space.S


def paint_pill(painter: QPainter, area: QRectF, text: str) -> None:
    """Paint one text in the middle of a dark rounded ground."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    font = painter.font()
    pill = _pill(text, font.toString(), area.width(), area.height(), ratio)
    painter.drawPixmap(area.topLeft(), pill)


@lru_cache(maxsize=64)
def _pill(text: str, font: str, width: float, height: float, ratio: float) -> QPixmap:
    """Draw a text once; thirty times a second it would cost more than the picture's scaling."""
    pill = QPixmap(ceil(width * ratio), ceil(height * ratio))
    pill.setDevicePixelRatio(ratio)
    pill.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pill)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = QRectF(0, 0, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_PILL)
    painter.drawRoundedRect(area, height / 2, height / 2)
    used = QFont()
    used.fromString(font)
    painter.setFont(used)
    painter.setPen(QColor(Colour.ON_DARK.value))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return pill
