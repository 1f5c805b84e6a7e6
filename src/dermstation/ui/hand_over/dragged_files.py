"""Words that can be dragged into another program as files. GUI thread."""

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication

from dermstation.ui.parts.text import WrapLabel


class DraggedFiles(WrapLabel):
    """A label that stands for files; where it is dropped they are copied, never moved."""

    def __init__(self, words: str, files: Sequence[PurePath], role: str = "body") -> None:
        super().__init__(words, role)
        self._files = tuple(files)
        self._pressed_at: QPointF | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip("Drag into the program that takes the files")

    def files_to_drag(self) -> QMimeData:
        """Return the files as other programs take them."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in self._files])
        return data

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a drag may begin."""
        self._pressed_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag once the pointer has moved far enough to mean it."""
        moved = event.position() - (self._pressed_at or event.position())
        if moved.manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed_at = None
        drag = QDrag(self)
        drag.setMimeData(self.files_to_drag())
        drag.exec(Qt.DropAction.CopyAction)
