"""One live measurement in one line: name, bar and sign. GUI thread."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from dermstation.domain.quality import Aspect, Judgement
from dermstation.domain.shots import ShotKind
from dermstation.ui.parts.aspects import ASPECT_NAMES, advice_on
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import label
from dermstation.ui.parts.verdict import VERDICT_STYLES
from dermstation.ui.theme import Colour, Space

_BAR_PX = 10
_SIGN_PX = 18
_SCORE_MAX = 100
_NO_READING = "No reading"


class _Bar(QWidget):
    """A score from 0 to 100 as a filled bar."""

    def __init__(self) -> None:
        super().__init__()
        self._score: float | None = None
        self._colour = Colour.EDGE
        self.setFixedHeight(_BAR_PX)
        # saves repainting what is under it ten times a second
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_score(self, score: float | None, colour: Colour) -> None:
        score = round(score) if score is not None else None  # a smaller change cannot be seen
        if (score, colour) != (self._score, self._colour):
            self._score, self._colour = score, colour
            self.update()

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(60, _BAR_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
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
    """The meter for the focus or light of the live picture."""

    def __init__(self, aspect: Aspect) -> None:
        super().__init__()
        self._aspect = aspect
        self._bar = _Bar()
        self._sign = IconBox(size_px=_SIGN_PX)
        self._words = _NO_READING
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(label(ASPECT_NAMES[aspect], "small"))
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._sign)
        self.show_judgement(None)

    def show_judgement(self, judgement: Judgement | None, shot: ShotKind | None = None) -> None:
        """Show a judgement of a shot; None if there is no live picture to judge."""
        if judgement is None or shot is None:
            self._sign.show_icon("todo", Colour.INK_SOFT)
            self._bar.show_score(None, Colour.EDGE)
            self._words, advice = _NO_READING, ""
        else:
            style = VERDICT_STYLES[judgement.verdict]
            self._sign.show_icon(style.icon, style.colour)
            self._bar.show_score(judgement.score, style.colour)
            self._words, advice = style.word, advice_on(judgement, shot)
        name = f"{ASPECT_NAMES[self._aspect]}: {self._words}. {advice}".strip()
        self.setAccessibleName(name)
        self.setToolTip(name)

    @property
    def words(self) -> str:
        """Return the verdict as spoken."""
        return self._words
