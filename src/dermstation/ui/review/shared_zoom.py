"""The zoom shared by pictures shown side by side. GUI thread.

Places are fractions of a picture's width and height, from 0 to 1, so that pictures of different
sizes move together.
"""

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Qt, Signal

CLOSEST = 12.0
STEP = 1.5
_MIDDLE = QPointF(0.5, 0.5)


class SharedZoom(QObject):
    """The zoom factor, 1 for the whole picture, and the place at the centre of the view."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._factor = 1.0
        self._centre = _MIDDLE

    @property
    def factor(self) -> float:
        """Return the zoom factor; at 1 the pictures are shown whole."""
        return self._factor

    @property
    def is_whole(self) -> bool:
        """Return whether each picture is shown whole."""
        return self._factor <= 1.0

    def show_whole(self) -> None:
        """Show each picture whole."""
        self._set(1.0, _MIDDLE)

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Zoom in or out by `factor`; the place `around` stays where it is on the screen."""
        zoom = min(max(self._factor * factor, 1.0), CLOSEST)
        fixed = around if around is not None else self._centre
        kept = self._factor / zoom
        self._set(zoom, fixed + (self._centre - fixed) * kept)

    def pan(self, right: float, down: float) -> None:
        """Move over the pictures by fractions of their width and height."""
        if not self.is_whole:
            self._set(self._factor, self._centre + QPointF(right, down))

    def area(self, room: QSizeF, full: QSizeF) -> QRectF:
        """Return the rectangle of a whole picture of size `full` in a room; it may reach beyond."""
        whole = full.scaled(room, Qt.AspectRatioMode.KeepAspectRatio) * self._factor
        left = _edge(room.width(), whole.width(), self._centre.x())
        upper = _edge(room.height(), whole.height(), self._centre.y())
        return QRectF(QPointF(left, upper), whole)

    def _set(self, zoom: float, centre: QPointF) -> None:
        half = 0.5 / zoom  # the centre can come no closer to the edge of the picture
        inside = QPointF(min(max(centre.x(), half), 1 - half), min(max(centre.y(), half), 1 - half))
        if (zoom, inside) != (self._factor, self._centre):
            self._factor, self._centre = zoom, inside
            self.changed.emit()


def _edge(room: float, size: float, centre: float) -> float:
    """Return the left or top edge that centres the picture without a gap beside it."""
    if size <= room:
        return (room - size) / 2
    return -min(max(centre * size - room / 2, 0.0), size - room)
