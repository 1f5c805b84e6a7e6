"""How closely pictures are looked at, shared by all that are shown side by side. GUI thread.

Places are shares of a picture's width and height, 0 to 1, so that pictures of different sizes move
together.
"""

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Qt, Signal

CLOSEST = 12.0
STEP = 1.5
_MIDDLE = QPointF(0.5, 0.5)


class Look(QObject):
    """The enlargement, 1 for the whole picture, and the place in its middle."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._zoom = 1.0
        self._centre = _MIDDLE

    @property
    def zoom(self) -> float:
        """Give how many times larger than whole the pictures are."""
        return self._zoom

    @property
    def is_whole(self) -> bool:
        """Tell whether all of each picture is seen."""
        return self._zoom <= 1.0

    def show_whole(self) -> None:
        """Show all of each picture."""
        self._set(1.0, _MIDDLE)

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Enlarge or reduce; the place `around` stays where it is on the screen."""
        zoom = min(max(self._zoom * factor, 1.0), CLOSEST)
        fixed = around if around is not None else self._centre
        kept = self._zoom / zoom
        self._set(zoom, fixed + (self._centre - fixed) * kept)

    def pan(self, right: float, down: float) -> None:
        """Move over the pictures by shares of their width and height."""
        if not self.is_whole:
            self._set(self._zoom, self._centre + QPointF(right, down))

    def area(self, room: QSizeF, full: QSizeF) -> QRectF:
        """Find where all of a picture of size `full` lies in a room; it may reach beyond."""
        whole = full.scaled(room, Qt.AspectRatioMode.KeepAspectRatio) * self._zoom
        left = _edge(room.width(), whole.width(), self._centre.x())
        upper = _edge(room.height(), whole.height(), self._centre.y())
        return QRectF(QPointF(left, upper), whole)

    def _set(self, zoom: float, centre: QPointF) -> None:
        half = 0.5 / zoom  # beyond it there is no more picture to come to
        inside = QPointF(min(max(centre.x(), half), 1 - half), min(max(centre.y(), half), 1 - half))
        if (zoom, inside) != (self._zoom, self._centre):
            self._zoom, self._centre = zoom, inside
            self.changed.emit()


def _edge(room: float, size: float, centre: float) -> float:
    """Give the left or upper edge: around the centre, but no gap where there is picture."""
    if size <= room:
        return (room - size) / 2
    return -min(max(centre * size - room / 2, 0.0), size - room)
