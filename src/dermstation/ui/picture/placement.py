"""Find where a picture lies in the room there is for it: whole, or enlarged around a point.

Sizes are in the widget's own px; `ratio` is the device's px for one of them.
"""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QRegion

_MIDDLE = QPointF(0.5, 0.5)
_LEAST_GAIN = 2.0  # enlarging must show more, on a large screen with a small picture too


class Placed:
    """Where the picture lies on the widget, found once for each size of either.

    `size` and `ratio` are the widget's, which it was found for; `px` is the picture's size in the
    device's px, `fitted` where so many of them lie; `rect` holds all that the picture touches,
    `ground` all that it does not cover: it is not painted twice.
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
    """Whether the picture is enlarged, and around which point (a share of width and height)."""

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
        """Give the device's px for one px of the frame: 1 is 100 %."""
        fitted = self._fitted(room, full).width() * ratio / full.width()
        return max(1.0, _LEAST_GAIN * fitted) if self.enlarged else fitted

    def area(self, room: QSizeF, full: QSizeF, ratio: float) -> QRectF:
        """Give where the whole picture lies; enlarged, it reaches beyond the room."""
        if not self.enlarged:
            return self._fitted(room, full)
        size = full * (self.scale(room, full, ratio) / ratio)
        left = _offset(room.width(), size.width(), self._centre.x())
        top = _offset(room.height(), size.height(), self._centre.y())
        return QRectF(QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio), size)

    def pan(self, right_px: float, down_px: float, room: QSizeF, area: QRectF) -> None:
        """Move what is seen of an enlarged picture, as far as its edge."""
        half_x, half_y = room.width() / 2 / area.width(), room.height() / 2 / area.height()
        x = self._centre.x() + right_px / area.width()
        y = self._centre.y() + down_px / area.height()
        self._centre = QPointF(
            min(max(x, min(half_x, 0.5)), max(1 - half_x, 0.5)),
            min(max(y, min(half_y, 0.5)), max(1 - half_y, 0.5)),
        )

    @staticmethod
    def _fitted(room: QSizeF, full: QSizeF) -> QRectF:
        size = full.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        corner = QPointF((room.width() - size.width()) / 2, (room.height() - size.height()) / 2)
        return QRectF(corner, size)


def _offset(room: float, size: float, centre: float) -> float:
    """Give the left or upper edge: around the centre, but no gap where there is picture."""
    if size <= room:
        return (room - size) / 2
    return -min(max(centre * size - room / 2, 0.0), size - room)
