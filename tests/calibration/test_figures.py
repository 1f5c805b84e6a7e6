"""The figures count what their names say."""

import math

import numpy as np
import pytest

from calibration.cases import Case
from calibration.charts import roc_chart
from calibration.figures import (
    area_under,
    figures,
    passed_negatives,
    rank_figures,
    roc,
)
from calibration.report import BEGIN, END
from calibration.tone import tone_degrees, tone_name
from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.scores import verdict_of


def case(kind, blur_px, score, cause=Cause.DEFOCUS, *, name="one", light=90.0) -> Case:
    def judgement(aspect: Aspect, value: float, why: Cause) -> Judgement:
        value, verdict = verdict_of(value)
        return Judgement(aspect, value, verdict, None if verdict is Verdict.GOOD else why)

    judgements = (
        judgement(Aspect.FOCUS, score, cause),
        judgement(Aspect.EXPOSURE, light, Cause.UNDER),
        *(judgement(aspect, 100, Cause.GLARE) for aspect in list(Aspect)[2:]),
    )
    report = QualityReport(ShotKind.DERMOSCOPIC, 10, 10, judgements, 1.0)
    return Case(name, kind, blur_px, 50.0, report)


def value(found, name: str) -> float:
    return next(one.value for one in found if one.name.startswith(name))


def test_what_hangs_on_one_picture_is_said() -> None:
    cases = [
        case("widened", radius, 90 - 10 * radius, name=name) for name in "abc" for radius in (0, 3)
    ]
    cases += [case("widened", 0, 20, name="odd"), case("widened", 3, 10, name="odd")]
    found = figures(cases, ShotKind.DERMOSCOPIC)
    assert value(found, "AUC of r <= 1 against r >= 3, widened") == pytest.approx(13 / 16)
    assert value(found, "AUC, widened, without the picture that costs most") == 1


def test_shares_count_the_right_cases() -> None:
    cases = [
        *(case("nuisance", radius, 90) for radius in (0.0, 1.0)),
        case("nuisance", 0.5, 20),
        *(case("nuisance", 3.0, score) for score in (80, 40, 30, 20)),
        *(case("shake", 16, score, Cause.SHAKE) for score in (70, 40, 10)),
        case("shake", 16, 10, Cause.DEFOCUS),
        case("under", 0, 90, light=10),
        case("darkened", 0, 90, light=90),
        case("as taken", 0, 90),
    ]
    found = figures(cases, ShotKind.DERMOSCOPIC)
    assert value(found, "r >= 3 called good") == pytest.approx(1 / 4)
    assert value(found, "sharp called poor, focus") == pytest.approx(1 / 3)
    assert value(found, "shake of 16 px found") == pytest.approx(3 / 4)
    assert value(found, "of these, called shake") == pytest.approx(2 / 3)
    assert value(found, "-3 EV called under") == 1
    assert value(found, "dark albedo, well lit") == 0
    assert math.isnan(value(found, "+2.5 EV"))


def test_order_is_broken_by_one_equal_step() -> None:
    radii = (0.0, 1.5, 3.0, 5.0, 8.0)
    kept = [case("standard", r, 90 - 10 * r, name="kept") for r in radii]
    equal = [case("standard", r, 90 - 10 * min(r, 5.0), name="equal") for r in radii]
    assert value(figures([*kept, *equal], ShotKind.CLOSEUP), "scores in order") == 0.5


def test_a_missed_target_is_reported() -> None:
    bad = figures([case("nuisance", 3.0, 90)], ShotKind.DERMOSCOPIC)
    assert not next(one for one in bad if one.name == "r >= 3 called good").holds
    passed = passed_negatives([case("as taken", 0, 90), case("as taken", 0, 10)])
    assert passed.value == 0.5
    assert not passed.holds


def test_the_area_counts_pairs() -> None:
    assert area_under(np.array([3.0, 4.0]), np.array([1.0, 2.0])) == 1
    assert area_under(np.array([1.0, 2.0]), np.array([1.0, 2.0])) == 0.5


def test_rank_correlation_depends_only_on_order() -> None:
    good = [(0, 90.0), (1, 50.0), (2, 49.0), (3, 1.0)]
    assert rank_figures({"stack": good})[-1].value == pytest.approx(1)
    assert rank_figures({"stack": [(d, -s) for d, s in good]})[-1].value == pytest.approx(-1)


def test_a_sweep_without_distances_does_not_count_towards_the_mean() -> None:
    good, bad = [(0, 90.0), (1, 70.0), (2, 50.0)], [(0, 50.0), (1, 70.0), (2, 90.0)]
    *_, mean, sweep = rank_figures({"stack": good}, bad)
    assert mean.value == pytest.approx(1)
    assert sweep.value == pytest.approx(-1)
    assert sweep.target.value is None


def test_a_curve_starts_at_zero_and_ends_at_one() -> None:
    cases = [case("standard", r, 90 - 9 * r) for r in (0.0, 1.0, 3.0, 8.0)]
    alarms, hits = roc(cases, "standard")
    assert (alarms[0], hits[0], alarms[-1], hits[-1]) == (0, 0, 1, 1)
    assert max(hit - alarm for alarm, hit in zip(alarms, hits, strict=True)) == 1
    assert roc_chart("Title", {"standard": (alarms, hits)}).endswith("</svg>\n")


def test_the_marks_of_the_generated_part_differ() -> None:
    assert BEGIN != END


@pytest.mark.parametrize(
    ("rgb", "tone"),
    [((246, 224, 214), "very light"), ((180, 128, 95), "tan"), ((80, 52, 38), "dark")],
)
def test_tones_are_ordered_from_light_to_dark(rgb, tone: str) -> None:
    picture = np.full((60, 80, 3), rgb[::-1], np.uint8)
    assert tone_name(tone_degrees(picture)) == tone
