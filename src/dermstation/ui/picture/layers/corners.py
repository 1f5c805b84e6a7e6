"""Short notes in the lower left corner of the picture's area. GUI thread."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap

from dermstation.ui.theme import Colour, Space, Type, sized_font

_PILL = QColor(15, 22, 28, 215)


def paint_corner(painter: QPainter, widget: QSize, texts: Sequence[str]) -> None:
    """Paint each text on a dark pill, from left to right, in rows from the bottom up."""
    ratio = _ratio(painter)
    for at, pill in _row(tuple(texts), widget.width(), widget.height(), ratio):
        painter.drawPixmap(at, pill)


@lru_cache(maxsize=64)
def _row(
    texts: tuple[str, ...], width: int, height: int, ratio: float
) -> tuple[tuple[QPointF, QPixmap], ...]:
    """Place and draw texts once; at thirty times a second it would cost as much as the picture."""
    font = sized_font(Type.SMALL)
    metrics = QFontMetrics(font)
    tall = metrics.height() + Space.S
    left, top = float(Space.M), float(height - tall - Space.M)
    placed = []
    for text in texts:
        wide = metrics.horizontalAdvance(text) + 2 * Space.M
        if left + wide > width - Space.M and left > Space.M:
            left, top = float(Space.M), top - tall - Space.XS
        placed.append((QPointF(left, top), _pill(text, font.toString(), wide, tall, ratio)))
        left += wide + Space.S
    return tuple(placed)


def paint_pill(painter: QPainter, area: QRectF, text: str) -> None:
    """Paint one text in the middle of a dark pill."""
    font = painter.font().toString()
    pill = _pill(text, font, area.width(), area.height(), _ratio(painter))
    painter.drawPixmap(area.topLeft(), pill)


def _ratio(painter: QPainter) -> float:
    device = painter.device()
    return device.devicePixelRatioF() if device is not None else 1.0


@lru_cache(maxsize=64)
def _pill(text: str, font: str, width: float, height: float, ratio: float) -> QPixmap:
    """Draw a text once; at thirty times a second it would cost more than scaling the picture."""
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
