"""The question how the dermatoscope's light is polarised. GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from dermstation.domain.records import Polarisation
from dermstation.ui.parts.button import button
from dermstation.ui.theme import Space
from dermstation.workflow.capture_keys import Act, row_of

_WORDS: dict[Polarisation | None, str] = {
    Polarisation.POLARISED: "Polarised",
    Polarisation.NON_POLARISED: "Non-polarised",
    None: "Not known",
}


class PolarisationChoice(QWidget):
    """Three buttons, one of them pressed: initially "Not known", which is an answer too."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._buttons: dict[Polarisation | None, QPushButton] = {}
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(Space.XS)
        row = row_of(Act.LIGHT)
        for answer, words in _WORDS.items():
            made = button(words, "choice")
            made.setCheckable(True)
            made.setMinimumHeight(40)
            made.setAccessibleName(f"Light of the dermatoscope: {words}. Press {row.key} to change")
            made.setToolTip(row.tip)
            self._group.addButton(made)
            self._buttons[answer] = made
            across.addWidget(made, 1)
        self.show_answer(None)
        self._group.buttonToggled.connect(self._on_toggled)

    def show_answer(self, answer: Polarisation | None) -> None:
        """Show an answer, chosen by the operator or reported by the device."""
        self._buttons[answer].setChecked(True)

    def ask_next(self) -> None:
        """Select the next answer, as the key does."""
        answers = list(_WORDS)
        self.show_answer(answers[(answers.index(self.answer) + 1) % len(answers)])

    @property
    def answer(self) -> Polarisation | None:
        """Return the answer; None means "not known"."""
        return next(answer for answer, made in self._buttons.items() if made.isChecked())

    def button(self, answer: Polarisation | None) -> QPushButton:
        """Return the button of an answer."""
        return self._buttons[answer]

    def _on_toggled(self, _made: object, checked: bool) -> None:
        if checked:
            self.chosen.emit()
