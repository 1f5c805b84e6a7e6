"""Ask why there is no dermoscopic picture: a list of reasons and a note. GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from dermstation.domain.dermoscopy_gap import (
    NO_DERMOSCOPY_WORDS,
    DermoscopyGap,
    NoDermoscopy,
)
from dermstation.domain.text_limits import SHORT_REASON_MAX_CHARS
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.field import Problem
from dermstation.ui.theme import TARGET_PX, Space, set_mark

_CHOOSE = "Why not taken?"


class DermoscopyGapRow(QWidget):
    """A row that emits each complete answer, and None if an answer is removed."""

    answered = Signal(object, str)  # NoDermoscopy or None, note
    edited = Signal()  # answered or not

    def __init__(self, lesion_label: str, gap: DermoscopyGap | None) -> None:
        super().__init__()
        self.reason = Choice()
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
        self.note.setAccessibleName(f"The reason in a few words, {lesion_label}")
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
        self.note.textEdited.connect(lambda _: self.edited.emit())

    @property
    def is_answered(self) -> bool:
        """Return whether there is a reason; "another reason" needs a note as well."""
        reason = self._reason
        needs_words = reason is NoDermoscopy.OTHER
        return reason is not None and not (needs_words and not self.note.text().strip())

    @property
    def asked(self) -> QWidget:
        """Return the field that is to be filled in next."""
        return self.reason if self._reason is None else self.note

    @property
    def gap(self) -> DermoscopyGap | None:
        """Return the reason with its note, or None if it is not answered."""
        reason = self._reason
        if reason is None or not self.is_answered:
            return None
        return DermoscopyGap(reason, self.note.text())

    @property
    def problem(self) -> str:
        """Return the words about what is missing."""
        return self._problem.words

    def check(self) -> bool:
        """Show what is missing, and return whether the answer is complete."""
        if self.is_answered:
            words = ""
        elif self._reason is None:
            words = "Choose the reason, or take the picture."
        else:
            words = "Give the reason in a few words."
        self._problem.show_words(words)
        set_mark(self.asked, "wrong", "true" if words else "false")
        return not words

    def flush(self) -> None:
        """Emit the answer if it is complete and has changed."""
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
        self.edited.emit()

    def _show_note(self) -> None:
        """Show the note if the reason needs one, or if there is one already."""
        self.note.setVisible(self._reason is NoDermoscopy.OTHER or bool(self.note.text()))

    @property
    def _reason(self) -> NoDermoscopy | None:
        chosen = self.reason.currentData()
        return NoDermoscopy(chosen) if chosen is not None else None
