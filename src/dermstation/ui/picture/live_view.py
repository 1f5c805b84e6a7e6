"""The view of the newest picture, as large as fits, or a large message why there is none.

GUI thread. Pixels arrive only by `show_image`, never through a signal: each picture replaces the
previous one, whether or not that was painted, so that no queue can grow. Pixels are not copied: the
caller must not change an array after passing it. Everything over the picture is painted by layers,
each in a module of its own; a layer that is off costs nothing.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dermstation.ui.picture.fitting import Fitting, as_image, scaled
from dermstation.ui.picture.layers.corners import paint_corner
from dermstation.ui.picture.layers.layer import Canvas, Layer
from dermstation.ui.picture.layers.message import paint_message
from dermstation.ui.picture.overlay import ARROWS, Overlay
from dermstation.ui.picture.placement import Placed, Placement
from dermstation.ui.theme import Colour

_PAN_STEP_PX = 60
_CLICK_SLOP_PX = 4
_USUAL = 4 / 3


class LiveView(QWidget):
    """A picture on a dark background, with layers, its age, a message over it, and a zoom."""

    zoom_changed = Signal()
    proportion_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._frame: NDArray[np.uint8] | None = None
        self._full = QSizeF()
        self._proportion = 0.0
        self._rgb = False
        self._fitted: tuple[QImage, NDArray[np.uint8]] | None = None
        self._fitting = Fitting()
        self._still = False
        self._rough = False
        self._message: tuple[str, ...] = ()
        self._age = ""
        self._note = ""
        self._placement = Placement()
        self._placed: Placed | None = None
        self._pressed_at: QPointF | None = None
        self._dragged = False
        self._caption = ""
        self.over = Overlay()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 144)
        self.setAccessibleName("Live picture")

    def set_shown(self, layer: Layer, shown: bool) -> None:
        """Show or hide a layer."""
        if layer.shown != shown:
            layer.shown = shown
            self.setMouseTracking(self.over.lens.shown)
            self.update()

    def show_image(
        self,
        frame: NDArray[np.uint8],
        *,
        rgb: bool = False,
        still: bool = False,
        full: tuple[int, int] | None = None,
        now: bool = False,
        rough: bool = False,
    ) -> None:
        """Show an array of shape (height, width, 3), BGR unless `rgb`, or (height, width).

        The shape may also be (height, width, 4): B, G, R and unused, the screen's format. A `still`
        is scaled well unless it is shown in a hurry (`rough`), a live picture fast. `full` is the
        width and height of the frame from the camera, if the array was decoded smaller. `now`
        paints at once, because a picture that waits in a busy window gets old.
        """
        height, width = frame.shape[:2]
        size = QSizeF(*(full or (width, height)))
        is_next = self._frame is not None and size == self._full and still == self._still
        self._rough = rough
        self._frame, self._rgb, self._full = np.ascontiguousarray(frame), rgb, size
        self._fitted = None
        if not is_next:
            self._placed = None
            self._note_proportion(live=not still)
        if still != self._still:
            self._still = still
            self._show_whole()
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if still else Qt.FocusPolicy.NoFocus)
            self.setAccessibleName("Held picture" if still else "Live picture")
        # repaint only the picture if it replaces one of the same size
        place = self._place().rect if is_next else self.rect()
        (self.repaint if now else self.update)(place)

    def clear(self) -> None:
        """Remove the picture and release its pixels at once."""
        self._frame = self._fitted = None
        self._fitting.forget()
        self._show_whole()
        self.over.forget()
        self.update()

    def show_message(self, *lines: str) -> None:
        """Show lines over the dimmed picture, the first one large; no lines hide the message."""
        if (shown := tuple(line for line in lines if line)) != self._message:
            self._message = shown
            self.setAccessibleDescription(" ".join(shown))
            self.update()

    def set_caption(self, words: str) -> None:
        """Set the caption in the corner; by default a still is captioned "Held picture"."""
        self._caption = words
        self.update()

    def show_age(self, words: str) -> None:
        """Show the age of the picture in a corner; an empty text shows nothing."""
        if words != self._age:
            self._age = words
            self.update()

    def show_note(self, words: str) -> None:
        """Show short good news in a corner; an empty text shows nothing."""
        if words != self._note:
            self._note = words
            self.update()

    def toggle_zoom(self, at: QPointF | None = None) -> None:
        """Switch between the whole picture and one enlarged around a point of the widget."""
        if self._frame is None:
            return
        self._placement.toggle(self._canvas().to_share(at) if at is not None else None)
        self._placed = None
        self.update()
        self.zoom_changed.emit()

    def press_arrow(self, key: int, *, far: bool = False) -> bool:
        """Move marks, lens or enlarged picture by an arrow key; return whether anything moved."""
        if key not in ARROWS or self._frame is None:
            return False
        if self.over.arrow(key, self._canvas(), far=far):
            self.update()
            return True
        if not self.zoomed:
            return False
        right, down = ARROWS[key]
        self._pan(right * _PAN_STEP_PX, down * _PAN_STEP_PX)
        return True

    @property
    def full(self) -> QSizeF:
        """Return the size in px of the frame as it came from the camera."""
        return self._full

    @property
    def proportion(self) -> float:
        """Return the width for a height of 1 that suits the live pictures, so that none jumps."""
        return self._proportion or _USUAL

    @property
    def picture_place(self) -> QRect:
        """Return where the picture is on the widget."""
        return self._place().rect

    @property
    def zoomed(self) -> bool:
        """Return whether the picture is enlarged."""
        return self._placement.enlarged

    @property
    def wanted_width(self) -> int:
        """Return the width in px that a frame needs to look as good as the screen allows."""
        if self.zoomed or self.over.lens.shown:
            return int(self._full.width())
        if self._frame is None:
            return round(self.width() * self.devicePixelRatioF())
        placed = self._place()
        return round(placed.area.width() * placed.ratio)

    @property
    def message(self) -> tuple[str, ...]:
        """Return the lines shown over the picture."""
        return self._message

    @property
    def age(self) -> str:
        """Return the text of the picture's age."""
        return self._age

    @property
    def note(self) -> str:
        """Return the good news in the corner."""
        return self._note

    @property
    def frame(self) -> NDArray[np.uint8] | None:
        """Return the array that is shown."""
        return self._frame

    @property
    def is_still(self) -> bool:
        """Return whether a still picture is shown, not a live one."""
        return self._still

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(960, 540)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        placed, frame = self._place(), self._frame
        painter.setClipRegion(placed.ground if frame is not None else self.rect())
        painter.fillRect(placed.widget, QColor(Colour.DARK.value))
        painter.setClipping(False)
        if frame is not None:
            self._paint_picture(painter, frame, placed)
            if not self._message:
                canvas = Canvas(placed.widget, placed.area, self._full, frame, self._still)
                self.over.paint(painter, canvas)
        if self._message:
            paint_message(painter, placed.widget, self._message)
        else:
            paint_corner(painter, placed.size, self._corner_words(placed.ratio))
        if self.hasFocus():
            painter.setPen(QPen(QColor(Colour.FOCUS.value), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grab a mark, or begin a click or a drag."""
        if self._frame is not None and self.over.press(event.position(), self._canvas()):
            self.update()
            return
        self._pressed_at = event.position()
        self._dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag a mark or the enlarged picture, or move the lens."""
        if self._frame is None:
            return
        if self.over.drag(event.position(), self._canvas()):
            self.update()
        elif self._pressed_at is not None:
            moved = event.position() - self._pressed_at
            if self._dragged or moved.manhattanLength() > _CLICK_SLOP_PX:
                self._dragged = True
                self._pressed_at = event.position()
                self._pan(-moved.x(), -moved.y())
        elif self.over.hover(event.position(), self._canvas()):
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Zoom on a click."""
        if self.over.release():
            return
        if self._pressed_at is not None and not self._dragged:
            self.toggle_zoom(event.position())
        self._pressed_at = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the arrow keys, in larger steps with Shift."""
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if not self.press_arrow(event.key(), far=far):
            super().keyPressEvent(event)

    def _note_proportion(self, *, live: bool) -> None:
        found = self._full.width() / max(1.0, self._full.height())
        if found != self._proportion and (live or not self._proportion):
            self._proportion = found
            self.proportion_changed.emit()

    def _show_whole(self) -> None:
        if self.zoomed:
            self._placement.reset()
            self._placed = None
            self.zoom_changed.emit()

    def _room(self) -> QSizeF:
        return QSizeF(self.size())

    def _canvas(self) -> Canvas:
        pixels = self._frame if self._frame is not None else np.empty((0, 0), np.uint8)
        placed = self._place()
        return Canvas(placed.widget, placed.area, self._full, pixels, self._still)

    def _place(self) -> Placed:
        size, ratio = self.size(), self.devicePixelRatioF()
        placed = self._placed
        if placed is None or placed.size != size or placed.ratio != ratio:
            area = self._placement.area(self._room(), self._full, ratio)
            placed = self._placed = Placed(size, ratio, area)
        return placed

    def _pan(self, right_px: float, down_px: float) -> None:
        if self.zoomed and self._frame is not None:
            self._placement.pan(right_px, down_px, self._room(), self._canvas().picture)
            self._placed = None
            self.update()

    def _paint_picture(self, painter: QPainter, frame: NDArray[np.uint8], placed: Placed) -> None:
        if self.zoomed:
            painter.drawImage(placed.area, as_image(frame, rgb=self._rgb))
            return
        enlarges = frame.shape[1] < placed.px.width()
        whole = None if self._still or enlarges else self._fitting.wrapped(frame)
        if whole is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(placed.fitted, whole)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            return
        if self._fitted is None or self._fitted[0].size() != placed.px:
            live = None if self._still else self._fitting
            well = self._still and not self._rough
            self._fitted = scaled(frame, placed.px, rgb=self._rgb, well=well, fitting=live)
            self._fitted[0].setDevicePixelRatio(placed.ratio)
        painter.drawImage(placed.corner, self._fitted[0])

    def _corner_words(self, ratio: float) -> list[str]:
        if not self._still:
            shown = [self._age] if self._age and self._frame is not None else []
            if shown and self.zoomed:
                shown.append(f"{self._percent(ratio)} %  \u00b7  Z: whole picture")
            return [*shown, self._note] if self._note else shown
        caption = self._caption or "Held picture"
        if self.zoomed:
            return [caption, f"{self._percent(ratio)} %  \u00b7  Z or click: whole picture"]
        return [caption, "Z or click: zoom in"]

    def _percent(self, ratio: float) -> int:
        return round(self._placement.scale(self._room(), self._full, ratio) * 100)
