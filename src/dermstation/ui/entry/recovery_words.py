"""A field for the twelve words of the recovery key, which judges each word as it is typed.

GUI thread. The words are forgotten with the page.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout

from dermstation.security.recovery import RECOVERY_WORDS, begins_word, likely_word, typed_words
from dermstation.ui.parts.button import button
from dermstation.ui.parts.field import Field
from dermstation.ui.parts.folding import FoldingGrid
from dermstation.ui.parts.text import count_words, label
from dermstation.ui.theme import Space, set_role

_ACROSS = 6


class RecoveryWords(Field):
    """One field, twelve numbered places with what was read, and the word meant by a wrong one."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(name, hint)
        self.places: list[QLabel] = [label(role="soft") for _ in range(RECOVERY_WORDS)]
        self.mend = button("", "link")
        self.mend.clicked.connect(self._on_mend)
        self._wrong: tuple[int, str] | None = None  # the place, and the word meant
        grid = FoldingGrid(_ACROSS, Space.S)
        for place in self.places:
            grid.add(place)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.addLayout(grid)
            layout.addWidget(self.mend)
            layout.setAlignment(self.mend, Qt.AlignmentFlag.AlignLeft)
        self.edit.textChanged.connect(self._show_words)
        self.edit.editingFinished.connect(lambda: self._show_words(is_over=True))
        self._show_words()

    def complaint(self) -> str:
        """Show what is wrong with the words, and return it; an empty text if nothing is."""
        self._show_words(is_over=True)
        words = typed_words(self.text())
        said = self.error
        if not said and len(words) != RECOVERY_WORDS:
            typed = count_words(len(words), "word is", "words are")
            said = f"{typed} typed; the key has {RECOVERY_WORDS}."
            said = said if words else f"Type all {RECOVERY_WORDS} words."
        self.show_error(said)
        return said

    def show_differing(self, key: tuple[str, ...]) -> None:
        """Mark the words that are not those of a key that was shown before."""
        typed = typed_words(self.text())
        wrong = [n for n, (one, other) in enumerate(zip(typed, key, strict=False)) if one != other]
        for place in wrong:
            set_role(self.places[place], "poor")
        if wrong:
            numbers = ", ".join(str(place + 1) for place in wrong)
            self.show_error(f"Not as it was shown: word {numbers}.")

    def _show_words(self, _text: str = "", *, is_over: bool = False) -> None:
        """Show each word in its place; the last one is judged once it is over."""
        words = typed_words(self.text())
        is_over = is_over or self.text()[-1:].isspace()
        wrong = [n for n, word in enumerate(words) if not self._is_right(n, words, is_over=is_over)]
        for n, place in enumerate(self.places):
            place.setText(f"{n + 1}. {words[n] if n < len(words) else ''}")
            set_role(place, "poor" if n in wrong else "strong" if n < len(words) else "soft")
        self._wrong = None
        said = ""
        if wrong:
            first = wrong[0]
            meant = likely_word(words[first])
            said = f"Word {first + 1} is not a word of a recovery key."
            self._wrong = (first, meant) if meant else None
            self.mend.setText(f"Use \u201c{meant}\u201d for word {first + 1}")
        self.mend.setVisible(self._wrong is not None)
        self.show_error(said)

    def _is_right(self, place: int, words: list[str], *, is_over: bool) -> bool:
        is_last = place == len(words) - 1
        return begins_word(words[place], whole=is_over or not is_last)

    def _on_mend(self) -> None:
        if self._wrong is None:
            return
        place, meant = self._wrong
        words = typed_words(self.text())
        words[place] = meant
        self.edit.setText(" ".join(words))
        self._show_words(is_over=True)
        self.edit.setFocus()
