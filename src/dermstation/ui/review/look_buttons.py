"""Three buttons for looking closer, from further away, and at the whole. GUI thread."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from dermstation.ui.parts.button import button, icon_button
from dermstation.ui.review.look import STEP, Look
from dermstation.ui.theme import Space


class LookButtons(QWidget):
    """Change how closely pictures are looked at, for whoever has no wheel and no keys."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.further = icon_button("minus", "Look from further away (\u2212)")
        self.closer = icon_button("plus", "Look closer (+)")
        self.whole = button("&Whole")
        self.further.clicked.connect(lambda: look.zoom_by(1 / STEP))
        self.closer.clicked.connect(lambda: look.zoom_by(STEP))
        self.whole.clicked.connect(look.show_whole)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        for made in (self.further, self.closer, self.whole):
            layout.addWidget(made)
