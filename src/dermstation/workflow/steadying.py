"""Steady live reports, so that the meters and the traffic light do not flicker.

The report of a still is never steadied. A pure function of the report shown and the newest one;
any thread.
"""

from dataclasses import replace

from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.imaging.scores import GOOD_SCORE, POOR_SCORE

_OLD_SHARE = 0.6  # of a score, kept for a tenth of a second: a change shows within a third of one
_USUAL_GAP_S = 0.1
_JUMP = 25.0  # a change this large means another scene: it shows at once
_SLACK = 4.0  # a verdict changes once the score is this far over its border
_SURE_LOG_ODDS = 1.0  # shake and defocus replace each other only if the odds are this clear


def steadied(
    shown: QualityReport | None, newest: QualityReport, gap_s: float = 0.1
) -> QualityReport:
    """Return the report to show after `newest`; `shown` is the one shown before, None at first.

    `gap_s` is the time between the two: at a low rate each one counts for more.
    """
    if shown is None or shown.shot is not newest.shot:
        return newest
    before = {found.aspect: found for found in shown.judgements}
    judgements = tuple(
        _steadied(before[found.aspect], found, gap_s) if found.aspect in before else found
        for found in newest.judgements
    )
    return replace(newest, judgements=judgements)


def _steadied(before: Judgement, newest: Judgement, gap_s: float) -> Judgement:
    if abs(newest.score - before.score) >= _JUMP:
        return newest
    old_share = _OLD_SHARE ** max(0.0, gap_s / _USUAL_GAP_S)
    score = round(newest.score + old_share * (before.score - newest.score), 1)
    verdict = _verdict(before.verdict, score)
    if verdict is Verdict.GOOD:
        # good already: only the newest report can add a note; an old fault no longer counts
        cause = newest.cause if newest.verdict is Verdict.GOOD else None
    else:
        cause = _cause(before, newest)
    if verdict is not Verdict.GOOD and cause is None:  # just good now, and just not good before
        verdict = Verdict.GOOD
    return replace(newest, score=score, verdict=verdict, cause=cause)


def _verdict(before: Verdict, score: float) -> Verdict:
    """Return `before`, unless `score` is well over the border to the next verdict."""
    good = GOOD_SCORE - _SLACK if before is Verdict.GOOD else GOOD_SCORE + _SLACK
    poor = POOR_SCORE + _SLACK if before is Verdict.POOR else POOR_SCORE - _SLACK
    if score >= good:
        return Verdict.GOOD
    return Verdict.FAIR if score >= poor else Verdict.POOR


def _cause(before: Judgement, newest: Judgement) -> Cause | None:
    blurs = {Cause.DEFOCUS, Cause.SHAKE}
    if (
        newest.cause is None
        or newest.verdict is Verdict.GOOD
        or (
            newest.aspect is Aspect.FOCUS
            and before.cause in blurs
            and newest.cause in blurs
            and abs(newest.measures.get("shake_log_odds", 0.0)) < _SURE_LOG_ODDS
        )
    ):
        return before.cause
    return newest.cause
