"""Draw arrows, rings and covers over a picture, with the mouse or the keyboard. GUI thread.

The picture itself is never touched: only shapes are drawn here, and a copy is made from them later.
Shapes look as they will on the copy, a cover fully opaque.
"""

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter

from dermstation.domain.copies import SHAPES_MOST, SHAPES_OF, CopyKind, Shape, ShapeKind
from dermstation.imaging.marking import stroke_px
from dermstation.ui.picture.overlay import ARROWS
from dermstation.ui.review.shape_painting import box_of, paint_handles, paint_shape
from dermstation.ui.review.shared_zoom import SharedZoom
from dermstation.ui.review.still import Still

_STEP = 0.01  # of the picture, for one arrow key
_FINE_STEP = 0.002
_GRAB_PX = 14.0
_LEAST_PX = 6.0  # a shorter drag counts as a click
_AT_FIRST = (0.4, 0.4, 0.6, 0.6)  # of a shape added by a key
_UNDO_MOST = 100


class DrawingBoard(Still):
    """A picture with shapes over it, one of which is selected."""

    shapes_changed = Signal()

    def __init__(self, zoom: SharedZoom, name: str, kind: CopyKind) -> None:
        super().__init__(zoom, name)
        self.tool: ShapeKind = SHAPES_OF[kind][0]
        self._shapes: list[Shape] = []
        self._before: list[tuple[Shape, ...]] = []
        self._place = -1  # of the selected shape
        self._drag: tuple[str, QPointF] | None = None  # what is dragged, and where it was grabbed
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Return the shapes."""
        return tuple(self._shapes)

    @property
    def can_undo(self) -> bool:
        """Return whether there is a step to undo."""
        return bool(self._before)

    @property
    def chosen_shape(self) -> Shape | None:
        """Return the shape that the keys move, or None."""
        return self._shapes[self._place] if 0 <= self._place < len(self._shapes) else None

    def show_shapes(self, shapes: tuple[Shape, ...]) -> None:
        """Show shapes drawn earlier; there is nothing to undo yet."""
        self._shapes, self._before = list(shapes), []
        self._place = len(shapes) - 1
        self._tell()

    def add(self) -> None:
        """Add a shape of the current tool in the middle, for the keys to move."""
        if len(self._shapes) < SHAPES_MOST and self.has_picture:
            self._note()
            self._append(Shape(self.tool, *_AT_FIRST))

    def undo(self) -> None:
        """Undo the last step."""
        if self._before:
            self._shapes = list(self._before.pop())
            self._place = len(self._shapes) - 1
            self._tell()

    def remove_chosen(self) -> None:
        """Remove the selected shape."""
        if self.chosen_shape is not None:
            self._note()
            del self._shapes[self._place]
            self._place = len(self._shapes) - 1
            self._tell()

    def choose_next(self, by: int = 1) -> None:
        """Select the next shape."""
        if self._shapes:
            self._place = (self._place + by) % len(self._shapes)
            self.update()

    def paint_over(self, painter: QPainter) -> None:
        """Paint the shapes and the handles of the selected one."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stroke = stroke_px(self.area.width(), self.area.height())
        for shape in self._shapes:
            paint_shape(painter, shape, self.to_widget, stroke)
        if (chosen := self.chosen_shape) is not None:
            paint_handles(painter, chosen, self.to_widget)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grab a shape or begin a new one; the right button drags the picture."""
        if event.button() is not Qt.MouseButton.LeftButton or not self.has_picture:
            super().mousePressEvent(event)
            return
        self.chosen.emit()
        at = event.position()
        grabbed = self._grabbed(at)
        if grabbed is not None:
            self._note()
            self._drag = (grabbed, self.to_share(at))
        elif len(self._shapes) < SHAPES_MOST:
            self._note()
            share = self.to_share(at)
            self._append(Shape(self.tool, share.x(), share.y(), share.x(), share.y()))
            self._drag = ("new", share)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what was grabbed."""
        if self._drag is None:
            super().mouseMoveEvent(event)
            return
        what, held = self._drag
        now = self.to_share(event.position())
        moved = now - held
        shape = self._shapes[self._place]
        if what in ("new", "end"):
            shape = replace(shape, x1=now.x(), y1=now.y())
        elif what == "begin":
            shape = replace(shape, x0=now.x(), y0=now.y())
        else:
            shape = _moved(shape, moved.x(), moved.y())
            self._drag = (what, now)
        self._shapes[self._place] = shape
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the drag; a mere click draws nothing."""
        if self._drag is None:
            super().mouseReleaseEvent(event)
            return
        (what, _), self._drag = self._drag, None
        if what == "new" and self._span_px(self._shapes[self._place]) < _LEAST_PX:
            self._shapes = list(self._before.pop())
            self._place = len(self._shapes) - 1
        self._tell()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Treat the second press of a double click as a press."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add, select, move, resize and remove shapes; pass other keys to the picture."""
        key, chosen = event.key(), self.chosen_shape
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_chosen()
        elif key in (Qt.Key.Key_Insert, Qt.Key.Key_N):
            self.add()
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.choose_next(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in ARROWS and chosen is not None:
            self._press_arrow(chosen, event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # the page's button
        else:
            super().keyPressEvent(event)

    def _press_arrow(self, chosen: Shape, event: QKeyEvent) -> None:
        modifiers = event.modifiers()
        fine = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        step = _FINE_STEP if fine else _STEP
        right, down = (one * step for one in ARROWS[event.key()])
        if not event.isAutoRepeat():
            self._note()
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            changed = replace(chosen, x1=_inside(chosen.x1 + right), y1=_inside(chosen.y1 + down))
        else:
            changed = _moved(chosen, right, down)
        self._shapes[self._place] = changed
        self._tell()

    def _append(self, shape: Shape) -> None:
        self._shapes.append(shape)
        self._place = len(self._shapes) - 1
        self._tell()

    def _note(self) -> None:
        self._before.append(self.shapes)
        del self._before[:-_UNDO_MOST]

    def _tell(self) -> None:
        self.shapes_changed.emit()
        self.update()

    def _grabbed(self, at: QPointF) -> str | None:
        """Select the shape below the pointer and return the part grabbed; an end comes first."""
        order = [self._place, *range(len(self._shapes) - 1, -1, -1)]
        for place in order:
            if not 0 <= place < len(self._shapes):
                continue
            shape = self._shapes[place]
            for what, end in (("end", (shape.x1, shape.y1)), ("begin", (shape.x0, shape.y0))):
                if (self.to_widget(*end) - at).manhattanLength() <= _GRAB_PX:
                    self._place = place
                    return what
        for place in order:
            if 0 <= place < len(self._shapes) and self._holds(self._shapes[place], at):
                self._place = place
                return "whole"
        return None

    def _holds(self, shape: Shape, at: QPointF) -> bool:
        if shape.kind is ShapeKind.ARROW:
            return _distance(at, self.to_widget(shape.x0, shape.y0), self._tip(shape)) <= _GRAB_PX
        return box_of(shape, self.to_widget).contains(at)

    def _tip(self, shape: Shape) -> QPointF:
        return self.to_widget(shape.x1, shape.y1)

    def _span_px(self, shape: Shape) -> float:
        return (self._tip(shape) - self.to_widget(shape.x0, shape.y0)).manhattanLength()


def _inside(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _moved(shape: Shape, right: float, down: float) -> Shape:
    """Return the shape moved as far as it stays on the picture."""
    left, upper, far, lower = shape.box
    right = min(max(right, -left), 1 - far)
    down = min(max(down, -upper), 1 - lower)
    return replace(
        shape,
        x0=shape.x0 + right,
        y0=shape.y0 + down,
        x1=shape.x1 + right,
        y1=shape.y1 + down,
    )


def _distance(at: QPointF, begin: QPointF, end: QPointF) -> float:
    """Return the distance in px between a point and a line segment."""
    along = end - begin
    length = QPointF.dotProduct(along, along) or 1.0
    share = _inside(QPointF.dotProduct(at - begin, along) / length)
    apart = at - (begin + along * share)
    return math.hypot(apart.x(), apart.y())
