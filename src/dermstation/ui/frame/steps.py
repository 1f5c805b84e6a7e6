"""The steps of the walk, in the header: each by name, or without room for all "3 of 5  Pictures".

GUI thread.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import label
from dermstation.ui.theme import Colour, Space, Type, set_role, sized_font

STEP_NAMES = ("Patient", "Lesion", "Pictures", "Refer", "Hand over")
_ICON_PX = 14


class _Name(QLabel):
    """The name of a step, always as wide as in bold, so that the row never shifts."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setProperty("role", "small")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Return the size in bold."""
        bold = QFontMetrics(sized_font(Type.SMALL, bold=True))
        width = bold.horizontalAdvance(self.text()) + Space.XS
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the same size: a name is shown whole or not at all."""
        return self.sizeHint()


class Steps(QWidget):
    """A row of steps: done ones have a tick, the current one a dot and bold words."""

    def __init__(self, names: Sequence[str] = STEP_NAMES) -> None:
        super().__init__()
        self._names = tuple(names)
        self._icons = [IconBox(size_px=_ICON_PX) for _ in names]
        self._words = [_Name(name) for name in names]
        self._short = label(role="small-strong")
        self._pairs = [
            self._pair(icon, word) for icon, word in zip(self._icons, self._words, strict=True)
        ]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        for one in (*self._pairs, self._short):
            layout.addWidget(one)
        self.set_short(short=False)
        self.show_step(self._names[0])

    def set_short(self, *, short: bool) -> None:
        """Show only where the walk is, or the name of each step."""
        self._short.setVisible(short)
        for pair in self._pairs:
            pair.setVisible(not short)

    @property
    def names_px(self) -> int:
        """Return the width in px that the names of all steps need, shown or not."""
        gaps = Space.S * (len(self._pairs) - 1)
        return sum(pair.sizeHint().width() for pair in self._pairs) + gaps

    def show_step(self, name: str) -> None:
        """Mark the step of that name as the current one. Raises ValueError for an unknown name."""
        current = self._names.index(name)
        for place, (icon, word) in enumerate(zip(self._icons, self._words, strict=True)):
            if place < current:
                icon.show_icon("done", Colour.GOOD)
                set_role(word, "small")
            elif place == current:
                icon.show_icon("now", Colour.BRAND)
                set_role(word, "small-strong")
            else:
                icon.show_icon("todo", Colour.INK_SOFT)
                set_role(word, "small")
        count = len(self._names)
        self._short.setText(f"{current + 1} of {count}  {name}")
        self.setAccessibleName(f"Step {current + 1} of {count}: {name}")

    @staticmethod
    def _pair(icon: IconBox, word: QWidget) -> QWidget:
        pair = QWidget()
        layout = QHBoxLayout(pair)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(word)
        return pair
