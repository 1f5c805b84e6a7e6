"""The position of a picture in the widget: whole, or enlarged around a point.

Sizes are in widget px; `ratio` is the number of device px for one of them.
"""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QRegion

_MIDDLE = QPointF(0.5, 0.5)
_LEAST_GAIN = 2.0  # enlarging must help even with a small picture on a large screen
_REDUCTIONS = (1, 2, 4)  # of a frame; its pixels are then the screen's, and are not scaled
_LEAST_FILLED = 0.98  # of the room's width or height, for the sake of that


class Placed:
    """The position of the picture on the widget, computed once for each size of either.

    `size` and `ratio` are those of the widget it was computed for; `px` is the picture's size in
    device px and `fitted` its area at exactly that size; `rect` contains every pixel the picture
    touches, `ground` everything it does not cover, so that nothing is painted twice.
    """

    def __init__(self, size: QSize, ratio: float, area: QRectF) -> None:
        widget = QRect(QPoint(), size)
        self.size = size
        self.ratio = ratio
        self.area = area
        self.widget = QRectF(widget)
        self.px = (area.size() * ratio).toSize().expandedTo(QSize(1, 1))
        self.corner = QPoint(round(area.x()), round(area.y()))
        self.fitted = QRectF(self.corner, self.px.toSizeF() * (1 / ratio))
        self.rect = area.toAlignedRect().adjusted(-1, -1, 1, 1) & widget
        self.ground = QRegion(widget) - QRegion(area.toRect().adjusted(1, 1, -1, -1))


class Placement:
    """The choice between whole and enlarged, and the centre (as shares of width and height)."""

    def __init__(self) -> None:
        self.enlarged = False
        self._centre = _MIDDLE

    def reset(self) -> None:
        """Show the whole picture."""
        self.enlarged = False
        self._centre = _MIDDLE

    def toggle(self, around: QPointF | None = None) -> None:
        """Switch between the whole picture and the enlarged one."""
        if not self.enlarged:
            self._centre = around if around is not None else _MIDDLE
        self.enlarged = not self.enlarged

    def scale(self, room: QSizeF, full: QSizeF, ratio: float) -> float:
        """Return the device px for one px of the frame; 1 is 100 %."""
        fitted = self._fitted(room, full, ratio).width() * ratio / full.width()
        return max(1.0, _LEAST_GAIN * fitted) if self.enlarged else fitted

    def area(self, room: QSizeF, full: QSizeF, ratio: float) -> QRectF:
        """Return the area of the whole picture; if enlarged, it extends beyond the room."""
        if not self.enlarged:
            return self._fitted(room, full, ratio)
        size = full * (self.scale(room, full, ratio) / ratio)
        left = _offset(room.width(), size.width(), self._centre.x())
        top = _offset(room.height(), size.height(), self._centre.y())
        return QRectF(QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio), size)

    def pan(self, right_px: float, down_px: float, room: QSizeF, area: QRectF) -> None:
        """Move the visible part of an enlarged picture, at most to its edge."""
        half_x, half_y = room.width() / 2 / area.width(), room.height() / 2 / area.height()
        x = self._centre.x() + right_px / area.width()
        y = self._centre.y() + down_px / area.height()
        self._centre = QPointF(
            min(max(x, min(half_x, 0.5)), max(1 - half_x, 0.5)),
            min(max(y, min(half_y, 0.5)), max(1 - half_y, 0.5)),
        )

    @staticmethod
    def _fitted(room: QSizeF, full: QSizeF, ratio: float) -> QRectF:
        size = full.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        for divisor in _REDUCTIONS:
            whole = full / (divisor * ratio)
            if _LEAST_FILLED * size.width() <= whole.width() <= size.width():
                size = whole
        corner = QPointF((room.width() - size.width()) / 2, (room.height() - size.height()) / 2)
        return QRectF(corner, size)


def _offset(room: float, size: float, centre: float) -> float:
    """Return the left or upper edge: around the centre, but with no gap beside the picture."""
    if size <= room:
        return (room - size) / 2
    return -min(max(centre * size - room / 2, 0.0), size - room)
