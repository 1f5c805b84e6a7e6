"""Show one of several widgets and take only the room of the one that is shown. GUI thread."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class Stack(QStackedWidget):
    """A stack as large as its present widget; Qt's own is as large as its largest."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def hasHeightForWidth(self) -> bool:
        """Tell that the height depends on the width."""
        present = self.currentWidget()
        return present is not None and present.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        """Give the height in px that a width in px needs."""
        present = self.currentWidget()
        return present.heightForWidth(width) if present is not None else -1

    def sizeHint(self) -> QSize:
        """Give the size the present widget likes."""
        present = self.currentWidget()
        return present.sizeHint() if present is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Give the smallest size of the present widget."""
        present = self.currentWidget()
        return present.minimumSizeHint() if present is not None else super().minimumSizeHint()
