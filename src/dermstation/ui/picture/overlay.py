"""The layers over the picture, and how they respond to pointer and keys. GUI thread."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from dermstation.ui.picture.layers.ghost import Ghost
from dermstation.ui.picture.layers.grid import Grid
from dermstation.ui.picture.layers.layer import Canvas, Layer
from dermstation.ui.picture.layers.lens import Lens
from dermstation.ui.picture.layers.marks import Marks
from dermstation.ui.picture.layers.peaking import Peaking
from dermstation.ui.picture.layers.reticle import Reticle
from dermstation.ui.picture.layers.ruler import Ruler
from dermstation.ui.picture.layers.trouble import Trouble

_FAR_PX = 10  # an arrow key with Shift
ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Overlay:
    """The layers, from the lowest to the highest."""

    def __init__(self) -> None:
        self.ghost = Ghost()
        self.peaking = Peaking()
        self.trouble = Trouble()
        self.grid = Grid()
        self.reticle = Reticle()
        self.ruler = Ruler()
        self.marks = Marks()
        self.lens = Lens()
        self._layers: tuple[Layer, ...] = (
            *(self.ghost, self.peaking, self.trouble, self.grid),
            *(self.reticle, self.ruler, self.marks, self.lens),
        )
        self._grasped = False

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint the layers that are shown."""
        for layer in self._layers:
            if layer.shown:
                painter.save()
                layer.paint(painter, canvas)
                painter.restore()

    def forget(self) -> None:
        """Drop what belongs to the picture that was shown."""
        for layer in self._layers:
            layer.forget()

    def press(self, point: QPointF, canvas: Canvas) -> bool:
        """Grab the mark at a point; return whether there is one."""
        self._grasped = self.marks.shown and self.marks.grasp(point, canvas)
        return self._grasped

    def drag(self, point: QPointF, canvas: Canvas) -> bool:
        """Move the grabbed mark; return whether there is one."""
        if self._grasped:
            self.marks.move_to(canvas.to_share(point))
        return self._grasped

    def release(self) -> bool:
        """Release the mark; return whether one was grabbed."""
        was, self._grasped = self._grasped, False
        return was

    def hover(self, point: QPointF, canvas: Canvas) -> bool:
        """Move the lens to the pointer; return whether the lens is shown."""
        if self.lens.shown:
            self.lens.move_to(canvas.to_share(point))
        return self.lens.shown

    def arrow(self, key: int, canvas: Canvas, *, far: bool) -> bool:
        """Move a mark or the lens by an arrow key; return whether anything moved."""
        way = ARROWS.get(key)
        if way is None or not (self.marks.shown or self.lens.shown):
            return False
        right, down = (step * (_FAR_PX if far else 1) for step in way)
        if self.marks.shown:
            self.marks.nudge(right, down, canvas)
        else:
            self.lens.move_by(right, down)
        return True
