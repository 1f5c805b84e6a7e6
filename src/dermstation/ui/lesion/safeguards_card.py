"""Ask what could identify the patient and, for an intimate site, about a chaperone.

Part of the lesion page, before the pictures. GUI thread.
"""

from collections.abc import Mapping
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QGridLayout, QLineEdit, QVBoxLayout

from dermstation.domain.errors import StationError
from dermstation.domain.lesion_facts import (
    NAMES_SOMEBODY,
    Chaperone,
    Identifiable,
    Safeguards,
    check_safeguards,
)
from dermstation.domain.text_limits import NAME_MAX_CHARS
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.text import WrapLabel
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
_QUESTION_PX = 190  # two lines
_IDENTIFIABLE: dict[StrEnum, str] = {
    Identifiable.NOT_ASKED: "Not asked",
    Identifiable.NOTHING: "Nothing",
    Identifiable.FACE: "The face",
    Identifiable.TATTOO: "A tattoo",
    Identifiable.OTHER: "Another feature",
}
_CHAPERONE: dict[StrEnum, str] = {
    Chaperone.NOT_ASKED: "Not offered yet",
    Chaperone.PRESENT: "Offered, present",
    Chaperone.DECLINED: "Offered, declined",
}


class SafeguardsCard(QFrame):
    """Two questions, each with the choices that follow from its answer."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.identifiable = _choice("What could identify the patient", _IDENTIFIABLE)
        self.without = QComboBox()
        self.without.setAccessibleName("What to do about it")
        self.without.addItems(["Cover it", "Send no pictures"])
        self.intimate = QCheckBox("Intimate")
        self.intimate.setAccessibleName("The patient considers this site intimate")
        self.chaperone = _choice("Chaperone", _CHAPERONE)
        self.name = QLineEdit()
        self.name.setMaxLength(NAME_MAX_CHARS)
        self.name.setPlaceholderText("Name")
        self.name.setAccessibleName("Name of the chaperone")
        self.talk = WrapLabel(TALK, "small")
        self._problem = Problem()
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.S)
        question = WrapLabel("Could the pictures identify the patient?", "strong")
        question.setFixedWidth(_QUESTION_PX)  # so that map and sites stay side by side at 125 %
        grid.addWidget(question, 0, 0)
        grid.addWidget(self.identifiable, 0, 1)
        grid.addWidget(self.without, 0, 2)
        grid.addWidget(self.intimate, 1, 0)
        grid.addWidget(self.chaperone, 1, 1)
        grid.addWidget(self.name, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for held in (self.without, self.chaperone, self.name):
            policy = held.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            held.setSizePolicy(policy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        layout.setSpacing(Space.XS)
        layout.addLayout(grid)
        layout.addWidget(self.talk)
        layout.addWidget(self._problem)
        for choice in (self.identifiable, self.without, self.chaperone):
            choice.currentIndexChanged.connect(self._on_changed)
        self.intimate.toggled.connect(self._on_changed)
        self.name.textEdited.connect(self._on_changed)
        self._on_changed()

    def show_safeguards(self, found: Safeguards) -> None:
        """Show the safeguards recorded earlier."""
        self.blockSignals(True)
        self.identifiable.setCurrentIndex(self.identifiable.findData(found.identifiable.value))
        self.without.setCurrentIndex(int(found.without_pictures))
        self.intimate.setChecked(found.is_intimate)
        self.chaperone.setCurrentIndex(self.chaperone.findData(found.chaperone.value))
        self.name.setText(found.chaperone_name)
        self._on_changed()
        self.blockSignals(False)

    def show_site(self, *, is_intimate: bool) -> None:
        """Tick "Intimate" and lock it if everybody would call the site intimate."""
        self.intimate.setEnabled(not is_intimate)
        if is_intimate:
            self.intimate.setChecked(True)

    def safeguards(self) -> Safeguards:
        """Return the safeguards chosen so far."""
        identifiable = Identifiable(self.identifiable.currentData())
        is_intimate = self.intimate.isChecked()
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

    def _on_changed(self) -> None:
        self._problem.show_words("")
        found = self.safeguards()
        self.without.setVisible(found.identifiable in NAMES_SOMEBODY)
        for shown in (self.chaperone, self.talk):
            shown.setVisible(found.is_intimate)
        self.name.setVisible(found.chaperone is Chaperone.PRESENT)
        self.edited.emit()


def _choice(name: str, words: Mapping[StrEnum, str]) -> QComboBox:
    made = QComboBox()
    for value, text in words.items():
        made.addItem(text, value.value)
    made.setAccessibleName(name)
    return made
