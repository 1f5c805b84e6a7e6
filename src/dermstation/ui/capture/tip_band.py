"""A tip beside the picture for operators who rarely take this shot. GUI thread.

It covers nothing and blocks nothing: the shutter works while it is shown.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from dermstation.ui.parts.button import icon_button
from dermstation.ui.parts.drawing import Drawing
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import Space
from dermstation.workflow.capture_keys import Tool, row_of
from dermstation.workflow.how_to import Tip

_DRAWING_PX = 72
_CLOSE = "Close this tip. It comes back only if you have not taken this shot for a while."


class TipBand(QFrame):
    """A drawing, a sentence, and a button that closes the tip."""

    dismissed = Signal(object)  # ShotKind

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "band-info")
        self._tip: Tip | None = None
        self._drawing: QWidget | None = None
        self._words = WrapLabel(role="tip")
        self.close_button = icon_button("close", _CLOSE)
        self.close_button.clicked.connect(self._on_closed)
        self._across = QHBoxLayout(self)
        self._across.setContentsMargins(Space.S, Space.XS, Space.S, Space.XS)
        self._across.setSpacing(Space.S)
        self._across.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        self._across.addWidget(self.close_button)
        self.hide()

    def show_tip(self, tip: Tip | None) -> None:
        """Show a tip; None removes it."""
        if self._drawing is not None:
            self._across.removeWidget(self._drawing)
            self._drawing.deleteLater()
            self._drawing = None
        self._tip = tip
        if tip is not None:
            self._drawing = Drawing(tip.drawing, "", _DRAWING_PX)
            self._across.insertWidget(0, self._drawing)
            self._words.setText(f"{tip.words} More: {row_of(Tool.HOW).key}.")
            self.setAccessibleName(f"Tip. {tip.words}")
        self.setVisible(tip is not None)

    @property
    def words(self) -> str:
        """Return the tip as shown; empty if there is none."""
        return self._words.text() if self._tip is not None else ""

    def _on_closed(self) -> None:
        tip = self._tip
        self.show_tip(None)
        if tip is not None:
            self.dismissed.emit(tip.shot)
