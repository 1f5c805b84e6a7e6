import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.shots import ShotKind

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
JUDGEMENTS = st.builds(
    Judgement,
    aspect=st.sampled_from(Aspect),
    score=st.floats(0, 100),
    verdict=st.sampled_from(Verdict),
    cause=st.none() | st.sampled_from(Cause),
    measures=st.dictionaries(st.text(max_size=10), NUMBERS, max_size=4),
)
REPORTS = st.builds(
    QualityReport,
    shot=st.sampled_from(ShotKind),
    width=st.integers(1, 8000),
    height=st.integers(1, 8000),
    judgements=st.lists(JUDGEMENTS, min_size=1, max_size=4).map(tuple),
    elapsed_ms=st.floats(0, 10_000),
)

SHARP = Judgement(Aspect.FOCUS, 90, Verdict.GOOD)
SOFT = Judgement(Aspect.FOCUS, 40, Verdict.FAIR, Cause.DEFOCUS)
DARK = Judgement(Aspect.EXPOSURE, 10, Verdict.POOR, Cause.UNDER)


def report(*judgements: Judgement) -> QualityReport:
    return QualityReport(ShotKind.CLOSEUP, 1600, 1200, judgements, 4.2)


@given(REPORTS)
def test_a_report_comes_back_from_json_as_it_went(original: QualityReport) -> None:
    again = QualityReport.from_json(json.loads(json.dumps(original.to_json())))
    assert again == replace(original, elapsed_ms=round(original.elapsed_ms, 2))
    assert again.verdict is original.verdict
    assert again.causes == original.causes


@given(REPORTS)
def test_the_verdict_is_that_of_the_worst_finding(original: QualityReport) -> None:
    assert original.verdict.badness == max(found.verdict.badness for found in original.judgements)


def test_badness_orders_good_fair_poor() -> None:
    assert sorted(Verdict, key=lambda verdict: verdict.badness) == [
        Verdict.GOOD,
        Verdict.FAIR,
        Verdict.POOR,
    ]


def test_the_worst_cause_comes_first() -> None:
    mixed = report(SOFT, DARK)
    assert mixed.causes == (Cause.UNDER, Cause.DEFOCUS)


def test_of_equal_verdicts_the_lower_score_comes_first() -> None:
    darker = replace(SOFT, aspect=Aspect.EXPOSURE, score=30, cause=Cause.UNDER)
    assert report(SOFT, darker).causes == (Cause.UNDER, Cause.DEFOCUS)


def test_a_good_picture_has_no_cause() -> None:
    assert report(SHARP).causes == ()


def test_a_finding_is_found_by_its_aspect_or_missed_loudly() -> None:
    assert report(SHARP, DARK).judgement(Aspect.EXPOSURE) is DARK
    with pytest.raises(KeyError):
        report(SHARP).judgement(Aspect.EXPOSURE)


@pytest.mark.parametrize(
    "change",
    [
        {"shot": "portrait"},
        {"shot": None},
        {"width": None},
        {"height": "high"},
        {"findings": None},
        {"findings": [None]},
        {"findings": [{}]},
        {"findings": [{**report(SHARP).to_json()["findings"][0], "verdict": "splendid"}]},
        {"findings": [{**report(SHARP).to_json()["findings"][0], "score": None}]},
        {"findings": [{**report(SHARP).to_json()["findings"][0], "measures": 3}]},
    ],
)
def test_anything_else_is_refused_with_a_key_or_value_error(change: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        QualityReport.from_json({**report(SHARP).to_json(), **change})


def test_a_missing_part_is_refused() -> None:
    for name in ("shot", "width", "height", "findings", "elapsed_ms"):
        data = report(SHARP).to_json()
        del data[name]
        with pytest.raises(KeyError):
            QualityReport.from_json(data)


def test_elapsed_time_is_kept_to_a_hundredth_of_a_millisecond() -> None:
    kept = replace(report(SHARP), elapsed_ms=math.pi).to_json()["elapsed_ms"]
    assert kept == 3.14
