"""Record who answered for the patient, capacity, and an interpreter. Part of the consent page.

Each question starts as "not asked", which is not "no". GUI thread.
"""

from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from dermstation.domain.consents import (
    BY_PATIENT,
    GIVER_WORDS,
    Answer,
    ConsentCircumstances,
    Giver,
    check_circumstances,
)
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.text_limits import NAME_MAX_CHARS
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.text import label
from dermstation.ui.theme import Space
from dermstation.workflow.messages import message_for

_CAPACITY = {
    Answer.NOT_ASKED: "Not recorded",
    Answer.YES: "Not in doubt",
    Answer.NO: "Cannot decide",
}
_INTERPRETER = {Answer.NOT_ASKED: "Not asked", Answer.NO: "No", Answer.YES: "Yes"}


class AnswersCard(QFrame):
    """Three short questions, two of them with a name."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.giver = _choice("Who answered", GIVER_WORDS)
        self.giver_name = _name("Name of the person who answered", "Their name")
        self.interpreter = _choice("Interpreter", _INTERPRETER)
        self.interpreter_name = _name("Name of the interpreter", "Name or number")
        self.capacity = _choice("The patient's capacity to decide", _CAPACITY)
        self.giver_role = _name("Role of the person who decided", "Their role")
        self._problem = Problem()
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.S)
        rows: tuple[tuple[QWidget, ...], ...] = (
            (label("Who answered", "strong"), self.giver, self.giver_name),
            (label("Interpreter", "strong"), self.interpreter, self.interpreter_name),
        )
        for row, widgets in enumerate(rows):
            for column, widget in enumerate(widgets):
                grid.addWidget(widget, row, column)
        for column in (1, 2):
            grid.setColumnStretch(column, 1)
        deciding = QGridLayout()
        deciding.setHorizontalSpacing(Space.M)
        deciding.setVerticalSpacing(Space.S)
        deciding.addWidget(label("Capacity to decide", "strong"), 0, 0)
        deciding.addWidget(self.capacity, 0, 1)
        self._role_title = label("Role of the decider", "strong")
        deciding.addWidget(self._role_title, 1, 0)
        deciding.addWidget(self.giver_role, 1, 1)
        deciding.setColumnStretch(1, 1)
        across = SideBySide(Space.M)
        across.addLayout(grid, 2)
        across.addLayout(deciding, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.XS)
        layout.addLayout(across)
        layout.addWidget(self._problem)
        for one in (self.giver, self.capacity, self.interpreter):
            one.currentIndexChanged.connect(self._on_changed)
        for edit in (self.giver_name, self.giver_role, self.interpreter_name):
            edit.textEdited.connect(lambda _text: self._problem.show_words(""))
        self.show_circumstances(ConsentCircumstances())

    def show_circumstances(self, found: ConsentCircumstances) -> None:
        """Show the answers recorded earlier."""
        for choice, value in (
            (self.giver, found.giver),
            (self.capacity, found.capacity),
            (self.interpreter, found.interpreter),
        ):
            choice.setCurrentIndex(choice.findData(value.value))
        self.giver_name.setText(found.giver_name)
        self.giver_role.setText(found.giver_role)
        self.interpreter_name.setText(found.interpreter_name)
        self._on_changed()

    def checked(self, *, given: bool) -> ConsentCircumstances | None:
        """Return the answers; if something is wrong with them, show it and return None."""
        found = self._circumstances()
        try:
            check_circumstances(found, given=given)
        except StationError as trouble:
            self._problem.show_words(str(message_for(trouble)))
            wrong: dict[ErrorCode, QWidget] = {
                ErrorCode.CONSENT_GIVER_MISSING: self.giver_name,
                ErrorCode.CONSENT_ROLE_MISSING: self.giver_role,
                ErrorCode.CONSENT_CAN_DECIDE: self.capacity,
            }
            wrong.get(trouble.code, self.giver).setFocus()
            return None
        return found

    @property
    def problem(self) -> str:
        """Return the words about what is wrong."""
        return self._problem.words

    def _circumstances(self) -> ConsentCircumstances:
        giver = Giver(self.giver.currentData())
        interpreter = Answer(self.interpreter.currentData())
        return ConsentCircumstances(
            giver,
            "" if giver in BY_PATIENT else " ".join(self.giver_name.text().split()),
            Answer(self.capacity.currentData()),
            interpreter,
            " ".join(self.interpreter_name.text().split()) if interpreter is Answer.YES else "",
            " ".join(self.giver_role.text().split()) if giver is Giver.BEST_INTERESTS else "",
        )

    def _on_changed(self) -> None:
        self._problem.show_words("")
        giver = Giver(self.giver.currentData())
        self.giver_name.setVisible(giver not in BY_PATIENT)
        for one in (self._role_title, self.giver_role):
            one.setVisible(giver is Giver.BEST_INTERESTS)
        self.interpreter_name.setVisible(self.interpreter.currentData() == Answer.YES.value)


def _choice(name: str, words: dict[Giver, str] | dict[Answer, str]) -> QComboBox:
    made = Choice()
    for value, text in words.items():
        made.addItem(text, value.value)
    made.setAccessibleName(name)
    return made


def _name(name: str, hint: str) -> QLineEdit:
    made = QLineEdit()
    made.setMaxLength(NAME_MAX_CHARS)
    made.setPlaceholderText(hint)
    made.setAccessibleName(name)
    policy = made.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    made.setSizePolicy(policy)
    return made
