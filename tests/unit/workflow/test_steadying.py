"""Live reports are shown without flicker and without noticeable delay."""

import itertools

import numpy as np
import pytest

from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.scores import verdict_of
from dermstation.workflow.steadying import steadied


def report(score: float, cause: Cause = Cause.DEFOCUS, log_odds: float = -3.0, **changes):
    value, verdict = verdict_of(score)
    found = Judgement(
        Aspect.FOCUS,
        value,
        verdict,
        None if verdict is Verdict.GOOD else cause,
        {"shake_log_odds": log_odds},
    )
    shot = changes.get("shot", ShotKind.DERMOSCOPIC)
    return QualityReport(shot, 1600, 1200, (found,), 5.0)


def shown_after(scores) -> list[QualityReport]:
    shown: list[QualityReport] = []
    for score in scores:
        shown.append(steadied(shown[-1] if shown else None, report(score)))
    return shown


def changes(reports: list[QualityReport]) -> int:
    verdicts = [one.verdict for one in reports]
    return sum(a is not b for a, b in itertools.pairwise(verdicts))


def test_the_first_report_and_one_of_another_shot_are_shown_as_they_are() -> None:
    assert steadied(None, report(50)) == report(50)
    other = report(80, shot=ShotKind.CLOSEUP)
    assert steadied(report(50), other) is other


def test_a_score_that_trembles_about_a_border_does_not_flicker() -> None:
    for border in (67.0, 34.0):
        trembling = border + 4 * np.random.default_rng(1).standard_normal(200)
        raw = [report(score) for score in trembling]
        assert changes(raw) > 50
        assert changes(shown_after(trembling)) <= changes(raw) / 10


def test_a_real_change_shows_within_half_a_second() -> None:
    shown = shown_after([85, 85, 61, 61, 61, 61, 61])
    assert shown[2].verdict is Verdict.GOOD
    assert shown[6].verdict is Verdict.FAIR


@pytest.mark.parametrize("rate", [10, 5, 3])
def test_a_change_shows_as_fast_at_any_rate(rate: int) -> None:
    shown = report(50)
    for _ in range(round(rate * 0.4)):
        shown = steadied(shown, report(70), gap_s=1 / rate)
    assert shown.judgements[0].score > 65


def test_another_scene_shows_at_once() -> None:
    assert shown_after([90, 20])[1] == report(20)
    assert shown_after([20, 90])[1] == report(90)


def test_a_score_that_stands_still_is_shown_in_the_end() -> None:
    assert abs(shown_after([80, *[70] * 12])[-1].judgements[0].score - 70) <= 0.2


def test_shake_and_defocus_change_places_only_when_sure() -> None:
    shown = steadied(None, report(40, Cause.DEFOCUS))
    unsure = steadied(shown, report(40, Cause.SHAKE, log_odds=0.4))
    assert unsure.causes == (Cause.DEFOCUS,)
    assert steadied(unsure, report(40, Cause.SHAKE, log_odds=2.0)).causes == (Cause.SHAKE,)


def test_what_is_shown_has_a_cause_unless_it_is_good() -> None:
    rng = np.random.default_rng(2)
    for one in shown_after(rng.uniform(25, 80, 300)):
        found = one.judgements[0]
        assert (found.cause is None) == (found.verdict is Verdict.GOOD)
