"""One step of a how-to: its drawing and its sentence. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from dermstation.ui.parts.drawing import Drawing
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import Space
from dermstation.workflow.how_to import HowToStep


class HowToStepCard(QFrame):
    """A card with the drawing above the words, or to their left if there is little height."""

    def __init__(self, number: int, step: HowToStep, width_px: int, *, beside: bool) -> None:
        super().__init__()
        self.setProperty("role", "card")
        layout = QHBoxLayout(self) if beside else QVBoxLayout(self)
        layout.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        layout.setSpacing(Space.S)
        top = Qt.AlignmentFlag.AlignTop
        words = WrapLabel(f"{number}. {step.words}")
        layout.addWidget(Drawing(step.drawing, step.shows, width_px), 0, top)
        layout.addWidget(words, 1, top)
