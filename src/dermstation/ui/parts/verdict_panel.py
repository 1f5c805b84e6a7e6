"""The panel with the verdict on the held picture, the causes and the advice. GUI thread.

For a poor picture it asks for a reason to use it anyway.
"""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.quality import Cause, Judgement, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.ui.parts.aspects import ASPECT_NAMES, advice_on
from dermstation.ui.parts.button import button
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.kind_choice import KindChoice
from dermstation.ui.parts.reason import ReasonChoice
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.parts.verdict import VERDICT_STYLES, VerdictBadge
from dermstation.ui.system.adorning import announce
from dermstation.ui.theme import Space, set_role

REASONS = (
    "Best picture possible today",
    "The patient cannot keep still",
    "The site is hard to reach",
    "The skin or a dressing hides the detail",
    "The light in the room cannot be changed",
    "Another reason (say which)",
)
_SUMMARY: dict[Verdict, tuple[str, str]] = {
    Verdict.GOOD: ("Good picture", "Sharp and well lit."),
    Verdict.FAIR: ("Fair picture", "Usable, but a better one would help the specialist."),
    Verdict.POOR: ("Poor picture", "Please take it again."),
}
_LOOK = "Used in a moment. Press anything to go on looking."


class VerdictPanel(QWidget):
    """The verdict in large words, each judgement with its advice, and a reason for overriding."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = IconBox(size_px=44)
        self._headline = WrapLabel(role="title")
        self._summary = label(wrap=True)
        self._banner, inside = card("light-good")
        inside.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        top = QHBoxLayout()
        top.setSpacing(Space.M)
        top.addWidget(self._icon)
        top.addWidget(self._headline, 1)
        inside.addLayout(top)
        inside.addWidget(self._summary)
        self._look = WrapLabel(_LOOK)
        self._judgements = QVBoxLayout()
        self._judgements.setSpacing(Space.S)
        self._override = self._make_override()
        self.kind = KindChoice()
        self.mark = button("Use it, then draw an arrow\u2026")
        self.mark.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addWidget(self._banner)
        layout.addWidget(self._look)
        layout.addWidget(self.kind)
        layout.addLayout(self._judgements)
        layout.addWidget(self.mark)
        layout.addWidget(self._override)
        layout.addStretch(1)

    def show_report(self, report: QualityReport) -> None:
        """Show a verdict and its judgements, worst first; ask for a reason if it is poor."""
        style = VERDICT_STYLES[report.verdict]
        headline, summary = _SUMMARY[report.verdict]
        self._icon.show_icon(style.icon, style.colour)
        self._headline.setText(headline)
        self._summary.setText(summary)
        set_role(self._banner, f"light-{report.verdict.value}")
        self._banner.setAccessibleName(f"{headline}. {summary}")
        self.kind.show_report(report)
        self.mark.setVisible(Cause.WHICH_LESION in report.causes)
        self._clear_judgements()
        for judgement in sorted(report.judgements, key=lambda one: -one.verdict.badness):
            self._judgements.addWidget(_JudgementLine(judgement, report.shot))
        self._override.setVisible(report.verdict is Verdict.POOR)
        self.why.restart()
        self.show_look(goes_on=False)

    def show_look(self, *, goes_on: bool) -> None:
        """Show whether the picture will be used by itself."""
        self._look.setVisible(goes_on)
        if goes_on:
            announce(self, _LOOK)

    def show_problem(self, words: str) -> None:
        """Show what is missing from the reason."""
        self.why.show_problem(words)

    @property
    def reason(self) -> str:
        """Return the reason chosen and typed; empty while incomplete."""
        return self.why.reason

    def focus_reason(self) -> None:
        """Focus the part of the reason that is missing."""
        self.why.focus_missing()

    @property
    def words(self) -> str:
        """Return the verdict, judgements and advice as shown."""
        lines = [self._headline.text(), self._summary.text()]
        lines += [] if self._look.isHidden() else [_LOOK]
        for place in range(self._judgements.count()):
            item = self._judgements.itemAt(place)
            line = item.widget() if item is not None else None
            if isinstance(line, _JudgementLine):
                lines.append(line.words)
        return " ".join(lines)

    def _make_override(self) -> QFrame:
        self.why = ReasonChoice("Reason for using a poor picture", REASONS)
        frame, inside = card()
        inside.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        inside.addWidget(label("To use it anyway, say why", "strong"))
        inside.addWidget(self.why)
        return frame

    def _clear_judgements(self) -> None:
        while (item := self._judgements.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


class _JudgementLine(QWidget):
    def __init__(self, judgement: Judgement, shot: ShotKind) -> None:
        super().__init__()
        name, advice = ASPECT_NAMES[judgement.aspect], advice_on(judgement, shot)
        badge = VerdictBadge(20)
        badge.show_verdict(judgement.verdict)
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        top.addWidget(label(name, "strong"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        if judgement.cause is None:  # a good judgement without a note needs only one line
            top.addWidget(label(advice, "soft"))
        else:
            layout.addWidget(WrapLabel(advice))
        top.addStretch(1)
        top.addWidget(badge)
        self.words = f"{name}: {badge.words}. {advice}"
        self.setAccessibleName(self.words)
