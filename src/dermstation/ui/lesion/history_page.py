"""Ask on one page for the history of a lesion that a dermatologist needs. GUI thread.

Every question starts as "not asked". What is about the patient is asked once for all lesions, and
is folded away once it is known. The ticks of the 7-point checklist never change the route.
"""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from dermstation.domain.consents import Answer
from dermstation.domain.errors import StationError
from dermstation.domain.lesion_facts import (
    CHOICES,
    HISTORY_QUESTIONS,
    NOTE_WORDS,
    QUESTION_WORDS,
    History,
    Note,
    Point,
    Question,
    made_history,
)
from dermstation.domain.patient_facts import (
    OPTIONAL_QUESTIONS,
    PATIENT_NOTES,
    PATIENT_QUESTIONS,
    about_patient,
)
from dermstation.domain.seven_points import points_from
from dermstation.domain.text_limits import HISTORY_MAX_CHARS, NOTE_MAX_CHARS
from dermstation.ui.lesion.folds import Fold, column_of, row_of
from dermstation.ui.lesion.seven_points import SevenPoints
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.folding import FoldingGrid, SideBySide
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.prose import Prose
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.parts.yes_no import YesNo
from dermstation.ui.system.timers import timer
from dermstation.ui.theme import PAGE_MAX_PX, Space
from dermstation.workflow.messages import message_for

DRAFT_AFTER_MS = 400
_COLUMNS = 3
_NOTE_COLUMNS = 4
_IN_GRID = tuple(one for one in HISTORY_QUESTIONS if one is not Question.PIGMENTED)
_HINT = "Anything else that helps, in your own words"


class HistoryPage(Page):
    """The page with questions, notes and free text at the left, the checklist at the right."""

    submitted = Signal(object, str)  # History, free text
    edited = Signal(dict)  # what was entered so far, for the draft

    def __init__(self, lesion_label: str, site_words: str) -> None:
        super().__init__(f"{lesion_label}: history of {site_words}", column_px=PAGE_MAX_PX)
        self._draft_timer = timer(self, DRAFT_AFTER_MS, once=True)
        self._draft_timer.timeout.connect(self.flush_draft)
        self.questions: dict[Question, YesNo] = {
            one: YesNo(QUESTION_WORDS[one]) for one in _IN_GRID
        }
        self.notes: dict[Note, QLineEdit | QComboBox] = {}
        self._told = Answer.NOT_ASKED  # as answered here earlier; now asked on the summary
        across = SideBySide()
        self.seven = SevenPoints()
        self.seven.edited.connect(self._draft_timer.start)
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        left.addLayout(self._make_lesion())
        left.addWidget(self._make_patient())
        self._problem = Problem()
        left.addStretch(1)
        for made in self.questions.values():
            made.answered.connect(self._on_answered)
        self.text = Prose("In your own &words", _HINT, HISTORY_MAX_CHARS, height_px=52)
        self.text.edited.connect(self._draft_timer.start)
        right = QVBoxLayout()
        right.setSpacing(Space.S)
        right.addWidget(self.seven)
        right.addWidget(self._problem)
        right.addWidget(self.text, 1)
        across.addLayout(left, 1)
        across.addLayout(right)
        across.keep_width(self.seven, self.seven.minimumWidth())
        self.content.addLayout(across, 1)
        self.set_primary("&Continue").clicked.connect(self._on_primary)
        self.set_back()
        self.set_first(self.questions[Question.SEVERAL])

    def show_history(self, history: History, text: str) -> None:
        """Show a history that was recorded earlier."""
        for one, made in self.questions.items():
            made.show_answer(history.answer(one))
        self._told = history.answer(Question.TOLD_OF_CANCER)
        for note, field in self.notes.items():
            _show_note(field, history.notes.get(note, ""))
        self.seven.follow(points_from(history.answers, history.notes))
        self.seven.show_points(
            history.points,
            history.answer(Question.PIGMENTED),
            acknowledged=history.acknowledged,
        )
        self.text.set_text(text)
        known = about_patient(history)
        self.fold.setChecked(bool(known.answers or known.notes))
        self._show_folded()
        self._draft_timer.stop()

    def load_draft(self, draft: dict[str, Any]) -> None:
        """Show the draft emitted by `edited` before the page was left."""
        answers = {Question(one): Answer(given) for one, given in draft["answers"].items()}
        notes = {Note(note): text for note, text in draft["notes"].items()}
        points = None if draft["points"] is None else frozenset(map(Point, draft["points"]))
        history = History(answers, notes, points, draft["acknowledged"])
        self.show_history(history, draft["text"])

    def flush_draft(self) -> None:
        """Emit the entries at once if a change is still to be emitted."""
        self._draft_timer.stop()
        points = self.seven.points
        self.edited.emit(
            {
                "answers": {
                    one.value: answer.value
                    for one, answer in self._answers().items()
                    if answer.is_asked
                },
                "notes": {note.value: text for note, text in self._notes().items() if text},
                "points": None if points is None else sorted(one.value for one in points),
                "acknowledged": self.seven.acknowledged,
                "text": self.text.text(),
            }
        )

    @property
    def problem(self) -> str:
        """Return the words about what is wrong."""
        return self._problem.words

    def _make_lesion(self) -> QVBoxLayout:
        """Make the part about the lesion."""
        asked = [one for one in self.questions if one not in PATIENT_QUESTIONS]
        noted = [note for note in Note if note not in PATIENT_NOTES]
        column = QVBoxLayout()
        column.setSpacing(Space.S)
        column.addLayout(self._make_questions(asked))
        column.addLayout(self._make_notes(noted))
        return column

    def _make_patient(self) -> QWidget:
        """Make the part about the patient: what is asked of everybody, and what is optional."""
        self.fold = Fold("about the patient")
        self.more = Fold("what is optional")
        self.more.setChecked(True)
        self._optional = column_of(
            self._make_questions(list(OPTIONAL_QUESTIONS)), self._make_notes(list(PATIENT_NOTES))
        )
        asked = [one for one in PATIENT_QUESTIONS if one not in OPTIONAL_QUESTIONS]
        self._known = WrapLabel("", "small")
        self._patient = column_of(
            self._make_questions(asked),
            row_of(label("For surgery, and background (optional)", "strong"), None, self.more),
        )
        frame, inside = card()
        inside.setContentsMargins(Space.L, Space.XS, Space.L, Space.XS)
        inside.setSpacing(0)
        inside.addLayout(row_of(label("About the patient", "heading"), self._known, self.fold))
        inside.addWidget(self._patient)
        inside.addWidget(self._optional)
        for fold in (self.fold, self.more):
            fold.toggled.connect(self._show_folded)
        self._show_folded()
        return frame

    def _show_folded(self) -> None:
        self._patient.setHidden(self.fold.isChecked())
        self._optional.setHidden(self.fold.isChecked() or self.more.isChecked())
        answers, notes = self._answers(), self._notes()
        given = sum(answers[one].is_asked for one in PATIENT_QUESTIONS)
        given += sum(bool(notes[note].strip()) for note in PATIENT_NOTES)
        count = f"{given} of {len(PATIENT_QUESTIONS) + len(PATIENT_NOTES)} answered"
        self._known.setText(f"Asked once for all lesions. {count}.")

    def _make_questions(self, asked: list[Question]) -> FoldingGrid:
        grid = FoldingGrid(_COLUMNS, Space.S)
        grid.setVerticalSpacing(0)
        for one in asked:
            grid.add(self.questions[one])
        return grid

    def _make_notes(self, noted: list[Note]) -> FoldingGrid:
        grid = FoldingGrid(_NOTE_COLUMNS)
        grid.setVerticalSpacing(Space.XS)
        for note in noted:
            field = self._make_note(note)
            self.notes[note] = field
            title = label(NOTE_WORDS[note], "small")
            title.setBuddy(field)
            field.setAccessibleName(NOTE_WORDS[note])
            both = QWidget()
            column = QVBoxLayout(both)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(title)
            column.addWidget(field)
            grid.add(both)
        return grid

    def _make_note(self, note: Note) -> QLineEdit | QComboBox:
        if note in CHOICES:
            choice = Choice()
            choice.addItem("Not asked", "")
            for one in CHOICES[note]:
                choice.addItem(one[0].upper() + one[1:], one)
            choice.currentIndexChanged.connect(lambda _: self._on_answered())
            return choice
        edit = QLineEdit()
        edit.setMaxLength(NOTE_MAX_CHARS)
        edit.setPlaceholderText("Not asked")
        edit.textEdited.connect(lambda _: self._on_answered())
        return edit

    def _on_answered(self) -> None:
        """Let the 7-point list follow the answers."""
        self.seven.follow(points_from(self._answers(), self._notes()))
        self._show_folded()
        self._draft_timer.start()

    def _answers(self) -> dict[Question, Answer]:
        given: dict[Question, Answer] = {one: made.answer for one, made in self.questions.items()}
        given[Question.TOLD_OF_CANCER] = self._told
        return {**given, Question.PIGMENTED: self.seven.pigmented.answer}

    def _notes(self) -> dict[Note, str]:
        return {note: _note(field) for note, field in self.notes.items()}

    def _on_primary(self) -> None:
        self._problem.show_words("")
        try:
            history = made_history(
                self._answers(),
                self._notes(),
                self.seven.points,
                acknowledged=self.seven.acknowledged,
            )
        except StationError as trouble:
            words = message_for(trouble)
            self._problem.show_words(f"{words.what} {words.todo}")
            self.lead_to(self._wrong(str(trouble.facts.get("note", ""))))
            return
        if self.text.check():
            self._draft_timer.stop()
            self.submitted.emit(history, self.text.text())

    def _wrong(self, words: str) -> QWidget:
        return next((self.notes[note] for note in Note if NOTE_WORDS[note] == words), self.text)


def _note(field: QLineEdit | QComboBox) -> str:
    return str(field.currentData()) if isinstance(field, QComboBox) else field.text()


def _show_note(field: QLineEdit | QComboBox, text: str) -> None:
    if isinstance(field, QComboBox):
        field.setCurrentIndex(max(0, field.findData(text)))
    else:
        field.setText(text)
