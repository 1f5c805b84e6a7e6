"""A field for one line of text, with a line below for what is wrong with it. GUI thread."""

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dermstation.ui.parts.icon import draw_icon
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.theme import Colour, Space, set_mark, set_role

_NUMBER_PX = 96
_WIDE_PX = 240  # of a problem; it takes what the form has
_SIGN_PX = 16
_BESIDE_PX = _SIGN_PX + Space.S


class Problem(WrapLabel):
    """The line below a control that says what is wrong with it, or else a hint.

    It always takes up the same room, so that a form never jumps.
    """

    def __init__(self, hint: str = "", *, lines: int = 1) -> None:
        """Start with the hint, and with room for it and for `lines` of what may be wrong."""
        super().__init__(hint, "small")
        self._hint = hint
        self._blank = "\n" * (lines - 1)
        self._is_wrong = False

    def show_hint(self, hint: str) -> None:
        """Change the hint."""
        self._hint = hint
        self.show_words(self.words)

    def show_words(self, words: str) -> None:
        """Show what is wrong; an empty text brings the hint back."""
        self._is_wrong = bool(words)
        set_role(self, "error" if words else "small")
        self.setText(words or self._hint)

    @property
    def words(self) -> str:
        """Return what is shown as wrong, or an empty text."""
        return self.text() if self._is_wrong else ""

    def heightForWidth(self, width: int) -> int:
        """Return the room, which is the same with and without an error of so many lines."""
        hint = self.lines(self._hint, width, QFont.Weight.Normal)[1]
        wrong = (self._blank, self.words)
        room = width - _BESIDE_PX
        return max(hint, *(self.lines(words, room, QFont.Weight.DemiBold)[1] for words in wrong))

    def sizeHint(self) -> QSize:
        """Return the preferred size, which does not depend on what is wrong."""
        return QSize(_WIDE_PX, self.heightForWidth(_WIDE_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a sign and beside it what is wrong, or the hint."""
        if not self._is_wrong:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        draw_icon(painter, "poor", Colour.POOR, QRectF(0, 1, _SIGN_PX, _SIGN_PX))
        painter.setPen(self.palette().color(self.foregroundRole()))
        words, _ = self.lines(self.text(), self.width() - _BESIDE_PX)
        words.draw(painter, QPointF(_BESIDE_PX, 0))


class Field(QWidget):
    """A label, a line edit, and a line for a hint or for what is wrong with the text."""

    edited = Signal(str)

    def __init__(
        self,
        name: str,
        hint: str = "",
        *,
        edit: QLineEdit | None = None,
        unit: str = "",
        lines: int = 1,
    ) -> None:
        """Start empty, with room for `lines` of what may be wrong.

        A field with a `unit` takes a number and is only wide enough for one.
        """
        super().__init__()
        self.edit = edit or QLineEdit()
        self.problem = Problem(hint, lines=lines)
        self._hint = hint
        self._title = label(name, "strong")
        self._title.setBuddy(self.edit)
        self.edit.setAccessibleName(name)
        self.edit.setAccessibleDescription(hint)
        self.edit.textEdited.connect(self._on_edited)
        self._line = QHBoxLayout()
        self._line.setSpacing(Space.S)
        self._line.addWidget(self.edit, 0 if unit else 1)
        if unit:
            self.edit.setFixedWidth(_NUMBER_PX)
            self._line.addWidget(label(unit), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(self._title)
        layout.addLayout(self._line)
        layout.addWidget(self.problem)
        self.setFocusProxy(self.edit)

    def text(self) -> str:
        """Return the text typed."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Set the text without emitting `edited`."""
        self.edit.setText(text)
        self.show_error("")

    def rename(self, name: str) -> None:
        """Change the label of the field."""
        self._title.setText(name)
        self.edit.setAccessibleName(name)

    def show_error(self, words: str) -> None:
        """Show what is wrong with the text; an empty `words` means that nothing is."""
        self.problem.show_words(words)
        set_mark(self.edit, "wrong", "true" if words else "false")
        self.edit.setAccessibleDescription(words or self._hint)

    @property
    def error(self) -> str:
        """Return the problem shown, or an empty text."""
        return self.problem.words

    def _on_edited(self, text: str) -> None:
        self.show_error("")
        self.edited.emit(text)
