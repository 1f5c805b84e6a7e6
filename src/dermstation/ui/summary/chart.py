"""Draw a flowchart of boxes that open when they are pressed. GUI thread."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from dermstation.ui.parts.button import button, literal
from dermstation.ui.theme import Colour, set_mark

_GAP_PX = 26  # between columns
_ROW_GAP_PX = 20
_WIDTH_PX = 180


class Chart(QWidget):
    """Boxes in a grid, and a line from each to the boxes that follow it."""

    pressed = Signal(str)  # the box's name

    def __init__(
        self,
        titles: Mapping[str, str],
        places: Mapping[str, tuple[int, int]],
        after: Mapping[str, Sequence[str]],
    ) -> None:
        """Lay out boxes by name: their titles, places (row, column) and the boxes before each."""
        super().__init__()
        self._after = after
        self.boxes: dict[str, QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, _GAP_PX, 0)  # room for a line past the last column
        grid.setHorizontalSpacing(_GAP_PX)
        grid.setVerticalSpacing(_ROW_GAP_PX)
        for name, title in titles.items():
            made = button(literal(title), "box", _WIDTH_PX)
            made.clicked.connect(lambda _on, name=name: self.pressed.emit(name))
            self.boxes[name] = made
            grid.addWidget(made, *places[name])
        grid.setRowStretch(grid.rowCount(), 1)

    def mark(self, opened: str, chosen: str) -> None:
        """Show which box is open, and which one is the chosen route."""
        for name, made in self.boxes.items():
            set_mark(made, "current", "true" if name == opened else "false")
            set_mark(made, "chosen", "true" if name == chosen else "false")
            said = ", chosen" if name == chosen else ""
            made.setAccessibleDescription(f"Box of the pathway chart{said}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines; the boxes are on top of them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(Colour.EDGE.value), 2))
        for name, before in self._after.items():
            for one in before:
                start, end = self.boxes[one].geometry(), self.boxes[name].geometry()
                middle = end.top() - _ROW_GAP_PX / 2
                a = QPointF(start.center().x(), start.bottom())
                b = QPointF(end.center().x(), end.top())
                corner, turn = QPointF(a.x(), middle), QPointF(b.x(), middle)
                if end.top() - start.bottom() > 2 * _ROW_GAP_PX:  # passes beside a box in between
                    side = (start.right() + _GAP_PX / 2, start.bottom() + _ROW_GAP_PX / 2)
                    lane = QPointF(side[0], side[1])
                    painter.drawPolyline(
                        [a, QPointF(a.x(), side[1]), lane, QPointF(side[0], middle), turn, b]
                    )
                else:
                    painter.drawPolyline([a, corner, turn, b])
