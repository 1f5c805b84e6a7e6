"""A large message over the dimmed picture: why there is none, or why it cannot be taken.

GUI thread.
"""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from dermstation.ui.theme import Colour, Space, Type, sized_font

_VEIL = QColor(15, 22, 28, 205)
_WIDEST_PX = 720


def paint_message(painter: QPainter, widget: QRectF, lines: tuple[str, ...]) -> None:
    """Dim the widget and paint the lines in its middle, the first one large."""
    painter.fillRect(widget, _VEIL)
    painter.setPen(QColor(Colour.ON_DARK.value))
    room = widget.toRect()
    width = min(room.width() - 2 * Space.XL, _WIDEST_PX)
    flags = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignHCenter.value
    fonts = [sized_font(Type.TITLE, bold=True)]
    fonts += [sized_font(Type.HEADING)] * (len(lines) - 1)
    heights = []
    for font, line in zip(fonts, lines, strict=True):
        painter.setFont(font)
        needed = painter.boundingRect(QRect(0, 0, width, room.height()), flags, line)
        heights.append(needed.height() + Space.M)
    top = (room.height() - sum(heights)) // 2
    left = (room.width() - width) // 2
    for font, line, height in zip(fonts, lines, heights, strict=True):
        painter.setFont(font)
        painter.drawText(QRect(left, top, width, height), flags, line)
        top += height
