"""Compare the station's score of a set with the score that an auditor would give it.

The sets are made up and labelled by hand: what each picture is like, and the points it would get.
Some are labelled against the station's own rules on purpose, as an auditor sees more than it.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from calibration.counting import Figure, Target
from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.set_score import RULER_SEEN, set_score
from dermstation.domain.shots import ShotKind

SETS_PATH = Path(__file__).with_name("audited_sets.csv")
_LEAST_AGREEMENT = 0.95
_FOCUS: dict[str, tuple[float, Verdict, Cause | None]] = {
    "sharp": (85.0, Verdict.GOOD, None),
    "plain": (55.0, Verdict.FAIR, Cause.CANNOT_TELL),
    "soft": (50.0, Verdict.FAIR, Cause.DEFOCUS),
    "blurred": (15.0, Verdict.POOR, Cause.SHAKE),
}
_ABSENT = {"-", "out"}
# what the station sees; "missed" is there and not recognised, "false" is a pattern taken for one
_RULERS_SEEN = {"seen": 1.0, "false": 1.0, "said": 0.0, "missed": 0.0, "none": 0.0, "-": 0.0}


@dataclass(frozen=True, slots=True)
class AuditedSet:
    """One set: what it is, an auditor's score, and the station's."""

    what: str
    label: int
    score: int


def audited_sets() -> list[AuditedSet]:
    """Read the labelled sets and score each."""
    with SETS_PATH.open(encoding="utf-8", newline="") as file:
        return [_scored(row) for row in csv.DictReader(file)]


def agreement(sets: list[AuditedSet]) -> Figure:
    """Return the share of sets on which auditor and station agree."""
    agreeing = sum(one.score == one.label for one in sets)
    name = "score of the set as an auditor gives it"
    return Figure(name, agreeing / len(sets), len(sets), Target(_LEAST_AGREEMENT))


def _scored(row: dict[str, str]) -> AuditedSet:
    reports = {
        shot: _report(shot, row[shot.value], row["ruler"])
        for shot in ShotKind
        if row[shot.value] not in _ABSENT
    }
    score = set_score(reports, ruler_confirmed=row["ruler"] == "said")
    return AuditedSet(row["what an auditor would see"], int(row["score"]), score.points)


def _report(shot: ShotKind, state: str, ruler: str) -> QualityReport:
    focus = Judgement(Aspect.FOCUS, *_FOCUS[state])
    measures = {RULER_SEEN: _RULERS_SEEN[ruler]} if shot is ShotKind.CLOSEUP else {}
    framing = Judgement(Aspect.FRAMING, 90.0, Verdict.GOOD, None, measures)
    return QualityReport(shot, 1600, 1200, (focus, framing), 1.0)
