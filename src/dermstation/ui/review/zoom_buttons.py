"""Three buttons: zoom in, zoom out, and fit the pictures. GUI thread."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from dermstation.ui.parts.button import button, icon_button
from dermstation.ui.review.shared_zoom import STEP, SharedZoom
from dermstation.ui.theme import Space


class ZoomButtons(QWidget):
    """The buttons that zoom the pictures, for people who use neither wheel nor keys."""

    def __init__(self, zoom: SharedZoom) -> None:
        super().__init__()
        self.further = icon_button("minus", "Zoom out (\u2212)")
        self.closer = icon_button("plus", "Zoom in (+)")
        self.fit = button("&Fit")
        self.further.clicked.connect(lambda: zoom.zoom_by(1 / STEP))
        self.closer.clicked.connect(lambda: zoom.zoom_by(STEP))
        self.fit.clicked.connect(zoom.show_whole)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        for made in (self.further, self.closer, self.fit):
            layout.addWidget(made)
