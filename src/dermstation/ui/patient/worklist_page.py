"""List the patients whom a worklist server expects here today. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from dermstation.ui.parts.button import button
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, day_words, label
from dermstation.ui.theme import Space
from dermstation.workflow.worklist import ExpectedPatient

_TITLE = "Expected here today"
_ASKING = "The worklist server is being asked\u2026"
_INTRO = "Choose who is in the room. You then compare name and date of birth with the patient."
_NOBODY = "Nobody is expected at this station today."
_INCOMPLETE = "Some details are missing: you complete them."


class WorklistPage(Page):
    """One card for each patient, by time."""

    gives_way = True
    chosen = Signal(object)  # ExpectedPatient

    def __init__(self) -> None:
        super().__init__(_TITLE, _ASKING)
        self.buttons: list[QPushButton] = []
        self.again = self.add_secondary("Ask a&gain")
        self.again.setEnabled(False)
        self.content.addStretch(1)
        self.set_back("B&ack")
        self.set_first(self)

    def show_patients(self, patients: Sequence[ExpectedPatient]) -> None:
        """Show the answer of the server."""
        self.set_title(_TITLE, _INTRO if patients else _NOBODY)
        self.again.setEnabled(True)
        for one in patients:
            self._add(one)
        if not self.buttons:  # otherwise no key that was meant for another page chooses anybody
            self.lead_to(self.again)

    def show_none(self) -> None:
        """Show that there is no answer; the notice says why."""
        self.set_title(_TITLE, "")
        self.again.setEnabled(True)
        self.lead_to(self.again)

    def _add(self, one: ExpectedPatient) -> None:
        frame, inside = card()
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addWidget(WrapLabel(one.name, "strong"))
        words.addWidget(label(_facts(one), "soft", wrap=True))
        if one.patient is None:
            words.addWidget(label(_INCOMPLETE, "fair", wrap=True))
        begins = label(one.begins, "strong")
        begins.setMinimumWidth(begins.fontMetrics().horizontalAdvance("00:00") + Space.S)
        across.addWidget(begins, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(words, 1)
        made = button("Choose")
        made.setAccessibleName(f"Choose {one.name}")
        made.clicked.connect(lambda: self.chosen.emit(one))
        across.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(across)
        self.buttons.append(made)
        self.content.insertWidget(self.content.count() - 1, frame)


def _facts(one: ExpectedPatient) -> str:
    """Return what tells patients of one name apart, and what they come for."""
    born, number = one.typed["born_on"], one.typed["nhs_number"]
    if one.patient is not None:
        born, number = day_words(one.patient.born_on), str(one.patient.nhs_number)
    parts = (born and f"Born {born}", number and f"number {number}", one.what)
    return ", ".join(filter(None, parts))
