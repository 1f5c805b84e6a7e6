"""The score of a set of pictures, and its words."""

import pytest

from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.set_score import RULER_SEEN, SetPoint, SetScore, ruler_seen, set_score
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind

SHARP = Judgement(Aspect.FOCUS, 90, Verdict.GOOD)
SHAKEN = Judgement(Aspect.FOCUS, 20, Verdict.POOR, Cause.SHAKE)
UNSURE = Judgement(Aspect.FOCUS, 55, Verdict.FAIR, Cause.CANNOT_TELL)


def report(
    shot: ShotKind, focus: Judgement = SHARP, *, ruler: float | None = 1.0, **framing
) -> QualityReport:
    measures = {} if ruler is None else {RULER_SEEN: ruler}
    framed = Judgement(Aspect.FRAMING, 90, Verdict.GOOD, **{"measures": measures, **framing})
    return QualityReport(shot, 1600, 1200, (focus, framed), 1.0)


WHOLE = {shot: report(shot) for shot in STANDARD_SHOTS}


def test_a_whole_sharp_set_has_five_points() -> None:
    score = set_score(WHOLE, ruler_confirmed=False)
    assert (score.points, score.lacks) == (5, ())
    assert score.words == "Picture score 5 of 5"
    assert score.printed == (
        "Set of pictures: 5 of 5 (locator, close-up, ruler, dermoscopic, in focus)."
    )


@pytest.mark.parametrize(
    ("absent", "words"),
    [
        (ShotKind.GENERAL, "no general picture"),
        (ShotKind.CLOSEUP, "no close-up with a ruler"),
        (ShotKind.DERMOSCOPIC, "no dermoscopic picture"),
    ],
)
def test_what_is_missing_is_said(absent, words) -> None:
    kept = {shot: one for shot, one in WHOLE.items() if shot is not absent}
    assert set_score(kept, ruler_confirmed=False).missing == words


def test_a_ruler_counts_if_it_is_seen_or_somebody_says_so() -> None:
    without = {**WHOLE, ShotKind.CLOSEUP: report(ShotKind.CLOSEUP, ruler=0.0)}
    score = set_score(without, ruler_confirmed=False)
    assert (score.words, score.missing) == ("Picture score 4 of 5", "no ruler seen in the close-up")
    assert set_score(without, ruler_confirmed=True).points == 5
    nothing = {ShotKind.GENERAL: report(ShotKind.GENERAL)}
    assert SetPoint.RULER in set_score(nothing, ruler_confirmed=True).lacks


def test_a_soft_picture_that_was_used_takes_the_point_for_focus() -> None:
    soft = {**WHOLE, ShotKind.DERMOSCOPIC: report(ShotKind.DERMOSCOPIC, SHAKEN)}
    score = set_score(soft, ruler_confirmed=False)
    assert score == SetScore((SetPoint.FOCUS,), (ShotKind.DERMOSCOPIC,))
    assert score.missing == "dermoscopic not in focus"
    assert score.printed.endswith("in focus): dermoscopic not in focus.")
    unsure = {**WHOLE, ShotKind.GENERAL: report(ShotKind.GENERAL, UNSURE)}
    assert set_score(unsure, ruler_confirmed=False).points == 5


def test_a_side_view_neither_adds_nor_takes() -> None:
    more = {**WHOLE, ShotKind.LATERAL: report(ShotKind.LATERAL, SHAKEN)}
    assert set_score(more, ruler_confirmed=False).points == 5
    alone = {ShotKind.LATERAL: report(ShotKind.LATERAL)}
    assert set_score(alone, ruler_confirmed=False).missing == "none of them goes along"


def test_a_report_of_an_earlier_station_is_read_as_far_as_it_goes() -> None:
    strength = {"ruler_strength": 3.1}
    assert ruler_seen(report(ShotKind.CLOSEUP, measures=strength))
    assert not ruler_seen(report(ShotKind.CLOSEUP, measures=strength, cause=Cause.NO_RULER))
    assert not ruler_seen(report(ShotKind.CLOSEUP, ruler=None))
    bare = QualityReport(ShotKind.CLOSEUP, 10, 10, (), 1.0)
    assert not ruler_seen(bare)
    assert set_score({ShotKind.CLOSEUP: bare}, ruler_confirmed=False).points == 1
