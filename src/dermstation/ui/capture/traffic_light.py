"""A traffic light: how good the live picture is, and the one thing to improve. GUI thread.

One light for everything measured, read from 1.5 m with a hand on the patient. Its sign never
contradicts its words: it is green only if nothing is left to do, and grey without a live picture.
Nothing moves when it changes: each part has a fixed size.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from dermstation.domain.advice import IN_SHORT, advice_for
from dermstation.domain.quality import Aspect, QualityReport, Verdict
from dermstation.ui.capture.camera_words import not_judged
from dermstation.ui.parts.aspects import ASPECT_NAMES
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import ElidedLabel, WrapLabel, label
from dermstation.ui.parts.verdict import VERDICT_STYLES
from dermstation.ui.theme import Colour, Space, Type, set_role, sized_font

_LAMP_PX, _SMALL_LAMP_PX = 68, 44
_HEIGHT_PX, _SMALL_HEIGHT_PX = 108, 70  # of a line of large words and two of advice
_READY = ("Good", "Take the picture.")
_NO_READING = not_judged(is_live=False, only_at_rest=False)
_IN_BARS = (Aspect.FOCUS, Aspect.EXPOSURE)


class TrafficLight(QFrame):
    """A sign, two or three large words, and what to do about the worst cause."""

    def __init__(self) -> None:
        super().__init__()
        self._lamp = IconBox(size_px=_LAMP_PX)
        self._word = label(role="title")
        self._word.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._advice = WrapLabel()
        self._others = ElidedLabel(role="small-strong")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._word)
        words.addWidget(self._advice)
        words.addWidget(self._others)
        words.addStretch(1)
        self._across = QHBoxLayout(self)
        self._across.addWidget(self._lamp, 0, Qt.AlignmentFlag.AlignVCenter)
        self._across.addLayout(words, 1)
        self._shown: tuple[str, ...] = ()
        self._spoken = ""
        self._is_small = False
        self.set_small(small=False)
        self.show_report(None)

    def set_small(self, *, small: bool) -> None:
        """Use less room, in a low window."""
        self._is_small = small
        self._lamp.set_size(_SMALL_LAMP_PX if small else _LAMP_PX)
        self._others.setVisible(bool(self._others.text()) and not small)
        self.setFixedHeight(_SMALL_HEIGHT_PX if small else _HEIGHT_PX)
        self._across.setContentsMargins(Space.M, 0, Space.S, 0)
        self._across.setSpacing(Space.M if small else Space.L)
        self._fit_word()

    @property
    def others(self) -> str:
        """Return the aspects without a bar of their own that are not good."""
        return self._others.text()

    def show_report(
        self, report: QualityReport | None, unread: tuple[str, str] = _NO_READING
    ) -> None:
        """Show the verdict on the live picture; if it is None, in two words why there is none."""
        if report is None:
            self._show("todo", Colour.INK_SOFT, "light-none", unread, "")
            self._show_others("")
            return
        worst = report.causes[0] if report.causes else None
        verdict = report.verdict
        if worst is not None and verdict is Verdict.GOOD:
            verdict = Verdict.FAIR  # a good picture that lacks something is not green
        said = (IN_SHORT[worst], _what_to_do(advice_for(worst, report.shot))) if worst else _READY
        style = VERDICT_STYLES[verdict]
        spoken = ""
        if worst is not None:
            spoken = "Nearly good. " if verdict is not report.verdict else f"{style.word}. "
        self._show(style.icon, style.colour, f"light-{verdict.value}", said, spoken)
        others = [
            f"{ASPECT_NAMES[found.aspect]} {found.verdict.value}"
            for found in report.judgements
            if found.aspect not in _IN_BARS
            and found.cause is not worst
            and found.verdict is not Verdict.GOOD
        ]
        self._show_others("  \u00b7  ".join(others))

    def _show_others(self, words: str) -> None:
        self._others.setText(words)
        self._others.setVisible(bool(words) and not self._is_small)

    @property
    def words(self) -> str:
        """Return the verdict and advice as spoken."""
        word = self._word.text()
        return f"{self._spoken}{word if word.endswith('?') else f'{word}.'} {self._advice.text()}"

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the large words to the room."""
        super().resizeEvent(event)
        self._fit_word()

    def _fit_word(self) -> None:
        """Choose the largest size of the type scale at which the words fit on one line."""
        room = self._word.width() if self.isVisible() else self.width()
        sizes = (Type.HEADING, Type.BODY) if self._is_small else (Type.TITLE, Type.HEADING)
        roles = ("heading", "strong") if self._is_small else ("title", "heading")
        needed = QFontMetrics(sized_font(sizes[0], bold=True)).horizontalAdvance(self._word.text())
        set_role(self._word, roles[0] if needed <= room else roles[1])

    def _show(
        self, icon: str, colour: Colour, role: str, said: tuple[str, str], spoken: str
    ) -> None:
        if (icon, *said) == self._shown:
            return
        self._shown = (icon, *said)
        self._spoken = spoken
        self._lamp.show_icon(icon, colour)
        self._word.setText(said[0])
        self._advice.setText(said[1])
        set_role(self, role)
        self._fit_word()
        self.setAccessibleName(f"Live picture: {self.words}")


def _what_to_do(advice: str) -> str:
    """Return an advice without its first sentence, which the large words say already."""
    _, _, rest = advice.partition(". ")
    return rest or advice
