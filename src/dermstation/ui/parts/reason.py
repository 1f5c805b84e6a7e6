"""The choice of a reason: one of a list, or other words if none fits. GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from dermstation.domain.text_limits import SHORT_REASON_MAX_CHARS
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.field import Problem
from dermstation.ui.theme import Space, set_mark


class ReasonChoice(QWidget):
    """A list of reasons, a line for other words, and a line for what is missing.

    The last reason of the list needs words of its own.
    """

    changed = Signal()

    def __init__(self, name: str, reasons: tuple[str, ...]) -> None:
        super().__init__()
        self._reasons = reasons
        self.choice = Choice()
        self.choice.addItems(reasons)
        self.choice.setPlaceholderText("Choose a reason")
        self.choice.setAccessibleName(name)
        self.choice.setMinimumContentsLength(20)
        self.choice.currentIndexChanged.connect(self._on_changed)
        self.other = QLineEdit()
        self.other.setMaxLength(SHORT_REASON_MAX_CHARS)
        self.other.setPlaceholderText("Details, in your own words")
        self.other.setAccessibleName("Reason in your own words")
        self.other.textEdited.connect(self._on_changed)
        self._problem = Problem()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        for part in (self.choice, self.other, self._problem):
            layout.addWidget(part)

    def restart(self) -> None:
        """Start again with no reason."""
        self.choice.setCurrentIndex(-1)
        self.other.clear()
        self.show_problem("")

    def show_problem(self, words: str) -> None:
        """Show what is missing."""
        self._problem.show_words(words)
        set_mark(self.choice, "wrong", "true" if words else "false")

    @property
    def problem(self) -> str:
        """Return what is shown as missing."""
        return self._problem.words

    @property
    def reason(self) -> str:
        """Return the reason chosen and typed; empty while incomplete."""
        place = self.choice.currentIndex()
        typed = self.other.text().strip()
        if place < 0 or (place == len(self._reasons) - 1 and not typed):
            return ""
        if place == len(self._reasons) - 1:
            return typed
        return f"{self._reasons[place]}: {typed}" if typed else self._reasons[place]

    def focus_missing(self) -> None:
        """Focus the part that is missing."""
        asks_which = self.choice.currentIndex() == len(self._reasons) - 1
        (self.other if asks_which else self.choice).setFocus()

    def _on_changed(self) -> None:
        self.show_problem("")
        self.changed.emit()
