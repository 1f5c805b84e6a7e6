"""Ask for the sex in the patient's record. Part of the patient page; GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dermstation.domain.identity import Sex
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.text import label
from dermstation.ui.theme import Space

_WORDS = {
    Sex.NOT_RECORDED: "Not recorded",
    Sex.FEMALE: "Female",
    Sex.MALE: "Male",
    Sex.OTHER: "Other or indeterminate",
}


class SexChoice(QWidget):
    """A label, the choices and a hint; "Not recorded" is the first."""

    def __init__(self) -> None:
        super().__init__()
        self.choice = Choice()
        for sex, words in _WORDS.items():
            self.choice.addItem(words, sex.value)
        self.choice.setAccessibleName("Sex")
        title = label("Sex", "strong")
        title.setBuddy(self.choice)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        for one in (title, self.choice, label("As in the record", "small")):
            layout.addWidget(one)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)

    @property
    def sex(self) -> Sex:
        """Return the sex that is chosen."""
        return Sex(self.choice.currentData())

    def show_sex(self, value: str) -> None:
        """Show a sex by its value; anything else shows "Not recorded"."""
        self.choice.setCurrentIndex(max(0, self.choice.findData(value)))
