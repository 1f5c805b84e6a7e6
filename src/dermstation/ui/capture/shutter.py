"""The button that takes the picture, or says why it cannot. GUI thread."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton

from dermstation.ui.parts.icon import icon
from dermstation.ui.theme import Colour

_ICON_PX = 26
_RING_PX = 6
_CORNER_PX = 7


class Shutter(QPushButton):
    """A button that is ready, disabled with a reason, or busy.

    A ring fills around it before it presses itself, when hands-free is on.
    """

    def __init__(self) -> None:
        super().__init__()
        self._key_words = "Space"
        self._progress = 0.0
        self.setProperty("role", "primary")
        self.setIcon(icon("camera", Colour.ON_DARK, _ICON_PX))
        self.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self.setProperty("tall", "true")
        self.show_dead("No picture yet")

    def set_key(self, words: str) -> None:
        """Show the key that also takes the picture."""
        self._key_words = words
        if self.isEnabled():
            self.show_ready()

    def show_ready(self) -> None:
        """Enable the button."""
        self._show(f" &Take picture  ({self._key_words})", "Take picture", enabled=True)

    def show_dead(self, reason: str) -> None:
        """Disable the button and show why in a few words."""
        self._show(f" {reason}", f"Take picture: not available. {reason}", enabled=False)

    def show_busy(self, words: str) -> None:
        """Disable the button while the picture is held or saved."""
        self._show(f" {words}", words, enabled=False)

    def show_progress(self, share: float) -> None:
        """Fill the ring, from 0 to 1; at 1 the picture is taken automatically."""
        if share != self._progress:
            self._progress = share
            self.update()

    @property
    def progress(self) -> float:
        """Return how far the ring is filled, from 0 to 1."""
        return self._progress

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button and, over its edge, the ring."""
        super().paintEvent(event)
        if not self._progress or not self.isEnabled():
            return
        half = _RING_PX / 2
        area = QRectF(self.rect()).adjusted(half, half, -half, -half)
        ring = QPainterPath()
        ring.addRoundedRect(area, _CORNER_PX, _CORNER_PX)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(Colour.BRAND_DEEP.value), _RING_PX))
        painter.drawPath(ring)
        length = ring.length() / _RING_PX  # dashes are measured in pen widths
        pen = QPen(QColor(Colour.FOCUS.value), _RING_PX)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([max(0.01, length * self._progress), length])
        painter.setPen(pen)
        painter.drawPath(ring)

    def _show(self, text: str, spoken: str, *, enabled: bool) -> None:
        if self.text() == text and self.isEnabled() == enabled:
            return
        colour = Colour.ON_DARK if enabled else Colour.OFF_INK
        self.setIcon(icon("camera", colour, _ICON_PX))
        self.setText(text)
        self.setAccessibleName(spoken)
        self.setEnabled(enabled)
