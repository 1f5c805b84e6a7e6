"""Paint arrows, rings and covers on the screen as they will be on the copy. GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from dermstation.domain.copies import Shape, ShapeKind
from dermstation.imaging.marking import EDGE_BGR, MARK_BGR, arrow_head, edge_px
from dermstation.ui.theme import Colour

ToWidget = Callable[[float, float], QPointF]

_HANDLE_PX = 9.0


def box_of(shape: Shape, to_widget: ToWidget) -> QRectF:
    """Return the box around a shape, in the widget's px."""
    left, upper, right, lower = shape.box
    return QRectF(to_widget(left, upper), to_widget(right, lower))


def paint_shape(painter: QPainter, shape: Shape, to_widget: ToWidget, stroke: float) -> None:
    """Paint one shape; `stroke` is the stroke width of a mark in the widget's px."""
    if shape.kind is ShapeKind.ARROW:
        _paint_arrow(painter, shape, to_widget, stroke)
        return
    box = box_of(shape, to_widget)
    if shape.kind is ShapeKind.RING:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in _strokes(stroke):
            painter.setPen(QPen(colour, wide))
            painter.drawEllipse(box)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0))
    if shape.kind is ShapeKind.ELLIPSE:
        painter.drawEllipse(box)
    else:
        painter.drawRect(box)


def paint_handles(painter: QPainter, shape: Shape, to_widget: ToWidget) -> None:
    """Paint the handles, and the outline of a shape that has an inside."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if shape.kind is not ShapeKind.ARROW:
        painter.setPen(QPen(QColor(Colour.FOCUS.value), 2, Qt.PenStyle.DashLine))
        painter.drawRect(box_of(shape, to_widget))
    for end in (to_widget(shape.x0, shape.y0), to_widget(shape.x1, shape.y1)):
        # hollow, so that the tip stays visible
        for colour, wide in ((Colour.DARK, 5), (Colour.ON_DARK, 2)):
            painter.setPen(QPen(QColor(colour.value), wide))
            painter.drawEllipse(end, _HANDLE_PX, _HANDLE_PX)


def _paint_arrow(painter: QPainter, shape: Shape, to_widget: ToWidget, stroke: float) -> None:
    tail, tip = to_widget(shape.x0, shape.y0), to_widget(shape.x1, shape.y1)
    found = arrow_head((tail.x(), tail.y()), (tip.x(), tip.y()), stroke)
    corners = [QPointF(x, y) for x, y in found]
    base = QPointF((found[1][0] + found[2][0]) / 2, (found[1][1] + found[2][1]) / 2)
    for colour, wide in _strokes(stroke):
        painter.setPen(QPen(colour, wide))
        painter.drawLine(tail, base)
        edge = wide - stroke
        painter.setPen(QPen(colour, edge) if edge > 0 else Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(colour))
        painter.drawPolygon(QPolygonF(corners))


def _strokes(stroke: float) -> tuple[tuple[QColor, float], ...]:
    """Return colour and width of the dark edge, then of the bright stroke over it."""
    return (
        (_colour(EDGE_BGR), stroke + 2 * edge_px(stroke)),
        (_colour(MARK_BGR), stroke),
    )


def _colour(bgr: tuple[int, int, int]) -> QColor:
    blue, green, red = bgr
    return QColor(red, green, blue)
