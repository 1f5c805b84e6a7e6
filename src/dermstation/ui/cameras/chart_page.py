"""Show what a picture of the colour chart says of a camera. GUI thread."""

import cv2
import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.chart_check import (
    COLOUR_WORDS,
    EVENNESS_WORDS,
    ChartCheck,
    drift_words,
)
from dermstation.domain.quality import Verdict
from dermstation.imaging.codec import Bgr
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, day_words, label
from dermstation.ui.picture.live_view import LiveView
from dermstation.ui.theme import Colour, Space
from dermstation.workflow.chart_checking import ChartResult

_COLUMN_PX = 420
_OUTLINE_BGR = (61, 194, 255)
_COLOURS = {
    Verdict.GOOD: Colour.GOOD,
    Verdict.FAIR: Colour.FAIR,
    Verdict.POOR: Colour.POOR,
}
_PRINTED = (
    "The values are those that the sheet was drawn with: the printer's own colours count too. What"
    " changes from month to month is the camera or its light."
)


class ChartPage(Page):
    """The picture with the chart outlined at the left, the result at the right."""

    def __init__(self, result: ChartResult, first: ChartCheck | None) -> None:
        super().__init__("Colour chart", framed=False)
        self.view = LiveView()
        self.view.show_image(_outlined(result))
        left = QVBoxLayout()
        left.setSpacing(Space.S)
        left.addWidget(self.title)
        left.addWidget(self.view, 1)
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        across.addLayout(left, 1)
        across.addWidget(_said(result.check, first))
        self.content.addLayout(across, 1)
        self.keep = self.set_primary("&Keep the result")
        self.set_back("&Back without keeping")


def _said(check: ChartCheck, first: ChartCheck | None) -> QWidget:
    frame, inside = card()
    frame.setFixedWidth(_COLUMN_PX)
    inside.setSpacing(Space.M)
    inside.addWidget(WrapLabel(check.camera, "heading"))
    inside.addLayout(
        _line(
            check.colour,
            COLOUR_WORDS[check.colour],
            f"Median difference {check.median:.1f}, largest {check.worst:.1f} (CIEDE2000).",
        )
    )
    inside.addLayout(
        _line(
            check.evenness,
            EVENNESS_WORDS[check.evenness],
            f"It changes by {check.unevenness_stops:.1f} stops over the chart.",
        )
    )
    inside.addWidget(label("Sharpness", "strong"))
    inside.addWidget(WrapLabel(_sharpness(check), "small"))
    if first is not None:
        inside.addWidget(label(f"First check: {day_words(first.checked_on)}", "strong"))
        inside.addWidget(WrapLabel(drift_words(first, check)))
    inside.addStretch(1)
    inside.addWidget(WrapLabel(_PRINTED, "small"))
    return frame


def _line(verdict: Verdict, words: str, figures: str) -> QHBoxLayout:
    across = QHBoxLayout()
    across.setSpacing(Space.S)
    across.addWidget(IconBox(verdict.value, _COLOURS[verdict], 24))
    lines = QVBoxLayout()
    lines.setSpacing(0)
    lines.addWidget(WrapLabel(words, "strong"))
    lines.addWidget(WrapLabel(figures, "small"))
    across.addLayout(lines, 1)
    return across


def _sharpness(check: ChartCheck) -> str:
    if check.sharpness_cy_px is None or check.sharpness_lp_mm is None:
        return "Not measured: the chart is too small in the picture."
    return (
        f"Half of the contrast is left at {check.sharpness_lp_mm:.1f} line pairs a millimetre"
        f" ({check.sharpness_cy_px:.2f} cycles a pixel, MTF50)."
    )


def _outlined(result: ChartResult) -> Bgr:
    """Return the picture with the chart's outline drawn on it; nothing of it is kept."""
    shown = result.pixels.copy()
    corners = np.rint(np.array(result.place.corners)).astype(np.int32)
    thick = max(2, shown.shape[1] // 400)
    cv2.polylines(shown, [corners], isClosed=True, color=_OUTLINE_BGR, thickness=thick)
    return shown
