"""A short form whose buttons stand below it, if the bottom of the window is far. GUI thread.

A notice has its room between form and buttons, so that it moves neither.
"""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from dermstation.ui.parts.folding import ANY_PX, FoldingArea
from dermstation.ui.theme import TARGET_PX, Space, set_mark

FAR_PX = 300  # from the end of the form to the middle of its buttons
_NOTICE_PX = 128
_FOOT_PX = TARGET_PX + 2 * Space.M + 1


class Following(QWidget):
    """The form and its foot, which fill their place unless the buttons would then be far."""

    def __init__(self, area: FoldingArea, foot: QFrame) -> None:
        super().__init__()
        self._form, self._foot = area.ground, foot
        self._block = QWidget()
        inside = QVBoxLayout(self._block)
        inside.addWidget(area, 1)
        inside.addWidget(foot)
        rows = QVBoxLayout(self)
        rows.addWidget(self._block, 1)
        rows.addStretch(0)
        for layout in (inside, rows):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        for followed in (self._form, foot):
            followed.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the foot."""
        super().resizeEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the form and the foot when they grow or shrink."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._place()
        elif event.type() is QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._place)  # not within the layout that resizes it
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        form_px, foot_px = _height_px(self._form), _height_px(self._foot)
        is_far = self.height() - form_px + Space.L - _FOOT_PX // 2 > FAR_PX
        set_mark(self._foot, "alone", "true" if is_far else "false")
        most_px = form_px + max(foot_px, _NOTICE_PX + _FOOT_PX) if is_far else ANY_PX
        if self._block.maximumHeight() != most_px:
            self._block.setMaximumHeight(most_px)


def _height_px(widget: QWidget) -> int:
    """Return the height that a widget needs at its width."""
    needed_px = widget.heightForWidth(widget.width())
    return needed_px if needed_px > 0 else widget.sizeHint().height()
