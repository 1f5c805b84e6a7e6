"""Ask what could identify the patient and, for an intimate site, about a chaperone.

Part of the lesion page, before the pictures. GUI thread.
"""

from collections.abc import Mapping
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
)

from dermstation.domain.consents import Answer
from dermstation.domain.errors import StationError
from dermstation.domain.lesion_facts import (
    NAMES_SOMEBODY,
    Chaperone,
    Identifiable,
    Safeguards,
    check_safeguards,
)
from dermstation.domain.text_limits import NAME_MAX_CHARS
from dermstation.ui.parts.button import button
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.parts.yes_no import YesNo
from dermstation.ui.theme import Space
from dermstation.workflow.messages import message_for

SOURCE = (
    "G-care: Use of images for clinical purposes; GMC: recordings of patients, and intimate"
    " examinations and chaperones"
)
TALK = (
    "Say why a picture helps, who will see it, and the risk that others might. Without one, the"
    " referral goes ahead all the same."
)
_IDENTIFIABLE: dict[Identifiable, str] = {
    Identifiable.NOTHING: "No",
    Identifiable.FACE: "Face",
    Identifiable.TATTOO: "Tattoo",
    Identifiable.OTHER: "Name, other",
}
_CHAPERONE: dict[StrEnum, str] = {
    Chaperone.NOT_ASKED: "Not offered yet",
    Chaperone.PRESENT: "Offered, present",
    Chaperone.DECLINED: "Offered, declined",
}


_ANSWERS = {None: Answer.NOT_ASKED, True: Answer.YES, False: Answer.NO}
_INTIMATE = {answer: is_intimate for is_intimate, answer in _ANSWERS.items()}


class SafeguardsCard(QFrame):
    """Two questions, each with the choices that follow from its answer."""

    edited = Signal()
    nothing_left = Signal()  # both were answered by one press, so that the page can go on

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._asked = WrapLabel("Face, tattoo or name visible?", "strong")
        self.neither = button("No to both, continue", "link")  # the usual case in one press
        self.neither.clicked.connect(self._on_neither)
        self._group = QButtonGroup(self)
        self.identifying = {one: button(words, "choice") for one, words in _IDENTIFIABLE.items()}
        self.without = Choice()
        self.without.setAccessibleName("What to do about it")
        self.without.addItems(["Cover it", "Send no pictures"])
        self.intimate = YesNo("Intimate site for the patient?")
        self._site_is_intimate = False
        self.chaperone = _choice("Chaperone", _CHAPERONE)
        self.name = QLineEdit()
        self.name.setMaxLength(NAME_MAX_CHARS)
        self.name.setPlaceholderText("Name")
        self.name.setAccessibleName("Name of the chaperone")
        self._problem = Problem(lines=2)
        self._lay_out()
        for choice in (self.without, self.chaperone):
            choice.currentIndexChanged.connect(self._on_changed)
        self._group.buttonClicked.connect(self._on_changed)
        self.intimate.answered.connect(self._on_changed)
        self.name.textEdited.connect(self._on_changed)
        self._on_changed()

    def _lay_out(self) -> None:
        who = QHBoxLayout()
        who.setSpacing(Space.XS)
        for made in self.identifying.values():
            made.setCheckable(True)
            made.setAccessibleName(f"{self._asked.text()} {made.text()}")
            self._group.addButton(made)
            who.addWidget(made, 1)
        offered = QHBoxLayout()
        offered.setSpacing(Space.S)
        offered.addWidget(self.chaperone, 1)
        offered.addWidget(self.name, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        layout.setSpacing(Space.XS)
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        top.addWidget(self._asked, 1, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.neither)
        top.addWidget(self.without)
        layout.addLayout(top)
        layout.addLayout(who)
        layout.addWidget(self.intimate)
        layout.addLayout(offered)
        layout.addWidget(self._problem)

    def show_safeguards(self, found: Safeguards) -> None:
        """Show the safeguards recorded earlier."""
        self.blockSignals(True)
        self._group.setExclusive(False)
        for one, made in self.identifying.items():
            made.setChecked(one is found.identifiable)
        self._group.setExclusive(True)
        self.without.setCurrentIndex(int(found.without_pictures))
        self.intimate.show_answer(_ANSWERS[found.is_intimate])
        self.chaperone.setCurrentIndex(self.chaperone.findData(found.chaperone.value))
        self.name.setText(found.chaperone_name)
        self._on_changed()
        self.blockSignals(False)

    def show_site(self, *, is_intimate: bool) -> None:
        """Answer that the site is intimate, and lock it, if everybody would call it so."""
        if is_intimate == self._site_is_intimate:
            return
        self._site_is_intimate = is_intimate
        self.intimate.setEnabled(not is_intimate)
        self.intimate.show_answer(Answer.YES if is_intimate else Answer.NOT_ASKED)
        self._on_changed()

    def safeguards(self) -> Safeguards:
        """Return the safeguards chosen so far."""
        identifiable = next(
            (one for one, made in self.identifying.items() if made.isChecked()),
            Identifiable.NOT_ASKED,
        )
        is_intimate = _INTIMATE[self.intimate.answer]
        chaperone = Chaperone(self.chaperone.currentData()) if is_intimate else Chaperone.NOT_ASKED
        name = " ".join(self.name.text().split()) if chaperone is Chaperone.PRESENT else ""
        without = identifiable in NAMES_SOMEBODY and self.without.currentIndex() == 1
        return Safeguards(is_intimate, chaperone, name, identifiable, without)

    def check(self) -> bool:
        """Return whether pictures may be taken; if not, show what is missing."""
        try:
            check_safeguards(self.safeguards())
        except StationError as trouble:
            words = message_for(trouble)
            self._problem.show_words(f"{words.what} {words.todo}")
            self.chaperone.setFocus()
            return False
        return True

    @property
    def problem(self) -> str:
        """Return the words about what is missing."""
        return self._problem.words

    def _on_neither(self) -> None:
        self.identifying[Identifiable.NOTHING].setChecked(True)
        self.intimate.show_answer(Answer.NO)
        if self.neither.hasFocus():
            self.intimate.setFocus()  # where Enter goes on to the next page
        self._on_changed()
        self.nothing_left.emit()

    def _on_changed(self) -> None:
        self._problem.show_words("")
        found = self.safeguards()
        is_open = found.identifiable is Identifiable.NOT_ASKED and found.is_intimate is None
        self.neither.setVisible(is_open)
        self.without.setVisible(found.identifiable in NAMES_SOMEBODY)
        self._problem.show_hint(TALK if found.is_intimate else "")
        self.chaperone.setVisible(bool(found.is_intimate))
        self.name.setVisible(found.chaperone is Chaperone.PRESENT)
        self.edited.emit()


def _choice(name: str, words: Mapping[StrEnum, str]) -> QComboBox:
    made = Choice()
    for value, text in words.items():
        made.addItem(text, value.value)
    made.setAccessibleName(name)
    return made
