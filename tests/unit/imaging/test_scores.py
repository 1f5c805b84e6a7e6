import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.quality import Verdict
from dermstation.imaging.scores import GOOD_SCORE, POOR_SCORE, score, score_log, verdict_of
from dermstation.imaging.thresholds import Limit

ENDS = (0.3, 30.0)
BLUR = Limit(1.7, 3.4)


def test_a_score_moves_with_every_blur_from_a_third_of_a_pixel_to_thirty() -> None:
    radii = [0.3 * 1.05**step for step in range(95)]
    assert radii[-1] < 30 < radii[-1] * 1.06
    scores = [verdict_of(score_log(radius, BLUR, ENDS))[0] for radius in radii]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    assert scores[0] == 100


def test_the_limits_are_where_the_verdict_changes() -> None:
    for scored in (lambda v: score_log(v, BLUR, ENDS), lambda v: score(v, BLUR)):
        assert verdict_of(scored(1.69))[1] is Verdict.GOOD
        assert verdict_of(scored(1.71))[1] is Verdict.FAIR
        assert verdict_of(scored(3.39))[1] is Verdict.FAIR
        assert verdict_of(scored(3.41))[1] is Verdict.POOR


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from([Limit(0.5, 2.0), Limit(0.5)]))
def test_a_worse_measurement_never_scores_better(one: float, other: float, limit: Limit) -> None:
    less, more = sorted((one, other))
    assert score(less, limit) >= score(more, limit)
    assert 0 <= score(more, limit) <= 100


@given(st.floats(0, 1e9))
def test_a_limit_without_a_poor_value_is_never_poor(value: float) -> None:
    assert verdict_of(score(value, Limit(0.5)))[1] is not Verdict.POOR


@given(st.floats(0, 100))
def test_rounding_never_moves_a_score_to_another_verdict(value: float) -> None:
    rounded, verdict = verdict_of(value)
    assert abs(rounded - value) <= 0.1 + 1e-9
    assert verdict is verdict_of(rounded)[1]
    assert (verdict is Verdict.GOOD) == (value >= GOOD_SCORE)
    assert (verdict is Verdict.POOR) == (value < POOR_SCORE)


@pytest.mark.parametrize("value", [float("inf"), 1e300])
def test_what_is_beyond_all_limits_scores_nothing(value: float) -> None:
    assert score_log(value, BLUR, ENDS) == 0
    assert score(value, BLUR) == 0
