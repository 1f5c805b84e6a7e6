"""Show the other files of the imported pictures on a card, and ask what becomes of them."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from dermstation.camera.card.pictures import Companion, Companions
from dermstation.ui.card import words
from dermstation.ui.parts.text import ElidedLabel, WrapLabel, card, count_words, label
from dermstation.ui.theme import Space
from dermstation.workflow.card_companions import Choice

_MOST_SHOWN = 4
_CERTAIN = {
    Choice.ERASE: "Erase them too",
    Choice.LEAVE: "Leave them; the certificate says so",
}
_POSSIBLE = {
    Choice.LEAVE: "Leave them; the certificate says so",
    Choice.ERASE: "Erase them too",
    Choice.OTHERS: "Not of these pictures",
}
_NOT_WHOLE = (
    "Part of the card could not be searched for other files of these pictures. The certificate will"
    " say so."
)


class CompanionsPanel(QWidget):
    """The files of each group, and the choice for it: the first one, until another is made."""

    def __init__(self, found: Companions) -> None:
        super().__init__()
        self._buttons: dict[bool, dict[Choice, QRadioButton]] = {}
        self._groups: list[QButtonGroup] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        certain = [one for one in found.files if one.is_certain]
        possible = [one for one in found.files if not one.is_certain]
        if certain:
            count = count_words(len(certain), "other file", "other files")
            heading = f"{count} of the same pictures: raw, film, sound, edited or second copies"
            layout.addWidget(self._group(heading, certain, _CERTAIN, is_certain=True))
        if possible:
            count = count_words(len(possible), "file", "files")
            heading = f"{count} in other folders with the same number or name: look at them first"
            layout.addWidget(self._group(heading, possible, _POSSIBLE, is_certain=False))
        if not found.is_whole:
            layout.addWidget(WrapLabel(_NOT_WHOLE, "poor"))
        self.setVisible(bool(found.files) or not found.is_whole)

    def choice(self, *, is_certain: bool) -> Choice:
        """Return what is to become of a group."""
        buttons = self._buttons.get(is_certain, {})
        return next((one for one, button in buttons.items() if button.isChecked()), Choice.LEAVE)

    def choose(self, choice: Choice, *, is_certain: bool) -> None:
        """Choose what is to become of a group."""
        self._buttons[is_certain][choice].setChecked(True)

    def _group(
        self,
        heading: str,
        files: Sequence[Companion],
        choices: Mapping[Choice, str],
        *,
        is_certain: bool,
    ) -> QWidget:
        frame, inside = card()
        inside.addWidget(WrapLabel(heading, "strong"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.XS)
        grid.setColumnStretch(0, 1)
        for row, one in enumerate(files[:_MOST_SHOWN]):
            grid.addWidget(ElidedLabel(words.companion_name(one)), row, 0)
            grid.addWidget(label(words.companion_facts(one), "soft"), row, 1)
        inside.addLayout(grid)
        if len(files) > _MOST_SHOWN:
            inside.addWidget(label(f"and {len(files) - _MOST_SHOWN} more", "soft"))
        group = QButtonGroup(self)
        self._groups.append(group)
        self._buttons[is_certain] = {}
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        for choice, text in choices.items():
            button = QRadioButton(text)
            button.setChecked(not self._buttons[is_certain])
            group.addButton(button)
            across.addWidget(button)
            self._buttons[is_certain][choice] = button
        across.addStretch(1)
        inside.addLayout(across)
        return frame
