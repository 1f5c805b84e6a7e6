"""From a measure and its limit to a score of 0-100 and a verdict.

A score never stands still while the measure moves, so that scores can be ordered. Pure functions.
"""

import math
from itertools import pairwise

from dermstation.domain.quality import Verdict
from dermstation.imaging.thresholds import Limit

GOOD_SCORE = 67.0  # scores from here on are good
POOR_SCORE = 34.0  # and below here poor
_STEP = 0.1  # scores have one decimal


def score(value: float, limit: Limit) -> float:
    """Map a measure of which less is better to 0-100: 100 at 0, 67 at the good limit.

    The poor limit is at 34, and 0 is far beyond it; without one the score stays above 34.
    """
    value = max(0.0, value)
    if value <= limit.good:
        return 100 - (100 - GOOD_SCORE) * (value / limit.good if limit.good else 0.0)
    if limit.poor is None:
        return POOR_SCORE + (GOOD_SCORE - POOR_SCORE) * limit.good / value if value else GOOD_SCORE
    if value <= limit.poor:
        share = (value - limit.good) / (limit.poor - limit.good)
        return GOOD_SCORE - (GOOD_SCORE - POOR_SCORE) * share
    return POOR_SCORE * math.exp(-(value - limit.poor) / max(limit.poor, 1e-6))


def score_log(value: float, limit: Limit, ends: tuple[float, float]) -> float:
    """Map a measure that lies between `ends` by its logarithm: 100 at the first, 0 at the last."""
    poor = limit.poor if limit.poor is not None else ends[1]
    corners = [(ends[0], 100.0), (limit.good, GOOD_SCORE), (poor, POOR_SCORE), (ends[1], 0.0)]
    for (begin, upper), (end, lower) in pairwise(corners):
        if value <= end:
            share = math.log(max(value, begin) / begin) / math.log(end / begin)
            return upper - (upper - lower) * share
    return 0.0


def verdict_of(value: float) -> tuple[float, Verdict]:
    """Round a score to a tenth, never across a verdict's border, and give its verdict."""
    if value >= GOOD_SCORE:
        return max(round(value, 1), GOOD_SCORE), Verdict.GOOD
    if value >= POOR_SCORE:
        return min(max(round(value, 1), POOR_SCORE), GOOD_SCORE - _STEP), Verdict.FAIR
    return min(round(value, 1), POOR_SCORE - _STEP), Verdict.POOR
