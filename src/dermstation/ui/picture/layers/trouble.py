"""The areas of the picture that are out of focus or have lost bright detail. GUI thread."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from dermstation.ui.picture.layers.corners import paint_pill
from dermstation.ui.picture.layers.layer import Canvas, Layer
from dermstation.ui.theme import Space, Type, sized_font

Cells = NDArray[np.bool_]

_SOFT = QBrush(QColor(255, 214, 10), Qt.BrushStyle.BDiagPattern)
_LOST = QBrush(QColor(255, 40, 160), Qt.BrushStyle.DiagCrossPattern)
_EDGE = 1.0


class Trouble(Layer):
    """Two kinds of areas, which differ in pattern as well as colour, with a legend."""

    def __init__(self) -> None:
        super().__init__()
        self._soft: Cells | None = None
        self._lost: Cells | None = None

    def show_cells(self, soft: Cells | None, lost: Cells | None) -> None:
        """Set two arrays (rows, columns) of equal cells that cover the whole picture."""
        self._soft, self._lost = soft, lost

    def forget(self) -> None:
        """Drop the areas of the previous picture."""
        self._soft = self._lost = None

    @property
    def words(self) -> str:
        """Return the legend."""
        if self._soft is None or self._lost is None:
            return "Checking the picture\u2026"
        parts = []
        if self._soft.any():
            parts.append(f"\u2571\u2571 not sharp: {_percent(self._soft)}")
        if self._lost.any():
            parts.append(f"\u2573\u2573 too bright: {_percent(self._lost)}")
        return "  \u00b7  ".join(parts) or "Nothing is out of focus or too bright"

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint the areas and the legend."""
        for cells, brush in ((self._soft, _SOFT), (self._lost, _LOST)):
            if cells is not None and cells.any():
                _paint_cells(painter, canvas, cells, brush)
        painter.setFont(sized_font(Type.SMALL))
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(self.words) + 2 * Space.M
        left = (canvas.widget.width() - width) / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_pill(painter, QRectF(left, Space.M, width, metrics.height() + Space.S), self.words)


def _paint_cells(painter: QPainter, canvas: Canvas, cells: Cells, brush: QBrush) -> None:
    rows, columns = cells.shape
    width = canvas.picture.width() / columns
    height = canvas.picture.height() / rows
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    for row in range(rows):
        top = canvas.picture.y() + row * height
        for first, last in _runs(cells[row]):
            left = canvas.picture.x() + first * width
            painter.drawRect(QRectF(left, top, (last - first) * width, height))
    _paint_outline(painter, canvas, cells, brush.color())


def _paint_outline(painter: QPainter, canvas: Canvas, cells: Cells, colour: QColor) -> None:
    rows, columns = cells.shape
    area = canvas.picture
    width, height = area.width() / columns, area.height() / rows
    painter.setPen(QPen(colour, 2 * _EDGE))
    padded = np.pad(cells, 1)
    for row, column in zip(*np.nonzero(padded[1:, 1:-1] != padded[:-1, 1:-1]), strict=True):
        left, top = area.x() + column * width, area.y() + row * height
        painter.drawLine(round(left), round(top), round(left + width), round(top))
    for row, column in zip(*np.nonzero(padded[1:-1, 1:] != padded[1:-1, :-1]), strict=True):
        left, top = area.x() + column * width, area.y() + row * height
        painter.drawLine(round(left), round(top), round(left), round(top + height))


def _runs(line: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the runs of marked cells in a row, each from its first cell to one past its last."""
    turns = np.flatnonzero(np.diff(np.concatenate(([0], line.astype(np.int8), [0]))))
    return [(int(first), int(last)) for first, last in turns.reshape(-1, 2)]


def _percent(cells: Cells) -> str:
    return f"{max(1, round(float(cells.mean()) * 100))} %"
