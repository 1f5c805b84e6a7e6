"""A field for free text of limited length. GUI thread."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from dermstation.ui.parts.button import plain
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.text import label
from dermstation.ui.theme import Space, set_mark

# The form behind "History" asks for the minimum data set; this hint is for the rest.
HISTORY_HINT = (
    "How long it has been there, how it has changed. \u201cHistory\u201d asks for the rest."
)


class Prose(QWidget):
    """A label, a text of several lines, and a line for what is wrong. Tab leaves the text.

    An ampersand in the name marks the key that leads here with Alt.
    """

    edited = Signal()

    def __init__(self, name: str, hint: str, max_chars: int, *, height_px: int = 96) -> None:
        super().__init__()
        self._max_chars = max_chars
        self.edit = _Text(height_px)
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleName(plain(name))
        self.edit.setAccessibleDescription(hint)
        self.edit.textChanged.connect(self._on_changed)
        self.problem = Problem()
        title = label(name, "strong")
        title.setBuddy(self.edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(title)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.problem)
        self.setFocusProxy(self.edit)

    def text(self) -> str:
        """Return the text typed."""
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Set the text without emitting `edited`."""
        blocked = self.edit.blockSignals(True)
        self.edit.setPlainText(text)
        self.edit.blockSignals(blocked)
        self._show_length()

    def check(self) -> bool:
        """Return whether the text is short enough; if it is not, give it the focus."""
        fits = len(self.text()) <= self._max_chars
        if not fits:
            self.edit.setFocus()
        return fits

    def _on_changed(self) -> None:
        self._show_length()
        self.edited.emit()

    def _show_length(self) -> None:
        over = len(self.text()) - self._max_chars
        words = f"{over} characters too long (limit {self._max_chars:,})." if over > 0 else ""
        self.problem.show_words(words)
        set_mark(self.edit, "wrong", "true" if words else "false")


class _Text(QPlainTextEdit):
    def __init__(self, height_px: int) -> None:
        super().__init__()
        self._height_px = height_px
        self.setMinimumHeight(height_px)
        self.setTabChangesFocus(True)

    def sizeHint(self) -> QSize:
        """Return the preferred size: as low as possible, so that pages seldom scroll."""
        return QSize(240, self._height_px)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size, without the space that Qt reserves for scroll bars."""
        return QSize(120, self._height_px)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Ctrl+Enter to the page's primary button; Enter alone starts a new line."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)
