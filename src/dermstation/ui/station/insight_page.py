"""Show what the station knows of its own pictures over time, without identity. GUI thread."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QProgressBar

from dermstation.domain.chart_check import (
    GOOD_DIFFERENCE,
    POOR_DIFFERENCE,
    ChartCheck,
    drift_words,
)
from dermstation.domain.set_score import AUDITED_MEAN, MOST_POINTS, SetPoint
from dermstation.ui.parts.bar_chart import Bar, BarChart, Reference
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, count_words, day_words, label, month_words
from dermstation.ui.theme import Space
from dermstation.workflow.chart_checking import by_camera
from dermstation.workflow.insight import LEAST_SETS, Insight, Period

SOURCE = "BJD abstract P29 (mean of 2.2), see domain.set_score; the rest: the station's own words"
_MOST_PERIODS = 12
_INTRO = (
    "How complete the pictures of each lesion were when they were packed. Only counts are kept:"
    " nothing about a patient, and nothing about who took them."
)
_MEANING = (
    f"0 to {MOST_POINTS}: one point each for locator, close-up, ruler, dermoscopic picture and"
    f" focus. Dashed: the mean of {AUDITED_MEAN} in an audit of UK referrals, 2020 to 2022."
)
_CHECKED = f"Median CIEDE2000 of each check; dashed: {GOOD_DIFFERENCE:.0f}, good up to there."
_MISSED: dict[SetPoint, str] = {
    SetPoint.LOCATOR: "No general picture",
    SetPoint.CLOSEUP: "No close-up",
    SetPoint.RULER: "No ruler",
    SetPoint.DERMOSCOPIC: "No dermoscopic picture",
    SetPoint.FOCUS: "Not in focus",
}


class InsightPage(Page):
    """The page with the mean score by month, what was missing, and the cameras."""

    export_wanted = Signal(object)  # Path

    def __init__(self, found: Insight) -> None:
        super().__init__("Insight", _INTRO)
        shown = found.periods[-_MOST_PERIODS:]
        if shown:
            self.content.addWidget(_means(shown))
            self.content.addWidget(_missed(shown))
        if found.cameras:
            self.content.addWidget(_cameras(found))
        for camera, checks in by_camera(found.checks).items():
            self.content.addWidget(_checks(camera, checks[-_MOST_PERIODS:], checks[0]))
        self.waiting = WrapLabel(_waiting_words(found), "soft")
        self.content.addWidget(self.waiting)
        self.content.addStretch(1)
        save = self.set_primary("&Save as CSV\u2026")
        save.setEnabled(bool(shown))
        save.clicked.connect(self._on_save)
        self.set_back()

    def _on_save(self) -> None:
        dialog = QFileDialog(self, "Save the counts", str(Path.home()), "CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("dermstation-insight.csv")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(lambda name: self.export_wanted.emit(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _means(periods: tuple[Period, ...]) -> QFrame:
    frame, inside = card()
    inside.addWidget(label("Mean score of the pictures", "heading"))
    bars = [
        Bar(_period_words(one), _period_words(one, short=True), one.mean, f"{one.mean:.1f}")
        for one in periods
    ]
    reference = Reference(AUDITED_MEAN, f"an audit of UK referrals: {AUDITED_MEAN}")
    inside.addWidget(BarChart("Mean score by month", bars, MOST_POINTS, reference))
    inside.addWidget(WrapLabel(_MEANING, "small"))
    return frame


def _missed(periods: tuple[Period, ...]) -> QFrame:
    frame, inside = card()
    count = sum(len(one.sets) for one in periods)
    lesions = count_words(count, "lesion", "lesions")
    inside.addWidget(label(f"What was missing, of {lesions}", "heading"))
    rows = QGridLayout()
    rows.setHorizontalSpacing(Space.L)
    rows.setVerticalSpacing(Space.XS)
    rows.setColumnStretch(1, 1)
    for row, (point, words) in enumerate(_MISSED.items()):
        lacking = sum(one.count_lacking(point) for one in periods)
        share = QProgressBar()
        share.setRange(0, count)
        share.setValue(lacking)
        share.setTextVisible(False)
        share.setFixedHeight(Space.M)
        share.setAccessibleName(f"{words}: {lacking} of {count}")
        rows.addWidget(label(words), row, 0)
        rows.addWidget(share, row, 1)
        rows.addWidget(label(f"{lacking}", "strong"), row, 2, Qt.AlignmentFlag.AlignRight)
    inside.addLayout(rows)
    return frame


def _cameras(found: Insight) -> QFrame:
    frame, inside = card()
    inside.addWidget(label("By camera, of all that was packed here", "heading"))
    for one in found.cameras:
        sets = count_words(one.count, "lesion", "lesions")
        inside.addWidget(WrapLabel(f"{one.camera}: {one.mean:.1f} of {MOST_POINTS}, {sets}"))
    return frame


def _checks(camera: str, checks: tuple[ChartCheck, ...], first: ChartCheck) -> QFrame:
    """Show a camera's checks by the colour chart, and what has changed since the first."""
    frame, inside = card()
    inside.addWidget(WrapLabel(f"Colour chart: {camera}", "heading"))
    bars = [
        Bar(
            day_words(one.checked_on),
            month_words(one.checked_on, short=True),
            one.median,
            f"{one.median:.1f}",
        )
        for one in checks
    ]
    most = max(POOR_DIFFERENCE, *(one.median for one in checks))
    limit = Reference(GOOD_DIFFERENCE, f"good up to {GOOD_DIFFERENCE:.0f}")
    inside.addWidget(BarChart(f"Difference of colours, {camera}", bars, most, limit))
    now = checks[-1]
    sharp = "" if now.sharpness_lp_mm is None else f" Sharpness {now.sharpness_lp_mm:.1f} lp/mm."
    even = f" Light uneven by {now.unevenness_stops:.1f} stops."
    inside.addWidget(WrapLabel(f"{drift_words(first, now)}{sharp}{even} {_CHECKED}", "small"))
    return frame


def _waiting_words(found: Insight) -> str:
    rule = f"A month is shown once it has {LEAST_SETS} lesions, or together with the next one."
    if not found.waiting:
        return rule
    return f"{rule} {count_words(found.waiting, 'lesion', 'lesions')} not shown yet."


def _period_words(one: Period, *, short: bool = False) -> str:
    last = month_words(one.last, short=short)
    if one.first == one.last:
        return last
    return f"{month_words(one.first, short=True)}\u2013{last}"
