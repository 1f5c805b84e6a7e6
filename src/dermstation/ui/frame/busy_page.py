"""Stay calm while a long job runs. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout

from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import card, label
from dermstation.ui.theme import Space


class BusyPage(Page):
    """What is being done, and how far it is where that is known. Nothing to press."""

    def __init__(self, title: str, words: str = "") -> None:
        super().__init__(title)
        self._words = label(words or "This takes a few seconds.", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(title)
        frame, inside = card()
        inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        inside.setSpacing(Space.L)
        inside.addWidget(self._words)
        inside.addWidget(self._bar)
        inside.addWidget(label("Please leave the station on until this is done.", "soft"))
        column = QVBoxLayout()
        column.addWidget(frame)
        column.addStretch(1)
        self.content.addLayout(column)

    def show_progress(self, done: int, total: int, words: str = "") -> None:
        """Show how far the job is; a total of 0 means that nobody can tell."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if words:
            self._words.setText(words)

    @property
    def progress(self) -> tuple[int, int]:
        """Give how much is done, of how much."""
        return self._bar.value(), self._bar.maximum()
