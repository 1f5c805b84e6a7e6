"""A verdict, shown by word, shape and colour at once. GUI thread."""

from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QWidget

from dermstation.domain.quality import Verdict
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import label
from dermstation.ui.theme import Colour, Space, set_role


@dataclass(frozen=True, slots=True)
class VerdictStyle:
    """The style of one verdict."""

    word: str
    icon: str
    colour: Colour
    role: str
    panel_role: str


VERDICT_STYLES: dict[Verdict, VerdictStyle] = {
    Verdict.GOOD: VerdictStyle("Good", "good", Colour.GOOD, "good", "band-good"),
    Verdict.FAIR: VerdictStyle("Fair", "fair", Colour.FAIR, "fair", "band-warn"),
    Verdict.POOR: VerdictStyle("Poor", "poor", Colour.POOR, "poor", "band-error"),
}


class VerdictBadge(QWidget):
    """The icon and the word of a verdict, side by side."""

    def __init__(self, size_px: int = 20) -> None:
        super().__init__()
        self._icon = IconBox(size_px=size_px)
        self._word = label()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self._icon)
        layout.addWidget(self._word)
        layout.addStretch(1)

    def show_verdict(self, verdict: Verdict | None, absent: str = "No reading") -> None:
        """Show a verdict, or `absent` if there is none."""
        if verdict is None:
            self._icon.show_icon("todo", Colour.INK_SOFT)
            self._word.setText(absent)
            set_role(self._word, "soft")
        else:
            style = VERDICT_STYLES[verdict]
            self._icon.show_icon(style.icon, style.colour)
            self._word.setText(style.word)
            set_role(self._word, style.role)
        self.setAccessibleName(self._word.text())

    @property
    def words(self) -> str:
        """Return the words as shown."""
        return self._word.text()
