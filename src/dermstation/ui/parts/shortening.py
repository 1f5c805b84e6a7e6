"""Texts that are shortened if the window is narrow, so that they never force it wider.

A widget asks for the room of its long text, and can do with that of its short one. Neither depends
on which is shown, so that the layout comes to rest. GUI thread.
"""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QPushButton, QSizePolicy

from dermstation.ui.parts.button import plain
from dermstation.ui.theme import TARGET_PX

_ROOM = QRect(0, 0, 2000, 2000)


class _Texts:
    """The two texts of a widget, and the room that each needs."""

    def __init__(self, widget: QAbstractButton | QLabel, words: str, short: str) -> None:
        self._widget = widget
        self.words, self.short = words, short
        widget.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set(self, words: str, short: str) -> None:
        """Change both texts."""
        self.words, self.short = words, short
        self._widget.setText(words)
        self._widget.updateGeometry()
        parent = self._widget.parentWidget()
        layout = parent.layout() if parent is not None else None
        if layout is not None and self._widget.isVisible():
            layout.activate()  # else the width would still be that of the texts before
            self.fit()

    def size(self, of_shown: QSize, words: str) -> QSize:
        """Return the size for `words`, from the size for the text that is shown."""
        width = self._width(words) - self._width(self._widget.text())
        return QSize(of_shown.width() + width, of_shown.height())

    def _width(self, words: str) -> int:
        """Return the width of a text as Qt measures it for this kind of widget."""
        metrics = self._widget.fontMetrics()
        if isinstance(self._widget, QLabel):
            return metrics.boundingRect(_ROOM, Qt.AlignmentFlag.AlignLeft.value, words).width()
        return metrics.size(Qt.TextFlag.TextShowMnemonic.value, words).width()

    def fit(self) -> None:
        """Show the long text if there is room for it."""
        is_roomy = self._widget.width() >= self._widget.sizeHint().width()
        wanted = self.words if is_roomy else self.short
        if self._widget.text() != wanted:
            self._widget.setText(wanted)


class ShortButton(QPushButton):
    """A button with a long and a short text; its spoken name is the long one."""

    def __init__(self, words: str, short: str, role: str = "secondary") -> None:
        super().__init__(words)
        self._texts = _Texts(self, words, short)
        self.setProperty("role", role)
        self.setMinimumHeight(TARGET_PX)
        self.setAccessibleName(plain(words))

    def set_texts(self, words: str, short: str) -> None:
        """Change both texts."""
        self.setAccessibleName(plain(words))
        self._texts.set(words, short)

    def sizeHint(self) -> QSize:
        """Return the size for the long text."""
        return self._texts.size(super().sizeHint(), self._texts.words)

    def minimumSizeHint(self) -> QSize:
        """Return the size for the short text."""
        return self._texts.size(super().sizeHint(), self._texts.short)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the text that there is room for."""
        super().resizeEvent(event)
        self._texts.fit()


class ShortCheckBox(QCheckBox):
    """A tick with a long and a short text; its spoken name is the long one."""

    def __init__(self, words: str, short: str) -> None:
        super().__init__(words)
        self._texts = _Texts(self, words, short)
        self.setAccessibleName(plain(words))

    def set_texts(self, words: str, short: str) -> None:
        """Change both texts."""
        self.setAccessibleName(plain(words))
        self._texts.set(words, short)

    def sizeHint(self) -> QSize:
        """Return the size for the long text."""
        return self._texts.size(super().sizeHint(), self._texts.words)

    def minimumSizeHint(self) -> QSize:
        """Return the size for the short text."""
        return self._texts.size(super().sizeHint(), self._texts.short)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the text that there is room for."""
        super().resizeEvent(event)
        self._texts.fit()


class ShortLabel(QLabel):
    """A label with a long and a short text."""

    def __init__(self, words: str, short: str, role: str = "body") -> None:
        super().__init__(words)
        self._texts = _Texts(self, words, short)
        self.setProperty("role", role)
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        """Return the size for the long text."""
        return self._texts.size(super().sizeHint(), self._texts.words)

    def minimumSizeHint(self) -> QSize:
        """Return the size for the short text."""
        return self._texts.size(super().sizeHint(), self._texts.short)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the text that there is room for."""
        super().resizeEvent(event)
        self._texts.fit()
