"""Show a stored picture, whole or zoomed together with the pictures beside it. GUI thread.

The pixels are not copied: the caller must not change the array afterwards.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dermstation.ui.picture.fitting import as_image, scaled
from dermstation.ui.picture.overlay import ARROWS
from dermstation.ui.review.shared_zoom import STEP, SharedZoom
from dermstation.ui.theme import Colour, Type, sized_font

_PAN_SHARE = 0.08  # of the visible part, for one arrow key
_CLICK_SLOP_PX = 4
_LEAST = QSize(150, 110)
_WHEEL_NOTCH = 120
_CLOSER = (Qt.Key.Key_Plus, Qt.Key.Key_Equal)
_FURTHER = (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)


class Still(QWidget):
    """A picture on a dark ground, or words that say why there is none."""

    chosen = Signal()  # by a click or the focus
    opened = Signal()  # by a double click or Enter
    stepped = Signal(int)  # by an arrow key at zoom 1: to the previous or next picture

    def __init__(self, zoom: SharedZoom, name: str) -> None:
        super().__init__()
        self._zoom = zoom
        self._pixels: NDArray[np.uint8] | None = None
        self._image = QImage()
        self._fitted: tuple[QImage, NDArray[np.uint8]] | None = None
        self._words = "Loading\u2026"
        self._is_chosen = False
        self._is_dim = False
        self._held_at: QPointF | None = None
        self._is_dragging = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(_LEAST)
        zoom.changed.connect(self.update)

    def show_pixels(self, pixels: NDArray[np.uint8]) -> None:
        """Show an upright array of shape (height, width, 3), BGR."""
        self._pixels = np.ascontiguousarray(pixels)
        self._image = as_image(self._pixels)
        self._fitted = None
        self.update()

    def show_words(self, words: str) -> None:
        """Show why there is no picture."""
        self._pixels, self._image, self._fitted = None, QImage(), None
        self._words = words
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        """Show whether the tools act on this picture."""
        self._is_chosen = chosen
        self.update()

    def set_dim(self, dim: bool) -> None:
        """Dim a picture that is left out."""
        self._is_dim = dim
        self.update()

    @property
    def has_picture(self) -> bool:
        """Return whether there is a picture."""
        return not self._image.isNull()

    @property
    def area(self) -> QRectF:
        """Return the rectangle of the whole picture on the widget; it may extend beyond it."""
        full = QSizeF(self._image.size()) if self.has_picture else QSizeF(self.size())
        return self._zoom.area(QSizeF(self.size()), full)

    def to_share(self, point: QPointF) -> QPointF:
        """Return the place in the picture at a point of the widget, or the nearest one in it."""
        area = self.area
        x = (point.x() - area.x()) / area.width()
        y = (point.y() - area.y()) / area.height()
        return QPointF(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))

    def to_widget(self, x: float, y: float) -> QPointF:
        """Return the point of the widget above a place in the picture."""
        area = self.area
        return QPointF(area.x() + x * area.width(), area.y() + y * area.height())

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(480, 360)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(Colour.DARK.value))
        if not self.has_picture:
            painter.setPen(QColor(Colour.ON_DARK.value))
            painter.setFont(sized_font(Type.SMALL))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(12, 12, -12, -12), flags, self._words)
        else:
            painter.setOpacity(0.35 if self._is_dim else 1.0)
            self._paint_picture(painter)
            painter.setOpacity(1.0)
            self.paint_over(painter)
        self._paint_frame(painter)

    def paint_over(self, painter: QPainter) -> None:
        """Paint over the picture; a subclass may do so."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the picture that the keys act on."""
        super().focusInEvent(event)
        self.chosen.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom in or out at the pointer."""
        notches = event.angleDelta().y() / _WHEEL_NOTCH
        self._zoom.zoom_by(STEP**notches, self.to_share(event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the picture and begin to drag it."""
        self._held_at, self._is_dragging = event.position(), False
        self.chosen.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the zoomed pictures."""
        if self._held_at is None:
            return
        moved = event.position() - self._held_at
        if self._is_dragging or moved.manhattanLength() > _CLICK_SLOP_PX:
            self._is_dragging = True
            self._held_at = event.position()
            area = self.area
            self._zoom.pan(-moved.x() / area.width(), -moved.y() / area.height())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Finish the drag."""
        self._held_at = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Switch between this picture alone and all of them."""
        self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle plus, minus, zero, the arrow keys and Enter."""
        key = event.key()
        if key in _CLOSER:
            self._zoom.zoom_by(STEP)
        elif key in _FURTHER:
            self._zoom.zoom_by(1 / STEP)
        elif key == Qt.Key.Key_0:
            self._zoom.show_whole()
        elif key in ARROWS:
            self._on_arrow(*ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def _on_arrow(self, right: int, down: int) -> None:
        if self._zoom.is_whole:
            self.stepped.emit(right or down)
        else:
            step = _PAN_SHARE / self._zoom.factor
            self._zoom.pan(right * step, down * step)

    def _paint_picture(self, painter: QPainter) -> None:
        area = self.area
        if not self._zoom.is_whole or self._pixels is None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            seen = area.intersected(QRectF(self.rect()))
            share_x, share_y = (
                self._image.width() / area.width(),
                self._image.height() / area.height(),
            )
            source = QRectF(
                (seen.x() - area.x()) * share_x,
                (seen.y() - area.y()) * share_y,
                seen.width() * share_x,
                seen.height() * share_y,
            )
            painter.drawImage(seen, self._image, source)
            return
        ratio = self.devicePixelRatioF()
        size = (area.size() * ratio).toSize().expandedTo(QSize(1, 1))
        if self._fitted is None or self._fitted[0].size() != size:
            self._fitted = scaled(self._pixels, size, rgb=False, well=True)
            self._fitted[0].setDevicePixelRatio(ratio)
        painter.drawImage(area.topLeft(), self._fitted[0])

    def _paint_frame(self, painter: QPainter) -> None:
        colour = Colour.FOCUS if self.hasFocus() or self._is_chosen else None
        if colour is not None:
            painter.setPen(QPen(QColor(colour.value), 5 if self.hasFocus() else 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
