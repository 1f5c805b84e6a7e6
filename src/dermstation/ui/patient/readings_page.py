"""Ask how an incoming patient's name is written, if the file can be read in several ways.

GUI thread. No way is chosen beforehand, and no key that was meant for an earlier page chooses one.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton

from dermstation.domain.character_sets import TITLES
from dermstation.ui.parts.button import button
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, day_words, label
from dermstation.ui.theme import Space
from dermstation.workflow.patient_file import PatientReading, PatientReadings

_TITLE = "How is this patient\u2019s name written?"
_SEVERAL = (
    "The record system does not say how its letters are to be read."
    " Choose the name that is in the patient\u2019s record."
)
_ONE = (
    "The letters in the record system\u2019s file are not of the kind that was expected."
    " Compare this name with the patient\u2019s record."
)
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class ReadingsPage(Page):
    """The ways to read the name, one button each, and one for none of them."""

    chosen = Signal(object)  # TypedPatient

    def __init__(self, readings: PatientReadings) -> None:
        super().__init__(_TITLE, _SEVERAL if len(readings.choices) > 1 else _ONE)
        self.buttons: list[QPushButton] = []
        patient = readings.choices[0].patient
        facts = f"Born {day_words(patient.born_on)}, NHS {patient.nhs_number}"
        self.content.addWidget(WrapLabel(facts, "title"))
        for choice in readings.choices:
            self._add(choice)
        self.content.addStretch(1)
        self.none = self.add_secondary("&None of these")
        self.set_back("B&ack")
        self.set_first(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from name to name with the arrows; Enter chooses only the one that has the focus."""
        if event.key() not in _STEPS:
            super().keyPressEvent(event)
            return
        focused = self.focusWidget()
        place = self.buttons.index(focused) if focused in self.buttons else None
        by = _STEPS[Qt.Key(event.key())]
        wanted = (0 if by > 0 else -1) if place is None else place + by
        if -1 <= wanted < len(self.buttons):
            self.lead_to(self.buttons[wanted])

    def _add(self, choice: PatientReading) -> None:
        patient = choice.patient
        name = f"{patient.family_name}, {patient.given_name}"
        frame, inside = card()
        inside.setSpacing(Space.S)
        inside.addWidget(WrapLabel(name, "display"))
        if choice.character_set in TITLES:
            inside.addWidget(label(f"Read as {TITLES[choice.character_set]}", "soft", wrap=True))
        made = button(f"&{len(self.buttons) + 1}  This is the name")
        made.setAccessibleName(f"This is the name: {name}")
        made.clicked.connect(lambda: self.chosen.emit(patient))
        inside.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        self.buttons.append(made)
        self.content.addWidget(frame)
