"""The scale from marked lengths is right, has an honest error, and is refused if too unsure."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.workflow.measuring import (
    LEAST_SHARE,
    MOST_ERROR,
    POINTING_PX,
    Span,
    check_span,
    estimate,
    scale_of,
    widest_turn_deg,
)

MM_PER_PX = 0.0163


def span(direction_deg: float, length_mm: float = 10.0, mm_per_px: float = MM_PER_PX) -> Span:
    angle, length_px = math.radians(direction_deg), length_mm / mm_per_px
    return Span(
        500, 400, 500 + length_px * math.cos(angle), 400 + length_px * math.sin(angle), length_mm
    )


@given(
    st.floats(0.002, 0.2),
    st.lists(st.floats(0, 179), min_size=1, max_size=4),
    st.sampled_from([5.0, 10.0, 20.0]),
)
def test_exact_marks_give_the_scale_exactly(mm_per_px, directions, length_mm) -> None:
    spans = [span(deg, length_mm, mm_per_px) for deg in (*directions, 0.0, 90.0)]
    assert estimate(spans).mm_per_px == pytest.approx(mm_per_px, rel=1e-9)


def test_the_error_of_exact_marks_is_that_of_pointing() -> None:
    spans = [span(0), span(60), span(120)]
    expected = math.sqrt(2) * POINTING_PX / (math.sqrt(3) * 10 / MM_PER_PX)
    assert scale_of(spans).relative_error == pytest.approx(expected)


def test_the_error_covers_what_pointing_does() -> None:
    chance = np.random.default_rng(1)
    inside = 0
    for _ in range(300):
        spans = []
        for deg in (0, 60, 120, 30):
            one = span(deg)
            off = chance.normal(0, POINTING_PX, 4)
            spans.append(
                Span(one.x1 + off[0], one.y1 + off[1], one.x2 + off[2], one.y2 + off[3], 10.0)
            )
        found = estimate(spans)
        inside += abs(found.mm_per_px / MM_PER_PX - 1) <= 2 * found.relative_error
    assert inside >= 285  # 95 %


def test_an_oblique_ruler_shows_as_error_not_as_scale() -> None:
    tilted = [span(0), span(90, mm_per_px=MM_PER_PX / math.cos(math.radians(20))), span(45)]
    assert 0.02 < scale_of(tilted).relative_error <= MOST_ERROR


def test_lengths_that_do_not_agree_are_refused() -> None:
    with pytest.raises(StationError) as caught:
        scale_of([span(0), span(90, 10, MM_PER_PX * 1.2), span(45)])
    assert caught.value.code is ErrorCode.SCALE_TOO_UNSURE
    assert caught.value.facts["percent"] > 5


def test_a_length_mistaken_for_another_is_refused() -> None:
    wrong = Span(*span(90, 9.0).__getstate__()[:4], 10.0)
    with pytest.raises(StationError) as caught:
        scale_of([span(0), wrong, span(45)])
    assert caught.value.code is ErrorCode.SCALE_TOO_UNSURE


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_lengths_are_refused(count: int) -> None:
    with pytest.raises(StationError) as caught:
        scale_of([span(0), span(90)][:count])
    assert caught.value.code is ErrorCode.SCALE_SPANS_FEW
    assert caught.value.facts == {"have": count, "need": 3}


@pytest.mark.parametrize("directions", [(0, 3, 178), (90, 91, 95), (0, 180, 10)])
def test_lengths_in_one_direction_are_refused(directions) -> None:
    with pytest.raises(StationError) as caught:
        scale_of([span(deg) for deg in directions])
    assert caught.value.code is ErrorCode.SCALE_ONE_DIRECTION


def test_a_direction_has_no_beginning_and_no_end() -> None:
    assert widest_turn_deg([span(10), span(190)]) == pytest.approx(0, abs=1e-9)
    assert widest_turn_deg([span(170), span(10)]) == pytest.approx(20)
    assert widest_turn_deg([]) == 0


def test_marks_too_close_together_are_refused() -> None:
    least = LEAST_SHARE * 1600
    check_span(Span(0, 0, least, 0, 10), 1600, 1200)
    with pytest.raises(StationError) as caught:
        check_span(Span(0, 0, least - 1, 0, 10), 1600, 1200)
    assert caught.value.code is ErrorCode.SCALE_SPAN_SHORT
