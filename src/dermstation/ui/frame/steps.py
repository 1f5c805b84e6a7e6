"""The strip that shows the steps of the walk. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QSpacerItem, QWidget

from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import label
from dermstation.ui.theme import Colour, Space, Type, set_role, sized_font

STEP_NAMES = (
    "Patient",
    "Consent",
    "Lesion",
    "Pictures",
    "Summary",
    "Package",
    "Hand-over",
    "Done",
)
HEIGHT_PX = 40


class Steps(QFrame):
    """A strip of steps: done ones have a tick, the current one a dot and bold words."""

    def __init__(self, names: Sequence[str] = STEP_NAMES) -> None:
        super().__init__()
        self.setProperty("role", "steps")
        self.setFixedHeight(HEIGHT_PX)
        self._names = tuple(names)
        self._icons = [IconBox(size_px=18) for _ in names]
        self._words = [label(name) for name in names]
        bold = QFontMetrics(sized_font(Type.BODY, bold=True))
        for word in self._words:  # as wide as in bold, so that the strip never shifts
            word.setFixedWidth(bold.horizontalAdvance(word.text()) + Space.XS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addSpacerItem(_gap(Space.XL))
        for place, (icon, word) in enumerate(zip(self._icons, self._words, strict=True)):
            if place:
                layout.addStretch(1)
            layout.addWidget(self._pair(icon, word))
        layout.addSpacerItem(_gap(Space.XL))
        self.show_step(self._names[0])

    def show_step(self, name: str) -> None:
        """Mark the step of that name as the current one. Raises ValueError for an unknown name."""
        current = self._names.index(name)
        for place, (icon, word) in enumerate(zip(self._icons, self._words, strict=True)):
            if place < current:
                icon.show_icon("done", Colour.GOOD)
                set_role(word, "body")
            elif place == current:
                icon.show_icon("now", Colour.BRAND)
                set_role(word, "strong")
            else:
                icon.show_icon("todo", Colour.INK_SOFT)
                set_role(word, "soft")
        self.setAccessibleName(f"Step {current + 1} of {len(self._names)}: {name}")

    @staticmethod
    def _pair(icon: IconBox, word: QWidget) -> QWidget:
        pair = QWidget()
        layout = QHBoxLayout(pair)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addSpacerItem(_gap(Space.S))
        layout.addWidget(word)
        return pair


def _gap(width_px: int) -> QSpacerItem:
    """Return a gap that gives way if the window is narrow."""
    return QSpacerItem(width_px, 0, QSizePolicy.Policy.Maximum)
