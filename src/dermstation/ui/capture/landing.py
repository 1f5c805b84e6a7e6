"""The picture that was just saved flies into its place in the panel. GUI thread.

It takes no input and nothing waits for it. Without motion the picture is simply there.
"""

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from dermstation.ui.picture.live_view import LiveView
from dermstation.ui.system import motion


class Flight(QWidget):
    """A picture on its way over a page; it goes when it arrives, or with the page."""

    def __init__(self, page: QWidget, picture: QPixmap, start: QRect, end: QRect) -> None:
        super().__init__(page)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture = picture
        self.setGeometry(start)
        self._way = QPropertyAnimation(self, b"geometry", self)
        self._way.setDuration(motion.MOTION_MS)
        self._way.setStartValue(start)
        self._way.setEndValue(end)
        self._way.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._way.finished.connect(self.hide)
        self._way.finished.connect(self.deleteLater)
        self.show()
        self._way.start()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture as large as it is now."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self.rect(), self._picture)


class Landing:
    """The way of one picture: taken up while it is shown, let go when its place is shown."""

    def __init__(self, page: QWidget, view: LiveView) -> None:
        self._page = page
        self._view = view
        self._taken: tuple[QPixmap, QRect, QWidget] | None = None

    def take_up(self, place: QWidget) -> None:
        """Keep how the picture looks now, for its way to `place`."""
        if motion.is_wanted() and self._view.frame is not None:
            shown = self._view.picture_place
            start = shown.translated(self._view.mapTo(self._page, QPoint(0, 0)))
            self._taken = self._view.grab(shown), start, place

    def let_go(self) -> None:
        """Let the picture fly, once the page has been laid out."""
        if self._taken is not None:
            QTimer.singleShot(0, self._page, self._fly)

    def _fly(self) -> None:
        taken, self._taken = self._taken, None
        if taken is None:
            return
        picture, start, place = taken
        Flight(self._page, picture, start, place.rect().translated(_corner(place, self._page)))


def _corner(place: QWidget, page: QWidget) -> QPoint:
    return place.mapTo(page, QPoint(0, 0))
