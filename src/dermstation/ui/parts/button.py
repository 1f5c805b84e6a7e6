"""Buttons of a uniform look. GUI thread."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton

from dermstation.ui.parts.icon import icon
from dermstation.ui.theme import TARGET_PX, Colour

_ICON_PX = 20


class _Button(QPushButton):
    """A button of a least width that is never narrower than its text.

    Qt lets a fixed least width win over the room that the text needs.
    """

    def __init__(self, text: str, least_px: int) -> None:
        super().__init__(text)
        self._least = QSize(least_px, 0)

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return super().sizeHint().expandedTo(self._least)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which nothing is lost."""
        return super().minimumSizeHint().expandedTo(self._least)


def button(text: str, role: str = "secondary", least_px: int = 0) -> QPushButton:
    """Return a button with a role of the style sheet; an ampersand marks its mnemonic."""
    made = _Button(text, least_px)
    made.setProperty("role", role)
    made.setMinimumHeight(TARGET_PX)
    made.setAccessibleName(plain(text))
    return made


def icon_button(name: str, words: str) -> QPushButton:
    """Return a square button with an icon; `words` say what it does."""
    made = button("", "icon")
    made.setIcon(icon(name, Colour.INK, _ICON_PX))
    made.setIconSize(QSize(_ICON_PX, _ICON_PX))
    made.setAccessibleName(words)
    made.setToolTip(words)
    made.setFixedWidth(TARGET_PX)
    return made


def plain(text: str) -> str:
    """Return a button's text without the mnemonic's ampersand; a doubled one is literal."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def literal(text: str) -> str:
    """Return text escaped so that a button shows its ampersands."""
    return text.replace("&", "&&")
