"""A field for one line of text, with a line below for what is wrong with it. GUI thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.theme import Colour, Space, set_mark

_NUMBER_PX = 96


class Problem(QWidget):
    """The line below a control that says what is wrong with it."""

    def __init__(self, *, keeps_room: bool = False) -> None:
        """Start empty. With `keeps_room` it always takes up space, so that the form never jumps."""
        super().__init__()
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(keeps_room)
        self.setSizePolicy(policy)
        self._icon = IconBox(size_px=16)
        self._words = WrapLabel(role="error")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._words, 1)
        self.show_words("")

    def show_words(self, words: str) -> None:
        """Show what is wrong; an empty text hides the line."""
        self._icon.show_icon("poor" if words else "", Colour.POOR)
        self._words.setText(words)
        self.setVisible(bool(words))

    @property
    def words(self) -> str:
        """Return the text shown."""
        return self._words.text()


class Field(QWidget):
    """A label, a hint, a line edit, and a line for what is wrong with the text."""

    edited = Signal(str)

    def __init__(
        self, name: str, hint: str = "", *, edit: QLineEdit | None = None, unit: str = ""
    ) -> None:
        """Start empty. A field with a `unit` takes a number and is only wide enough for one."""
        super().__init__()
        self.edit = edit or QLineEdit()
        self.problem = Problem(keeps_room=True)
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
        if hint:
            layout.addWidget(label(hint, "small", wrap=True))
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
