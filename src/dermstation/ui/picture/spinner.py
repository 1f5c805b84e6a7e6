"""A turning arc over a picture that is not there yet. GUI thread."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dermstation.ui.system import motion
from dermstation.ui.system.timers import timer
from dermstation.ui.theme import Colour

_SIZE_PX = 48
_PEN_PX = 5
_ABOVE_PX = 76  # of the middle, where the words are
_STEP_MS = 40
_STEP_DEGREES = 14
_ARC_DEGREES = 270


class Spinner(QWidget):
    """An arc over another widget, which takes no input. Without motion, the words are enough."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(_SIZE_PX, _SIZE_PX)
        self._turned = 0
        self._timer = timer(self, _STEP_MS)
        self._timer.timeout.connect(self._turn)
        self._over = over
        self.hide()

    def show_turning(self, *, on: bool) -> None:
        """Turn, unless the system wants no motion, or go away."""
        if on == self._timer.isActive():
            return
        if on and motion.is_wanted():
            self._over.installEventFilter(self)  # not always: a live picture has many events
            self._centre()
            self.show()
            self._timer.start()
        else:
            self._over.removeEventFilter(self)
            self.hide()
            self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay above the middle of the widget."""
        if event.type() is QEvent.Type.Resize:
            self._centre()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the arc."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(Colour.ON_DARK.value), _PEN_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        area = QRectF(self.rect()).adjusted(_PEN_PX, _PEN_PX, -_PEN_PX, -_PEN_PX)
        painter.drawArc(area, -self._turned * 16, _ARC_DEGREES * 16)  # in 1/16 degrees

    def _turn(self) -> None:
        self._turned = (self._turned + _STEP_DEGREES) % 360
        self.update()

    def _centre(self) -> None:
        over = self._over
        top = max(0, over.height() // 2 - _ABOVE_PX - _SIZE_PX // 2)
        self.move((over.width() - _SIZE_PX) // 2, top)
