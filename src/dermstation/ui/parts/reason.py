"""Ask for a reason: one of a list, in other words where none fits. GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from dermstation.domain.text_limits import SHORT_REASON_MAX_CHARS
from dermstation.ui.parts.field import Problem
from dermstation.ui.theme import Space, set_mark


class ReasonChoice(QWidget):
    """A list of reasons, the last of which asks which, a line for words, and what is missing."""

    changed = Signal()

    def __init__(self, name: str, reasons: tuple[str, ...]) -> None:
        super().__init__()
        self._reasons = reasons
        self.choice = QComboBox()
        self.choice.addItems(reasons)
        self.choice.setPlaceholderText("Choose a reason")
        self.choice.setAccessibleName(name)
        self.choice.setMinimumContentsLength(20)
        self.choice.currentIndexChanged.connect(self._on_changed)
        self.other = QLineEdit()
        self.other.setMaxLength(SHORT_REASON_MAX_CHARS)
        self.other.setPlaceholderText("More, in your words")
        self.other.setAccessibleName("Reason in your words")
        self.other.textEdited.connect(self._on_changed)
        self._problem = Problem()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        for part in (self.choice, self.other, self._problem):
            layout.addWidget(part)

    def restart(self) -> None:
        """Begin with no reason."""
        self.choice.setCurrentIndex(-1)
        self.other.clear()
        self.show_problem("")

    def show_problem(self, words: str) -> None:
        """Say what is missing."""
        self._problem.show_words(words)
        set_mark(self.choice, "wrong", "true" if words else "false")

    @property
    def problem(self) -> str:
        """Give what is said to be missing."""
        return self._problem.words

    @property
    def reason(self) -> str:
        """Give the reason chosen and typed; empty while it is not complete."""
        place = self.choice.currentIndex()
        typed = self.other.text().strip()
        if place < 0 or (place == len(self._reasons) - 1 and not typed):
            return ""
        if place == len(self._reasons) - 1:
            return typed
        return f"{self._reasons[place]}: {typed}" if typed else self._reasons[place]

    def focus_missing(self) -> None:
        """Lead the operator to what is missing."""
        asks_which = self.choice.currentIndex() == len(self._reasons) - 1
        (self.other if asks_which else self.choice).setFocus()

    def _on_changed(self) -> None:
        self.show_problem("")
        self.changed.emit()
