"""Buttons whose words go on in further lines if there is no room.

A widget asks for the room of its words in one line, and can do with that of the widest one. Its
width does not depend on the lines that are shown, so that the layout comes to rest. GUI thread.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy

if TYPE_CHECKING:
    _Button = QRadioButton  # or QCheckBox: a class of Qt can be inherited once alone
else:
    _Button = object


class _Words:
    """The words of a button, and the lines that they are broken into."""

    def __init__(self, button: QAbstractButton) -> None:
        self._button = button
        self.words = button.text()
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def lines(self, of_shown: QSize) -> str:
        """Return the words, broken to fit the button, of which `of_shown` is the wanted size."""
        room = self._button.width() - self._around(of_shown)
        lines: list[str] = []
        for word in self.words.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self._width(longer) > room:
                lines.append(word)
            else:
                lines[-1:] = [longer]
        return "\n".join(lines)

    def wanted(self, of_shown: QSize) -> QSize:
        """Return the size with all words in one line, as high as what is shown."""
        return QSize(self._around(of_shown) + self._width(self.words), of_shown.height())

    def least(self, of_shown: QSize) -> QSize:
        """Return the size with each word in its line, as high as what is shown."""
        widest = max(self._width(word) for word in self.words.split(" "))
        return QSize(self._around(of_shown) + widest, of_shown.height())

    def _around(self, of_shown: QSize) -> int:
        """Return the width of all that is not words."""
        return of_shown.width() - self._width(self._button.text())

    def _width(self, words: str) -> int:
        return self._button.fontMetrics().size(Qt.TextFlag.TextShowMnemonic.value, words).width()


class _Wrapping(_Button):
    """What a button and its words have to do with one another."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self._words = _Words(self)

    def setText(self, words: str) -> None:
        """Change the words."""
        self._words.words = words
        super().setText(self._words.lines(super().sizeHint()))

    def sizeHint(self) -> QSize:
        """Return the size for the words in one line."""
        return self._words.wanted(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        """Return the size for the widest word."""
        return self._words.least(super().sizeHint())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the words anew."""
        super().resizeEvent(event)
        self.setText(self._words.words)


class WrapRadio(_Wrapping, QRadioButton):
    """One of several choices, in as many lines as its words need."""


class WrapCheckBox(_Wrapping, QCheckBox):
    """A tick, in as many lines as its words need."""
