"""A notice: what happened, whether the picture is safe, and what to do. GUI thread."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dermstation.ui.parts.button import icon_button
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.system.adorning import announce
from dermstation.ui.theme import Colour, Space, set_role


class Level(StrEnum):
    """How serious a notice is."""

    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    ERROR = "error"


_STYLES: dict[Level, tuple[str, Colour, str]] = {
    Level.INFO: ("info", Colour.BRAND, "For information"),
    Level.GOOD: ("good", Colour.GOOD, "Done"),
    Level.WARN: ("fair", Colour.FAIR, "Please note"),
    Level.ERROR: ("poor", Colour.POOR, "Something went wrong"),
}


class Notice(QFrame):
    """A bar of up to three lines, read out by screen readers and hidden until needed."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconBox(size_px=24)
        self._what = WrapLabel(role="strong")
        self._safe = WrapLabel()
        self._todo = WrapLabel()
        self._close = icon_button("close", "Close this message")
        self._close.clicked.connect(self._on_dismissed)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        for line in (self._what, self._safe, self._todo):
            lines.addWidget(line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        layout.setSpacing(Space.M)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(lines, 1)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_message(
        self, level: Level, what: str, safe: str = "", todo: str = "", *, dismissable: bool = True
    ) -> None:
        """Show a message and announce it to screen readers; empty lines take up no space."""
        picture, colour, grade = _STYLES[level]
        self._icon.show_icon(picture, colour)
        for line, words in ((self._what, what), (self._safe, safe), (self._todo, todo)):
            line.setText(words)
            line.setVisible(bool(words))
        self._close.setVisible(dismissable)
        set_role(self, f"band-{level.value}")
        spoken = " ".join(part for part in (what, safe, todo) if part)
        self.setAccessibleName(f"{grade}. {spoken}")
        self.show()
        announce(self, spoken, at_once=level is Level.ERROR)

    def follow(self, widget: QWidget) -> None:
        """Let Tab come from a widget to the button that closes the message."""
        QWidget.setTabOrder(widget, self._close)

    def clear(self) -> None:
        """Hide the message."""
        self.hide()

    @property
    def words(self) -> str:
        """Return the message as one text; empty while hidden."""
        if self.isHidden():
            return ""
        lines = (self._what, self._safe, self._todo)
        return " ".join(line.text() for line in lines if line.text())

    def _on_dismissed(self) -> None:
        self.hide()
        self.dismissed.emit()
