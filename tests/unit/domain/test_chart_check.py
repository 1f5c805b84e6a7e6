"""The verdicts and words of a check by the colour chart."""

from dataclasses import replace
from datetime import date

import pytest

from dermstation.domain.chart_check import ChartCheck, drift_words
from dermstation.domain.quality import Verdict

CHECK = ChartCheck("sim", date(2026, 1, 5), 2.0, 6.0, 0.2, 8.0, 0.2)


@pytest.mark.parametrize(
    ("median", "verdict"), [(5.0, Verdict.GOOD), (5.1, Verdict.FAIR), (10.1, Verdict.POOR)]
)
def test_colours_are_judged_by_their_median(median, verdict) -> None:
    assert replace(CHECK, median=median).colour is verdict


def test_evenness_has_its_own_verdict() -> None:
    assert CHECK.evenness is Verdict.GOOD
    assert replace(CHECK, unevenness_stops=0.8).evenness is Verdict.FAIR
    assert replace(CHECK, unevenness_stops=1.2).evenness is Verdict.POOR


def test_what_has_changed_since_the_first_check_is_said() -> None:
    assert drift_words(CHECK, CHECK) == "As at the first check."
    worse = replace(CHECK, median=6.0, sharpness_cy_px=0.1)
    assert drift_words(CHECK, worse) == (
        "Since the first check its colours have drifted and it is less sharp: clean the lens and"
        " check the focus."
    )
    unknown = replace(CHECK, sharpness_cy_px=None, sharpness_lp_mm=None)
    assert drift_words(CHECK, unknown) == "As at the first check."
