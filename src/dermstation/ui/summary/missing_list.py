"""What the chosen route still lacks: a line for each, which leads to where it is answered.

GUI thread. The lines come from `workflow.route_checks`; nothing is decided here.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dermstation.domain.routes import ROUTE_GUIDES, Route
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.theme import Colour, Space
from dermstation.workflow.route_checks import Missing

_LINE_PX = 40


class MissingLine(QPushButton):
    """One missing thing, as a link that wraps."""

    def __init__(self, missing: Missing) -> None:
        super().__init__()
        self.missing = missing
        self.setProperty("role", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"Still missing: {missing.words}")
        self._words = WrapLabel(missing.words, "link")
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        across = QHBoxLayout(self)
        across.setContentsMargins(Space.XS, Space.XS, Space.XS, Space.XS)
        across.setSpacing(Space.S)
        across.addWidget(IconBox("todo", Colour.FAIR, 18), 0, Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Return True: the words may need a second line."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height in px needed for a width in px."""
        layout = self.layout()
        needed = layout.heightForWidth(width) if layout is not None else 0
        return max(_LINE_PX, needed)

    def sizeHint(self) -> QSize:
        """Return the preferred size; the list gives it all its width."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which nothing is lost."""
        layout = self.layout()
        width = layout.minimumSize().width() if layout is not None else 0
        return QSize(width, _LINE_PX)


class MissingList(QFrame):
    """The card of missing things, or one line that nothing is missing."""

    chosen = Signal(object)  # Missing

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.lines: list[MissingLine] = []
        self._shown: tuple[Missing, ...] | None = None
        self._title = label("", "heading")
        self._whole = QWidget()
        across = QHBoxLayout(self._whole)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(Space.S)
        across.addWidget(IconBox("good", Colour.GOOD, 20))
        across.addWidget(WrapLabel("Nothing is missing.", "good"), 1)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        layout.setSpacing(Space.XS)
        layout.addWidget(self._title)
        layout.addLayout(self._column)
        layout.addWidget(self._whole)

    def show_missing(self, route: Route | None, found: Sequence[Missing]) -> None:
        """Show what is missing for a route; the focus stays in the list if it was there."""
        self.setAccessibleName(f"Still missing: {len(found)}")
        name = f" for {ROUTE_GUIDES[route].title}" if route is not None else ""
        self._title.setText("Still missing")
        self._title.setToolTip(f"Still missing{name}")
        self._title.setVisible(bool(found))
        self._whole.setVisible(not found)
        if self._shown == tuple(found):
            return
        self._shown = tuple(found)
        had_focus = any(line.hasFocus() for line in self.lines)
        for line in self.lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = [self._make_line(one) for one in found]
        if had_focus and self.lines:
            self.lines[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_line(self, missing: Missing) -> MissingLine:
        line = MissingLine(missing)
        line.clicked.connect(lambda: self.chosen.emit(missing))
        self._column.addWidget(line)
        return line
