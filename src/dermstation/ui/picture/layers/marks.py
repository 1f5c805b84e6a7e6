"""Two marks on a picture of a ruler, with a line between, moved by pointer or keys. GUI thread."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dermstation.ui.picture.layers.layer import Canvas, Layer
from dermstation.ui.picture.layers.ruler import outlined
from dermstation.ui.theme import Colour, Type, sized_font

_RADIUS_PX = 14
_REACH_PX = 26  # how near a press must be to grab a mark
_FROM = (QPointF(0.3, 0.5), QPointF(0.7, 0.5))
_DARK = QColor(0, 0, 0, 170)
_LIGHT = QColor(255, 255, 255)


class Marks(Layer):
    """The two ends of a known length, as shares of the picture; one of them is active."""

    def __init__(self) -> None:
        super().__init__()
        self.ends = list(_FROM)
        self.active = 0
        self.length_words = ""

    def forget(self) -> None:
        """Move both marks back to their initial positions."""
        self.ends, self.active = list(_FROM), 0

    def grasp(self, point: QPointF, canvas: Canvas) -> bool:
        """Make the mark at a point of the widget the active one; return whether there is one."""
        reaches = [_distance(point, canvas.to_widget(end)) for end in self.ends]
        nearest = min(range(2), key=reaches.__getitem__)
        if reaches[nearest] > _REACH_PX:
            return False
        self.active = nearest
        return True

    def move_to(self, share: QPointF) -> None:
        """Move the active mark to a point of the picture."""
        self.ends[self.active] = share

    def nudge(self, right_px: float, down_px: float, canvas: Canvas) -> None:
        """Move the active mark by px of the frame, within the picture."""
        end = self.ends[self.active]
        x = min(max(end.x() + right_px / canvas.full.width(), 0.0), 1.0)
        y = min(max(end.y() + down_px / canvas.full.height(), 0.0), 1.0)
        self.ends[self.active] = QPointF(x, y)

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Paint two rings with cross hairs that leave the point itself uncovered."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, second = (canvas.to_widget(end) for end in self.ends)
        for colour, width in ((_DARK, 4), (_LIGHT, 2)):
            painter.setPen(QPen(colour, width, Qt.PenStyle.DashLine))
            painter.drawLine(first, second)
        for place, point in enumerate((first, second)):
            self._paint_mark(painter, point, is_active=place == self.active, number=place + 1)
        painter.setFont(sized_font(Type.BODY, bold=True))
        x, y = (first.x() + second.x()) / 2, (first.y() + second.y()) / 2
        outlined(painter, QRectF(x - 60, y - 34, 120, 24), self.length_words)

    @staticmethod
    def _paint_mark(painter: QPainter, point: QPointF, *, is_active: bool, number: int) -> None:
        inner = QColor(Colour.FOCUS.value) if is_active else _LIGHT
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((_DARK, 5), (inner, 2)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(point, _RADIUS_PX, _RADIUS_PX)
            for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                way = QPointF(x, y)
                painter.drawLine(point + way * 3, point + way * (_RADIUS_PX - 2))
        painter.setFont(sized_font(Type.SMALL, bold=True))
        outlined(painter, QRectF(point.x() - 20, point.y() + _RADIUS_PX + 2, 40, 20), str(number))


def _distance(one: QPointF, other: QPointF) -> float:
    return math.hypot(one.x() - other.x(), one.y() - other.y())
