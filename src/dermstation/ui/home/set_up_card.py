"""The steps of the set-up on an empty work list, each with the way to it. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from dermstation.ui.parts.button import button
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.theme import TARGET_PX, Colour, Space
from dermstation.workflow.first_steps import FirstStep, StepKind

_TITLES = {
    StepKind.PRACTICE: ("Practice name and ODS code", "Settings\u2026"),
    StepKind.CAMERAS: ("Test the cameras", "Cameras\u2026"),
    StepKind.OPERATORS: ("Add a nurse or a colleague", "Operators\u2026"),
    StepKind.BACKUP: ("Make a backup", "Back up\u2026"),
    StepKind.RECOVERY: ("The recovery key is in the practice\u2019s safe", ""),
    StepKind.TRIAL: ("Try a practice episode", "Practise\u2026"),
}


_MOST_PX = 760  # the way to a step stays near its words


class SetUpCard(QFrame):
    """A line for each step: whether it is done, what it is, and the button that leads to it."""

    wanted = Signal(object)  # StepKind

    def __init__(self, steps: Sequence[FirstStep]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setMaximumWidth(_MOST_PX)
        self.buttons: dict[StepKind, QPushButton] = {}
        inside = QVBoxLayout(self)
        inside.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        inside.setSpacing(0)
        inside.addWidget(label("Before the first patient", "heading"))
        inside.addSpacing(Space.S)
        for step in steps:
            inside.addLayout(self._make_line(step))

    def _make_line(self, step: FirstStep) -> QHBoxLayout:
        title, action = _TITLES[step.kind]
        picture, colour = ("good", Colour.GOOD) if step.is_done else ("todo", Colour.INK_SOFT)
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addStrut(TARGET_PX)
        mark = IconBox(picture, colour, 22)
        mark.setAccessibleName("Done" if step.is_done else "To do")
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(WrapLabel(title, "strong"))
        words.addWidget(WrapLabel(step.words, "small"))
        line.addLayout(words, 1)
        if action:
            made = button(action, "link")
            made.setAccessibleName(f"{title}: {action}")
            made.clicked.connect(lambda: self.wanted.emit(step.kind))
            self.buttons[step.kind] = made
            line.addWidget(made)
        return line
