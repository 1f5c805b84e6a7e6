"""A watermark over every page of the demonstration; clicks pass through it. GUI thread."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPixmap, QTransform
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
        self._drawn = QPixmap()
        self._corner = QPoint()  # of the drawing, seen from the middle
        self.setGeometry(over.rect())
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the widget below."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the letters, which are drawn once: the picture below changes 30 times a second."""
        ratio = self.devicePixelRatioF()
        if self._drawn.isNull() or self._drawn.devicePixelRatio() != ratio:
            self._draw(ratio)
        QPainter(self).drawPixmap(self.rect().center() + self._corner, self._drawn)

    def _draw(self, ratio: float) -> None:
        letters = QPainterPath()
        letters.addText(0, 0, sized_font(_SIZE_PX, bold=True), WORDS)
        letters.translate(-letters.boundingRect().center())
        letters = QTransform().rotate(_SLANT).map(letters)
        area = letters.boundingRect().toAlignedRect().adjusted(-1, -1, 1, 1)  # and the rim
        self._corner = area.topLeft()
        self._drawn = QPixmap(area.size() * ratio)
        self._drawn.setDevicePixelRatio(ratio)
        self._drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-self._corner)
        painter.setPen(_RIM)
        painter.setBrush(_FAINT)
        painter.drawPath(letters)
        painter.end()
