"""A button that copies the path of a file or folder. GUI thread."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QPushButton

from dermstation.ui.parts.button import icon_button
from dermstation.ui.parts.icon import icon
from dermstation.ui.theme import Colour


def copy_path_button(path: str, words: str) -> QPushButton:
    """Return a button named `words` that copies `path`, shows that it did, and announces it."""
    made = icon_button("copy", words)

    def copy() -> None:
        QGuiApplication.clipboard().setText(path)  # a path, nothing about the patient
        made.setIcon(icon("done", Colour.GOOD))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(made, "Path copied"))

    made.clicked.connect(copy)
    return made
