"""A button that opens a menu of what is wanted more rarely. GUI thread."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from dermstation.ui.parts.button import plain
from dermstation.ui.theme import TARGET_PX


class MenuButton(QPushButton):
    """A button with a menu below it; an empty menu hides it."""

    def __init__(self, text: str, spoken: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("role", "menu")
        self.setMinimumHeight(TARGET_PX)
        self.setAccessibleName(spoken or plain(text))
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self.hide()

    def add(self, words: str, *, apart: bool = False) -> QAction:
        """Add an entry at the end, set `apart` from those before it by a line."""
        if apart and not self._menu.isEmpty():
            self._menu.addSeparator()
        self.show()
        return self._menu.addAction(words)

    @property
    def words(self) -> list[str]:
        """Return the words of the entries."""
        return [one.text() for one in self._menu.actions() if not one.isSeparator()]
