"""A plain cover over the whole window, for a moment in which somebody else looks. GUI thread.

It hides and locks nothing: the station goes on below it, and the idle lock runs.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dermstation.ui.parts.text import label

KEY = "Ctrl+H"


class PrivacyScreen(QWidget):
    """The cover: its key shows it, and any key or press takes it away."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Hidden. Press any key to show the station again.")
        self._over = over
        self._before: QWidget | None = None  # had the focus
        layout = QVBoxLayout(self)
        words = label("Hidden. Press any key, or click, to go on.", "soft")
        layout.addWidget(words, 0, Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()
        shown = QShortcut(QKeySequence(KEY), over)
        shown.setContext(Qt.ShortcutContext.WindowShortcut)
        shown.activated.connect(self.turn)

    def turn(self) -> None:
        """Cover the window, or uncover it."""
        if self.isVisible():
            self._over.removeEventFilter(self)
            self.hide()
            if self._before is not None and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            self._before = None
            return
        self._before = self._over.focusWidget()
        self._over.installEventFilter(self)  # not always: the window has many events
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() is QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Uncover the window; the key does nothing else."""
        if event.key() not in _MODIFIERS:
            self.turn()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Uncover the window; the press does nothing else."""
        self.turn()
        event.accept()


_MODIFIERS = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta)
