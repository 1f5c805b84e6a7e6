"""The page shown while a long job runs. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout

from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import card, label
from dermstation.ui.theme import Space


class BusyPage(Page):
    """The page that says what is being done. There is nothing to press."""

    def __init__(self, title: str, words: str = "") -> None:
        super().__init__(title)
        said = label(words or "This takes a few seconds.", wrap=True)
        said.setAlignment(Qt.AlignmentFlag.AlignLeft)
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, 0)
        bar.setAccessibleName(title)
        frame, inside = card()
        inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        inside.setSpacing(Space.L)
        inside.addWidget(said)
        inside.addWidget(bar)
        inside.addWidget(label("Please leave the station running until this is done.", "soft"))
        column = QVBoxLayout()
        column.addWidget(frame)
        column.addStretch(1)
        self.content.addLayout(column)
