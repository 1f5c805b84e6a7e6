"""A stack of widgets that takes up only the space of the one shown. GUI thread."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class Stack(QStackedWidget):
    """A stack as large as its current widget; Qt's own is as large as its largest."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def hasHeightForWidth(self) -> bool:
        """Return whether the height depends on the width."""
        present = self.currentWidget()
        return present is not None and present.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        """Return the height in px needed for a width in px."""
        present = self.currentWidget()
        return present.heightForWidth(width) if present is not None else -1

    def sizeHint(self) -> QSize:
        """Return the preferred size of the current widget."""
        present = self.currentWidget()
        return present.sizeHint() if present is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size of the current widget."""
        present = self.currentWidget()
        return present.minimumSizeHint() if present is not None else super().minimumSizeHint()
