"""Score a lesion's set of pictures from 0 to 5, as UK audits rate the pictures of referrals.

One point each for the locator (the general picture), the close-up, a ruler in it, the dermoscopic
picture, and focus. It is about the pictures alone and says nothing about the lesion. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.shots import SHOT_GUIDES, STANDARD_SHOTS, ShotKind

SOURCE = (
    "BJD abstract P29: 1,174 suspected-cancer referrals of 2020 to 2022, scored 0 to 5 (locator,"
    " close-up, ruler, dermoscopic, in focus), mean 2.2"
)
AUDITED_MEAN = 2.2  # of the same abstract
RULER_SEEN = "ruler_seen"  # a measure of a close-up's framing: 1 or 0


class SetPoint(StrEnum):
    """One point of the score."""

    LOCATOR = "locator"
    CLOSEUP = "closeup"
    RULER = "ruler"
    DERMOSCOPIC = "dermoscopic"
    FOCUS = "focus"


MOST_POINTS = len(SetPoint)
POINT_WORDS: dict[SetPoint, str] = {
    SetPoint.LOCATOR: "locator",
    SetPoint.CLOSEUP: "close-up",
    SetPoint.RULER: "ruler",
    SetPoint.DERMOSCOPIC: "dermoscopic",
    SetPoint.FOCUS: "in focus",
}
_POINT_OF: dict[ShotKind, SetPoint] = {
    ShotKind.GENERAL: SetPoint.LOCATOR,
    ShotKind.CLOSEUP: SetPoint.CLOSEUP,
    ShotKind.DERMOSCOPIC: SetPoint.DERMOSCOPIC,
}
_BLURRED = frozenset({Cause.DEFOCUS, Cause.SHAKE})


@dataclass(frozen=True, slots=True)
class SetScore:
    """The points that a set lacks, in order, and the shots whose pictures are not in focus."""

    lacks: tuple[SetPoint, ...]
    soft: tuple[ShotKind, ...] = ()

    @property
    def points(self) -> int:
        """Return the score, 0 to 5."""
        return MOST_POINTS - len(self.lacks)

    @property
    def missing(self) -> str:
        """Return what is missing: "no close-up with a ruler, general not in focus"; or ""."""
        if self.points == 0:
            return "none of them goes along"
        words = [f"no {title}" for title in self._absent()]
        if SetPoint.RULER in self.lacks and SetPoint.CLOSEUP not in self.lacks:
            words.append("no ruler seen in the close-up")
        if self.soft:
            titles = [SHOT_GUIDES[shot].title.lower() for shot in self.soft]
            words.append(f"{' and '.join(titles)} not in focus")
        return ", ".join(words)

    @property
    def words(self) -> str:
        """Return the score for the operator: "Picture score 4 of 5"."""
        return f"Picture score {self.points} of {MOST_POINTS}"

    @property
    def printed(self) -> str:
        """Return the score for the reader of a package, who does not know what is counted."""
        counted = ", ".join(POINT_WORDS.values())
        score = f"Set of pictures: {self.points} of {MOST_POINTS} ({counted})"
        return f"{score}: {self.missing}." if self.lacks else f"{score}."

    def _absent(self) -> list[str]:
        titles = {
            SetPoint.LOCATOR: "general picture",
            SetPoint.CLOSEUP: "close-up with a ruler",
            SetPoint.DERMOSCOPIC: "dermoscopic picture",
        }
        return [title for point, title in titles.items() if point in self.lacks]


@dataclass(frozen=True, slots=True)
class CountedSet:
    """A set that went into a package, as it is counted: nothing in it leads to a patient."""

    week: date  # its Monday
    lacks: tuple[SetPoint, ...]
    shots: tuple[ShotKind, ...]
    cameras: tuple[str, ...]

    @property
    def points(self) -> int:
        """Return the score, 0 to 5."""
        return MOST_POINTS - len(self.lacks)


def set_score(reports: Mapping[ShotKind, QualityReport], *, ruler_confirmed: bool) -> SetScore:
    """Score the pictures that go along, one for each shot; a side view neither adds nor takes.

    The ruler counts if the station sees one in the close-up, or somebody says that there is one.
    The set is in focus if each of its pictures is: the station calls it sharp, or has too little
    detail to tell and a person used it. A picture that was used although it is soft is not.
    """
    counted = {shot: reports[shot] for shot in STANDARD_SHOTS if shot in reports}
    has = {_POINT_OF[shot] for shot in counted}
    closeup = counted.get(ShotKind.CLOSEUP)
    if closeup is not None and (ruler_confirmed or ruler_seen(closeup)):
        has.add(SetPoint.RULER)
    soft = tuple(shot for shot, report in counted.items() if not _is_in_focus(report))
    if counted and not soft:
        has.add(SetPoint.FOCUS)
    return SetScore(tuple(point for point in SetPoint if point not in has), soft)


def ruler_seen(report: QualityReport) -> bool:
    """Return whether the station saw a ruler in a close-up."""
    framing = _judged(report, Aspect.FRAMING)
    if framing is None:
        return False
    if RULER_SEEN in framing.measures:
        return framing.measures[RULER_SEEN] > 0
    # an earlier station said only of a well-framed close-up that it has none
    return framing.cause is None and "ruler_strength" in framing.measures


def _is_in_focus(report: QualityReport) -> bool:
    focus = _judged(report, Aspect.FOCUS)
    if focus is None:
        return False
    return focus.verdict is Verdict.GOOD or focus.cause not in _BLURRED


def _judged(report: QualityReport, aspect: Aspect) -> Judgement | None:
    return next((one for one in report.judgements if one.aspect is aspect), None)
