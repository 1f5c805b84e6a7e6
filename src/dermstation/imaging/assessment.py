"""The quality report of a picture: what was measured, judged by the limits of its kind of shot.

The same code judges a live frame and a still. It never changes a pixel and says nothing about the
lesion. Pure functions; any thread or process.
"""

import time
from collections.abc import Mapping

from dermstation.domain.quality import Aspect, Cause, Finding, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.codec import Bgr
from dermstation.imaging.exposure import Light, measure_light
from dermstation.imaging.focus import Sharpness, measure_sharpness
from dermstation.imaging.scale import Grey, small_colour, to_grey, working_grey
from dermstation.imaging.thresholds import SHOT_LIMITS, Limit, ShotLimits
from dermstation.imaging.tiles import tile_grid

GOOD_SCORE = 67  # scores from here on are good
POOR_SCORE = 34  # and below here poor
_UNKNOWN_SCORE = 50


def assess(bgr: Bgr, shot: ShotKind) -> QualityReport:
    """Measure and judge a picture, (height, width, 3) BGR uint8, as a shot of kind `shot`."""
    started = time.perf_counter()
    height, width = bgr.shape[:2]
    findings = _findings(working_grey(to_grey(bgr)), small_colour(bgr), shot)
    return QualityReport(shot, width, height, findings, _ms_since(started))


def assess_parts(
    grey: Grey, small_bgr: Bgr, shot: ShotKind, width: int, height: int
) -> QualityReport:
    """Measure and judge a picture that was decoded in two cheaper parts, for the live view.

    `grey` is the luma (height, width) uint8 at full size; `small_bgr` the same picture in colour,
    reduced by averaging to a long side of 400 px or more; `width` and `height` are the picture's
    own. The verdicts are those of `assess`, the scores within a few points.
    """
    started = time.perf_counter()
    findings = _findings(working_grey(grey), small_colour(small_bgr), shot)
    return QualityReport(shot, width, height, findings, _ms_since(started))


def _findings(grey: Grey, small_bgr: Bgr, shot: ShotKind) -> tuple[Finding, ...]:
    grid = tile_grid(grey)
    limits = SHOT_LIMITS[shot]
    return (
        _judge_focus(measure_sharpness(grey, grid), limits),
        _judge_light(measure_light(small_bgr, grid), limits),
    )


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def _judge_focus(sharpness: Sharpness, limits: ShotLimits) -> Finding:
    measures = {
        "blur_radius_px": sharpness.blur_radius_px,
        "shake_log_odds": sharpness.shake_log_odds,
        "textured_tiles": float(sharpness.textured_tiles),
        "noise_dn": sharpness.noise_dn,
    }
    if sharpness.textured_tiles < limits.least_textured_tiles:
        return _finding(Aspect.FOCUS, _UNKNOWN_SCORE, Cause.CANNOT_TELL, measures)
    cause = Cause.SHAKE if sharpness.shake_log_odds > 0 else Cause.DEFOCUS
    score = _score(sharpness.blur_radius_px, limits.blur_radius_px)
    return _finding(Aspect.FOCUS, score, cause, measures)


def _judge_light(light: Light, limits: ShotLimits) -> Finding:
    measures = {
        "highlight_stops": light.highlight_stops,
        "shadow_stops": light.shadow_stops,
        "median_linear": light.median_linear,
        "clipped_share": light.clipped_share,
        "unevenness_stops": light.unevenness_stops,
    }
    over = (
        light.median_linear > limits.over_median_linear
        or light.clipped_share > limits.over_clipped_share
    )
    candidates = (
        (_score(light.highlight_stops, limits.highlight_stops), Cause.UNDER),
        (_score(light.clipped_share, limits.clipped_share), Cause.OVER if over else Cause.CLIPPED),
        (_score(light.unevenness_stops, limits.unevenness_stops), Cause.UNEVEN),
    )
    score, cause = min(candidates, key=lambda candidate: candidate[0])
    return _finding(Aspect.EXPOSURE, score, cause, measures)


def _score(value: float, limit: Limit) -> int:
    """Map a measure to 0-100: 100 at none, 67 at the good limit, 33 at the poor one, 0 at twice."""
    if value <= limit.good:
        return round(100 - (100 - GOOD_SCORE) * max(0.0, value) / limit.good)
    if value <= limit.poor:
        share = (value - limit.good) / (limit.poor - limit.good)
        return min(GOOD_SCORE - 1, round(GOOD_SCORE - (GOOD_SCORE - POOR_SCORE) * share))
    share = min(1.0, (value - limit.poor) / limit.poor)
    return min(POOR_SCORE - 1, round(POOR_SCORE * (1 - share)))


def _finding(aspect: Aspect, score: int, cause: Cause, measures: Mapping[str, float]) -> Finding:
    rounded = {name: round(value, 4) for name, value in measures.items()}
    if score >= GOOD_SCORE:
        return Finding(aspect, score, Verdict.GOOD, None, rounded)
    verdict = Verdict.FAIR if score >= POOR_SCORE else Verdict.POOR
    return Finding(aspect, score, verdict, cause, rounded)
