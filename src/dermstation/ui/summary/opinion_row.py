"""Ask what the clinician thinks a lesion is, and what is uncertain. Part of the summary's card.

GUI thread. It asks and never proposes anything.
"""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from dermstation.domain.opinion import Opinion
from dermstation.domain.text_limits import SHORT_REASON_MAX_CHARS
from dermstation.ui.theme import Space


class OpinionRow(QWidget):
    """Two fields side by side, with their names inside them while they are empty."""

    def __init__(self, label: str, found: Opinion) -> None:
        super().__init__()
        self.diagnosis = _field("Working diagnosis", label, found.diagnosis)
        self.uncertain = _field("What is uncertain", label, found.uncertain)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.diagnosis, 1)
        layout.addWidget(self.uncertain, 1)

    def opinion(self) -> Opinion:
        """Return what was typed."""
        return Opinion(self.diagnosis.text(), self.uncertain.text())


def _field(name: str, label: str, text: str) -> QLineEdit:
    made = QLineEdit(text)
    made.setMaxLength(SHORT_REASON_MAX_CHARS)
    made.setPlaceholderText(name)
    made.setToolTip(name)
    made.setAccessibleName(f"{name} of {label}")
    made.setCursorPosition(0)
    made.editingFinished.connect(lambda: made.setCursorPosition(0))  # long ones are read from there
    return made
