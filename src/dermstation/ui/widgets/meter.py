"""Show one live measure at a glance: bar, word, shape, and one advice. GUI thread."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dermstation.domain.quality import ADVICE, Aspect, Finding, Verdict
from dermstation.ui.theme import Colour, Space
from dermstation.ui.widgets.text import label
from dermstation.ui.widgets.verdict import LOOKS, VerdictBadge

_NAMES: dict[Aspect, str] = {
    Aspect.FOCUS: "Focus",
    Aspect.EXPOSURE: "Light",
    Aspect.GLARE: "Glare",
    Aspect.COLOUR: "Colour",
    Aspect.FRAMING: "Framing",
}
_FINE: dict[Aspect, str] = {
    Aspect.FOCUS: "Sharp.",
    Aspect.EXPOSURE: "Well lit.",
    Aspect.GLARE: "No shine.",
    Aspect.COLOUR: "True colours.",
    Aspect.FRAMING: "Well framed.",
}
_BAR_PX = 12
_ADVICE_LINES = 2
_SCORE_MAX = 100


class _Bar(QWidget):
    """A score from 0 to 100 as a filled bar."""

    def __init__(self) -> None:
        super().__init__()
        self._score: float | None = None
        self._colour = Colour.EDGE
        self.setFixedHeight(_BAR_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_score(self, score: float | None, colour: Colour) -> None:
        if (score, colour) != (self._score, self._colour):
            self._score, self._colour = score, colour
            self.update()

    def sizeHint(self) -> QSize:
        """Give the size it likes."""
        return QSize(200, _BAR_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(Colour.EDGE.value))
        painter.setBrush(QColor(Colour.SURFACE.value))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, 5, 5)
        if self._score:
            inside = frame.adjusted(1.5, 1.5, -1.5, -1.5)
            inside.setWidth(inside.width() * min(self._score, _SCORE_MAX) / _SCORE_MAX)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._colour.value))
            painter.drawRoundedRect(inside, 4, 4)


class Meter(QWidget):
    """Focus or light of the live picture."""

    def __init__(self, aspect: Aspect) -> None:
        super().__init__()
        self._aspect = aspect
        self._badge = VerdictBadge(18)
        self._bar = _Bar()
        self._advice = label(wrap=True)
        self._advice.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        top = QHBoxLayout()
        top.addWidget(label(_NAMES[aspect], "strong"))
        top.addStretch(1)
        top.addWidget(self._badge)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addLayout(top)
        layout.addWidget(self._bar)
        layout.addWidget(self._advice)
        self._advice.ensurePolished()
        room = self._advice.fontMetrics().lineSpacing() * _ADVICE_LINES
        self._advice.setFixedHeight(room)  # the column must not jump while the words change
        self.show_finding(None)

    def show_finding(self, finding: Finding | None) -> None:
        """Show a finding; None where there is no live picture to judge."""
        if finding is None:
            self._badge.show_verdict(None)
            self._bar.show_score(None, Colour.EDGE)
            words = ""
        else:
            self._badge.show_verdict(finding.verdict)
            self._bar.show_score(finding.score, LOOKS[finding.verdict].colour)
            words = self._words_for(finding)
        if words != self._advice.text():
            self._advice.setText(words)
        self.setAccessibleName(f"{_NAMES[self._aspect]}: {self._badge.words}. {words}".strip())

    @property
    def words(self) -> str:
        """Give verdict and advice as shown."""
        return f"{self._badge.words} {self._advice.text()}".strip()

    def _words_for(self, finding: Finding) -> str:
        if finding.cause is not None:
            return ADVICE[finding.cause]
        return _FINE[self._aspect] if finding.verdict is Verdict.GOOD else ""
