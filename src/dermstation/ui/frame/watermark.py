"""A watermark over every page of the demonstration; clicks pass through it. GUI thread."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from dermstation.ui.theme import sized_font

WORDS = "DEMO"
_SIZE_PX = 150
_SLANT = -18.0
_FAINT = QColor(110, 120, 130, 34)
_RIM = QColor(255, 255, 255, 90)  # visible on pictures, unlike the grey


class Watermark(QWidget):
    """Large faint letters across the middle of the widget below."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Demonstration: the patients are made up")
        self._over = over
        self.setGeometry(over.rect())
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the widget below."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        letters = QPainterPath()
        letters.addText(0, 0, sized_font(_SIZE_PX, bold=True), WORDS)
        letters.translate(-letters.boundingRect().center())
        painter.translate(self.rect().center())
        painter.rotate(_SLANT)
        painter.setPen(_RIM)
        painter.setBrush(_FAINT)
        painter.drawPath(letters)
