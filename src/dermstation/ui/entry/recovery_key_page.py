"""Show the recovery key once, then ask for it to be typed back. GUI thread.

The words are only on the screen, and are forgotten with the page.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dermstation.ui.entry.recovery_words import RecoveryWords
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.stack import Stack
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.theme import Space

_COLUMNS = 4
_SHOW = ("Write down the recovery key", "It is shown only once.")
_TYPE = ("Type the recovery key back", "This makes sure that you wrote it down correctly.")


class RecoveryKeyPage(Page):
    """The page with twelve numbered words, then one field to type them back."""

    is_short = True
    confirmed = Signal(str)

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(*_SHOW)
        self.words = tuple(words)
        self.typed = RecoveryWords("The 12 words", "In order, with spaces between them")
        self._stack = Stack()
        self._stack.add(_words_panel(words))
        self._stack.add(self._make_typing())
        self.content.addWidget(self._stack, 1)
        self.set_primary("I have &written it down").clicked.connect(self._on_primary)
        back = self.set_back("&Show the words again")
        back.clicked.connect(self.show_words)
        self.show_words()

    def show_words(self) -> None:
        """Show the words, whatever has been typed so far."""
        self._show(typing=False)
        if self.primary is not None:
            self.set_first(self.primary)
            self.primary.setFocus()

    def set_busy(self, *, busy: bool) -> None:
        """Show that the vault is being made."""
        self.show_busy("Setting up\u2026" if busy else "")

    @property
    def typing(self) -> bool:
        """Return whether the page waits for the words to be typed back."""
        return self._stack.place == 1

    def _show(self, *, typing: bool) -> None:
        self.set_title(*(_TYPE if typing else _SHOW))
        self._stack.show_place(1 if typing else 0)
        if self.back is not None:
            self.back.setVisible(typing)
        if self.primary is not None:
            text = "&Check and finish" if typing else "I have &written it down"
            self.primary.setText(text)
            self.primary.setAccessibleName(text.replace("&", ""))

    def _make_typing(self) -> QWidget:
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.typed)
        layout.addStretch(1)
        return holder

    def _on_primary(self) -> None:
        if not self.typing:
            self._show(typing=True)
            self.typed.set_text("")
            self.typed.setFocus()
            return
        if self.typed.complaint():
            self.typed.setFocus()
        else:
            self.confirmed.emit(self.typed.text())


def _words_panel(words: Sequence[str]) -> QWidget:
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(Space.M)
    layout.addWidget(
        WrapLabel(
            "These 12 words open the station if a PIN is forgotten or this PC breaks. Without"
            " them, everything stored would be lost."
        )
    )
    frame, inside = card()
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.M)
    grid.setVerticalSpacing(Space.M)
    for place, word in enumerate(words):
        grid.addWidget(_word(place + 1, word), *divmod(place, _COLUMNS))
    inside.addLayout(grid)
    layout.addWidget(frame)
    note, lines = card("band-warn")
    lines.addWidget(label("Keep the paper in the practice's safe", "strong"))
    lines.addWidget(
        WrapLabel("Do not photograph it or keep it on a computer: anyone who has it can sign in.")
    )
    layout.addWidget(note)
    layout.addStretch(1)
    return holder


def _word(number: int, word: str) -> QFrame:
    box = QFrame()
    box.setAccessibleName(f"Word {number}: {word}")
    line = QHBoxLayout(box)
    line.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
    line.addWidget(label(f"{number}.", "soft"))
    line.addWidget(label(word, "heading"))
    line.addStretch(1)
    return box
