"""A traffic light: how good the live picture is, and the one thing to improve. GUI thread.

One light for everything measured. Nothing moves when it changes: each part has a fixed size.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from dermstation.domain.advice import advice_for
from dermstation.domain.quality import Aspect, Cause, QualityReport, Verdict
from dermstation.ui.parts.aspects import ASPECT_NAMES
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import ElidedLabel, label
from dermstation.ui.parts.verdict import VERDICT_STYLES
from dermstation.ui.theme import Colour, Space, set_role

_LAMP_PX = 44
_WORD_PX = 64
_ADVICE_LINES = 3
_LINE_PX = 24  # of a heading, on every platform
_READY = "Sharp and well lit: take the picture."
_NO_READING = "No live picture to judge yet."
_IN_BARS = (Aspect.FOCUS, Aspect.EXPOSURE)


class TrafficLight(QFrame):
    """The verdict as shape, colour and word, beside the advice for its worst cause."""

    def __init__(self) -> None:
        super().__init__()
        self._lamp = IconBox(size_px=_LAMP_PX)
        self._word = label(role="strong")
        self._word.setFixedWidth(_WORD_PX)
        self._word.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._advice = label(role="heading", wrap=True)
        self._advice.setFixedHeight(_ADVICE_LINES * _LINE_PX)
        self._advice.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(self._lamp, 0, Qt.AlignmentFlag.AlignHCenter)
        left.addWidget(self._word)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        layout.setSpacing(Space.S)
        layout.addLayout(left)
        layout.addWidget(self._advice, 1)
        self._others = ElidedLabel(role="strong")
        self._shown: tuple[str, ...] = ()
        self.show_report(None)

    @property
    def others(self) -> ElidedLabel:
        """Return the line for aspects without a bar of their own; the panel places it."""
        return self._others

    def show_report(self, report: QualityReport | None) -> None:
        """Show the verdict on the live picture, or None if there is none."""
        if report is None:
            self._show("todo", Colour.INK_SOFT, "\u2013", _NO_READING, "band-info")
            self._others.setText("")
            return
        style = VERDICT_STYLES[report.verdict]
        worst = _first(report)
        advice = advice_for(worst, report.shot) if worst else _READY
        self._show(style.icon, style.colour, style.word, advice, style.panel_role)
        others = [
            f"{ASPECT_NAMES[found.aspect]} {found.verdict.value}"
            for found in report.judgements
            if found.aspect not in _IN_BARS
            and found.cause is not worst
            and found.verdict is not Verdict.GOOD
        ]
        self._others.setText("  \u00b7  ".join(others))

    @property
    def words(self) -> str:
        """Return the verdict and advice as shown."""
        return f"{self._word.text()}. {self._advice.text()}"

    def _show(self, icon: str, colour: Colour, word: str, advice: str, role: str) -> None:
        if (icon, advice) == self._shown:
            return
        self._shown = (icon, advice)
        self._lamp.show_icon(icon, colour)
        self._word.setText(word)
        self._advice.setText(advice)
        set_role(self, role)
        self.setAccessibleName(f"Live picture: {self.words}")


def _first(report: QualityReport) -> Cause | None:
    return report.causes[0] if report.causes else None
