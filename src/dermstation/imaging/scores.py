"""Turn a measurement and its limit into a score of 0-100 and a verdict.

A score changes whenever the measurement does, so that pictures can be ordered by score. Pure
functions.
"""

import math
from itertools import pairwise

from dermstation.domain.quality import Verdict
from dermstation.imaging.thresholds import Limit

GOOD_SCORE = 67.0  # a score is good from here upwards
POOR_SCORE = 34.0  # and poor below this
STEP = 0.1  # scores have one decimal


def score(value: float, limit: Limit) -> float:
    """Map a measurement of which less is better to a score: 100 at 0, 67 at the good limit.

    The poor limit scores 34, and the score approaches 0 far beyond it. Without a poor limit the
    score stays above 34.
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
    """Map a measurement between `ends` to a score by its logarithm.

    The first end scores 100, the good limit 67, the poor limit 34 and the last end 0.
    """
    poor = limit.poor if limit.poor is not None else ends[1]
    corners = [(ends[0], 100.0), (limit.good, GOOD_SCORE), (poor, POOR_SCORE), (ends[1], 0.0)]
    for (begin, upper), (end, lower) in pairwise(corners):
        if value <= end:
            share = math.log(max(value, begin) / begin) / math.log(end / begin)
            return upper - (upper - lower) * share
    return 0.0


def verdict_of(value: float) -> tuple[float, Verdict]:
    """Return a score rounded to a tenth, but never into another verdict, and its verdict."""
    if value >= GOOD_SCORE:
        return max(round(value, 1), GOOD_SCORE), Verdict.GOOD
    if value >= POOR_SCORE:
        return min(max(round(value, 1), POOR_SCORE), GOOD_SCORE - STEP), Verdict.FAIR
    return min(round(value, 1), POOR_SCORE - STEP), Verdict.POOR
