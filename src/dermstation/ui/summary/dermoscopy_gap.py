"""Ask why there is no dermoscopic picture: a choice, and where it is another, words. GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from dermstation.domain.dermoscopy_gap import (
    NO_DERMOSCOPY_WORDS,
    DermoscopyGap,
    NoDermoscopy,
)
from dermstation.domain.text_limits import SHORT_REASON_MAX_CHARS
from dermstation.ui.parts.field import Problem
from dermstation.ui.theme import TARGET_PX, Space, set_mark

_CHOOSE = "No dermoscopic: why?"


class DermoscopyGapRow(QWidget):
    """It tells each answer that is complete, and None where one was taken back."""

    answered = Signal(object, str)  # NoDermoscopy or None, note

    def __init__(self, lesion_label: str, gap: DermoscopyGap | None) -> None:
        super().__init__()
        self.reason = QComboBox()
        self.reason.addItem(_CHOOSE, None)
        for one, words in NO_DERMOSCOPY_WORDS.items():
            self.reason.addItem(words, one)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.reason.setSizeAdjustPolicy(policy)  # the column is narrow beside four pictures
        self.reason.setMinimumHeight(TARGET_PX)
        self.reason.setAccessibleName(f"Why {lesion_label} has no dermoscopic picture")
        self.note = QLineEdit()
        self.note.setMaxLength(SHORT_REASON_MAX_CHARS)
        self.note.setMinimumHeight(TARGET_PX)
        self.note.setPlaceholderText("In a few words")
        self.note.setAccessibleName(f"A few words on it, {lesion_label}")
        if gap is not None:
            self.reason.setCurrentIndex(self.reason.findData(gap.reason))
            self.note.setText(gap.note)
        self._told = (self._reason, self.note.text())
        self._problem = Problem()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        for part in (self.reason, self.note, self._problem):
            layout.addWidget(part)
        self._show_note()
        self.reason.currentIndexChanged.connect(lambda _: self._on_chosen())
        self.note.editingFinished.connect(self.flush)

    @property
    def is_answered(self) -> bool:
        """Tell whether there is a reason; another one than those listed wants words."""
        reason = self._reason
        needs_words = reason is NoDermoscopy.OTHER
        return reason is not None and not (needs_words and not self.note.text().strip())

    @property
    def problem(self) -> str:
        """Give what is said to be missing."""
        return self._problem.words

    def check(self) -> bool:
        """Say what is missing; tell whether nothing is."""
        if self.is_answered:
            words = ""
        elif self._reason is None:
            words = "Choose why, or take the picture."
        else:
            words = "Say why in a few words."
        self._problem.show_words(words)
        asked = self.reason if self._reason is None else self.note
        set_mark(asked, "wrong", "true" if words else "false")
        return not words

    def flush(self) -> None:
        """Tell the answer, if it is complete and another one than was told."""
        given = (self._reason, self.note.text())
        is_complete = self.is_answered or self._reason is None
        if is_complete and given != self._told:
            self._told = given
            self.answered.emit(*given)
        if self._problem.words:
            self.check()

    def _on_chosen(self) -> None:
        self._show_note()
        self.flush()

    def _show_note(self) -> None:
        """Ask for words where they are the answer, or were written before."""
        self.note.setVisible(self._reason is NoDermoscopy.OTHER or bool(self.note.text()))

    @property
    def _reason(self) -> NoDermoscopy | None:
        chosen = self.reason.currentData()
        return NoDermoscopy(chosen) if chosen is not None else None
