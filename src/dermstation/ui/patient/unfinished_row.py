"""Offer the details that somebody typed earlier and did not confirm. GUI thread."""

from datetime import datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from dermstation.ui.parts.button import button
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import WrapLabel, day_words
from dermstation.ui.theme import Colour, Space, set_role


class UnfinishedRow(QFrame):
    """A bar with two buttons, `use` and `clear`; it hides once either is pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = WrapLabel(role="strong")
        self.use = button("&Use it")
        self.clear = button("Clea&r")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        layout.setSpacing(Space.M)
        layout.addWidget(IconBox("info", Colour.BRAND, size_px=24))
        layout.addWidget(self._words, 1)
        for one in (self.use, self.clear):
            one.clicked.connect(self.hide)
            layout.addWidget(one)
        set_role(self, "band-info")
        self.hide()

    def show_entry(self, author: str, at: datetime | None) -> None:
        """Show the bar with the time of the entry, also its day if that is not today."""
        words = "Unfinished entry"
        if at is not None:
            local, today = at.astimezone(), datetime.now().astimezone().date()
            day = "" if local.date() == today else f"{day_words(local.date())} "
            words += f" from {day}{local:%H:%M}"
        self._words.setText(f"{words} by {author}" if author else words)
        self.use.setAccessibleName(f"Use it: {self._words.text()}")
        self.clear.setAccessibleName(f"Clear: {self._words.text()}")
        self.show()
