"""The button that takes the picture; it says why when it cannot. GUI thread."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton

from dermstation.ui.theme import Colour
from dermstation.ui.widgets.icon import icon

_ICON_PX = 26


class Shutter(QPushButton):
    """Ready, dead with a reason, or busy."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "primary")
        self.setIcon(icon("camera", Colour.ON_DARK, _ICON_PX))
        self.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self.setProperty("tall", "true")
        self.show_dead("No picture yet")

    def show_ready(self) -> None:
        """Let the operator press."""
        self._show(" &Take picture  (Space)", "Take picture", enabled=True)

    def show_dead(self, reason: str) -> None:
        """Refuse presses and say why in a few words."""
        self._show(f" {reason}", f"Take picture: not now. {reason}", enabled=False)

    def show_busy(self, words: str) -> None:
        """Refuse presses while the picture is held or saved."""
        self._show(f" {words}", words, enabled=False)

    def _show(self, text: str, spoken: str, *, enabled: bool) -> None:
        if self.text() == text and self.isEnabled() == enabled:
            return
        colour = Colour.ON_DARK if enabled else Colour.OFF_INK
        self.setIcon(icon("camera", colour, _ICON_PX))
        self.setText(text)
        self.setAccessibleName(spoken)
        self.setEnabled(enabled)
