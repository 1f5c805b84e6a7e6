"""The how-to drawings, scaled to a given width in their own proportions. GUI thread.

A drawing adds nothing to the words of its step; screen readers get a description of it.
"""

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from dermstation.resources import resource_bytes
from dermstation.ui.parts.topics import FOLDER

WIDTH, HEIGHT = 320, 200  # of every drawing


class Drawing(QWidget):
    """A drawing, `width_px` wide."""

    def __init__(self, name: str, shows: str, width_px: int = WIDTH) -> None:
        super().__init__()
        svg = resource_bytes(FOLDER, f"{name}.svg")
        self._renderer = QSvgRenderer(QByteArray(svg), self)
        self.setAccessibleName(shows)
        self.setFixedSize(QSize(width_px, round(width_px * HEIGHT / WIDTH)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._renderer.render(painter, QRectF(self.rect()))
