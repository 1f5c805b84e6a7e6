"""The station's own icons, drawn in a colour of the palette. GUI thread."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from dermstation.resources import resource_text
from dermstation.ui.theme import Colour

_SHARP = 2  # drawn at twice the size, for high-resolution screens


_INSIDE = "#ffffff"  # of a sign, as it is drawn in its file


@lru_cache(maxsize=64)
def _svg(name: str, colour: str, inside: str) -> bytes:
    text = resource_text("icons", f"{name}.svg")
    return text.replace(_INSIDE, inside).replace("currentColor", colour).encode()


def draw_icon(painter: QPainter, name: str, colour: str, area: QRectF) -> None:
    """Draw an icon into `area` of the painter's device."""
    drawn = _svg(name, str(colour), Colour.SURFACE.value)
    QSvgRenderer(QByteArray(drawn)).render(painter, area)


def icon(name: str, colour: str, size_px: int = 20) -> QIcon:
    """Return a QIcon for a button; it keeps its colour when the button is disabled."""
    pixmap = QPixmap(size_px * _SHARP, size_px * _SHARP)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw_icon(painter, name, colour, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(_SHARP)
    made = QIcon(pixmap)
    made.addPixmap(pixmap, QIcon.Mode.Disabled)
    return made


class IconBox(QWidget):
    """An icon of a fixed size."""

    def __init__(self, name: str = "", colour: str = Colour.INK, size_px: int = 20) -> None:
        super().__init__()
        self._name = name
        self._colour = str(colour)
        self.setFixedSize(QSize(size_px, size_px))

    def show_icon(self, name: str, colour: str) -> None:
        """Show another icon; an empty name shows none."""
        if (name, str(colour)) != (self._name, self._colour):
            self._name, self._colour = name, str(colour)
            self.update()

    def set_size(self, size_px: int) -> None:
        """Change the size."""
        self.setFixedSize(QSize(size_px, size_px))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        if self._name:
            painter = QPainter(self)
            draw_icon(painter, self._name, self._colour, QRectF(self.rect()))
