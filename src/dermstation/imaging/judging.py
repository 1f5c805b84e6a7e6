"""Turn measurements into judgements: which limit is exceeded, how far, and the likely cause.

Measures nothing itself. Pure functions; any thread or process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dermstation.domain.quality import Aspect, Cause, Judgement, Verdict
from dermstation.domain.set_score import RULER_SEEN
from dermstation.domain.shots import ShotKind
from dermstation.imaging.colour import Tint
from dermstation.imaging.exposure import Light, pigment_stops
from dermstation.imaging.focus import LARGEST_RADIUS_PX, SMALLEST_RADIUS_PX, Sharpness
from dermstation.imaging.glare import Glare
from dermstation.imaging.lesion import LesionArea
from dermstation.imaging.ruler import Ruler
from dermstation.imaging.scope_ring import is_through_scope
from dermstation.imaging.scores import (
    GOOD_SCORE,
    POOR_SCORE,
    STEP,
    score,
    score_log,
    verdict_of,
)
from dermstation.imaging.shot_kind import KINDS, KindChances, KindModel
from dermstation.imaging.shot_scene import ShotScene
from dermstation.imaging.skin import Skin
from dermstation.imaging.thresholds import Limit, ShotLimits

_UNKNOWN_SCORE = 60.0  # the most with too little detail: at best fair, never good
_JUST_FAIR = 6.0  # of the scores below good, for what would be good without the noise
_MISSING_SCORE = 50.0  # fair
_DAMAGED_SCORE = 0.0
_MOST_TINT_STOPS = Limit(0.3)  # of a white thing; papers and white balances differ by a third of it
_LEAST_MIDDLE_STOPS = 0.4  # every real close-up has 0.5; bare skin mostly has less than 0.4
_SEVERAL = 3  # similar lesions; of two, one is mostly more in the middle
_DOUBT_SCALE = 10.0  # added to log odds so that scores are computed on values above 0

_LOOKS = {
    ShotKind.GENERAL: Cause.LOOKS_GENERAL,
    ShotKind.CLOSEUP: Cause.LOOKS_CLOSEUP,
    ShotKind.DERMOSCOPIC: Cause.LOOKS_DERMOSCOPIC,
}

Candidate = tuple[float, Cause]


def judge_focus(sharpness: Sharpness, limits: ShotLimits) -> Judgement:
    """Judge the blur radius; a picture with too little detail is never called sharp."""
    measures = {
        "blur_radius_px": sharpness.blur_radius_px,
        "shake_log_odds": sharpness.shake_log_odds,
        "textured_tiles": float(sharpness.textured_tiles),
        "noise_dn": sharpness.noise_dn,
        "sensor_noise_dn": sharpness.sensor_noise_dn,
    }
    ends = (SMALLEST_RADIUS_PX, LARGEST_RADIUS_PX)
    value = score_log(sharpness.blur_radius_px, limits.blur_radius_px, ends)
    cause = Cause.SHAKE if sharpness.shake_log_odds > 0 else Cause.DEFOCUS
    if sharpness.textured_tiles < limits.least_textured_tiles:
        value, cause = value * _UNKNOWN_SCORE / 100, Cause.CANNOT_TELL
    elif value >= POOR_SCORE:
        noise_dn = sharpness.sensor_noise_dn
        is_hidden = sharpness.blur_radius_px > limits.good_radius_px(noise_dn)
        if noise_dn > limits.noisy_dn or (is_hidden and value >= GOOD_SCORE):
            cause = Cause.NOISY
        if is_hidden and noise_dn > limits.quiet_dn:
            value = _just_fair(value)
    candidates = [(value, cause)]
    # a doubt alone is never poor; what is doubted keeps the order of its blur
    fair = POOR_SCORE + (GOOD_SCORE - POOR_SCORE) * value / 100
    if sharpness.doubt is not None:
        shaken = sharpness.doubt.shake_log_odds > 0
        candidates.append((fair, Cause.SHAKE if shaken else Cause.DEFOCUS))
        measures["skin_radius_px"] = sharpness.doubt.blur_radius_px
    elif not sharpness.tells_skin:
        candidates.append((fair, Cause.CANNOT_TELL))
    return _judgement(Aspect.FOCUS, candidates, measures)


def _just_fair(value: float) -> float:
    """Return a score below good and above most of the fair ones, in the order of `value`."""
    return min(value, GOOD_SCORE - _JUST_FAIR * (100 - value) / (100 - GOOD_SCORE) - STEP)


def judge_light(light: Light, tint: Tint, limits: ShotLimits) -> Judgement:
    """Judge darkness, lost highlights and unevenness; the cause is the worst of them.

    What the skin's own pigment takes of the light is not darkness.
    """
    pigment = pigment_stops(tint.red_over_green + tint.green_over_blue)
    blue, green, red = light.clipped_by_channel
    measures = {
        "highlight_stops": light.highlight_stops,
        "pigment_stops": pigment,
        "shadow_stops": light.shadow_stops,
        "median_linear": light.median_linear,
        "clipped_share": light.clipped_share,
        "clipped_blue": blue,
        "clipped_green": green,
        "clipped_red": red,
        "unevenness_stops": light.unevenness_stops,
    }
    over = (
        light.median_linear > limits.over_median_linear
        or light.clipped_share > limits.over_clipped_share
    )
    candidates = [
        (score(light.highlight_stops - pigment, limits.highlight_stops), Cause.UNDER),
        (score(light.clipped_share, limits.clipped_share), Cause.OVER if over else Cause.CLIPPED),
        (score(light.unevenness_stops, limits.unevenness_stops), Cause.UNEVEN),
    ]
    return _judgement(Aspect.EXPOSURE, candidates, measures)


def judge_glare(glare: Glare, limits: ShotLimits) -> Judgement:
    """Judge the area of mirror reflections."""
    measures = {
        "glare_share": glare.share,
        "glare_centre_share": glare.centre_share,
        "glare_spots": float(glare.spots),
        "glare_x": glare.x,
        "glare_y": glare.y,
    }
    value = score(glare.share, limits.glare_share)
    return _judgement(Aspect.GLARE, [(value, Cause.GLARE)], measures)


def judge_colour(tint: Tint, limits: ShotLimits) -> Judgement:
    """Judge the colour of the light, by something white if there is any, or else by the skin."""
    measures = {
        "red_over_green_stops": tint.red_over_green,
        "green_over_blue_stops": tint.green_over_blue,
        "cast_distance": tint.cast_distance,
        "white_share": tint.white_share,
        "white_tint_stops": tint.white_tint_stops,
    }
    white = tint.reference
    if white is None:
        value = score(tint.cast_distance, limits.cast_distance)
        return _judgement(Aspect.COLOUR, [(value, Cause.CAST)], measures)
    measures |= {
        "reference_share": white.share,
        "yellowish_stops": white.yellowish,
        "greenish_stops": white.greenish,
    }
    tints = (
        (white.yellowish, Cause.YELLOWISH),
        (-white.yellowish, Cause.BLUISH),
        (white.greenish, Cause.GREENISH),
        (-white.greenish, Cause.PINKISH),
    )
    found = [(score(stops, _MOST_TINT_STOPS), cause) for stops, cause in tints]
    return _judgement(Aspect.COLOUR, found, measures)


def judge_framing(
    skin: Skin, doubt: float, dark_share: float, lesion: LesionArea, limits: ShotLimits
) -> Judgement:
    """Judge what is in the picture and where; by the shipped limits only missing skin is poor."""
    measures = {
        "skin_share": skin.share,
        "roughness": skin.roughness,
        "skin_doubt": doubt,
        "dark_share": dark_share,
        "lesion_stops": lesion.stops,
        "lesion_share": lesion.share,
        "lesion_offset": lesion.offset,
        "lesion_cut": lesion.cut,
    }
    candidates = [(score(1 - skin.share, limits.bare_share), Cause.NO_SKIN)]
    if limits.skin_doubt is not None:
        moved = Limit(limits.skin_doubt.good + _DOUBT_SCALE, _moved(limits.skin_doubt.poor))
        candidates.append((score(doubt + _DOUBT_SCALE, moved), Cause.NO_SKIN))
    if limits.dark_share is not None:
        candidates.append((score(dark_share, limits.dark_share), Cause.NO_FIELD))
    return _judgement(Aspect.FRAMING, candidates + _lesion_candidates(lesion, limits), measures)


def with_kind(framing: Judgement, kind: KindChances, shot: ShotKind, model: KindModel) -> Judgement:
    """Return `framing`, at best fair if the picture is not surely a picture of `shot`.

    What is known to be wrong says more than that its kind is not clear.
    """
    found = {f"kind_{one.value}": round(kind.of(one), 4) for one in KINDS}
    framing = replace(framing, measures={**framing.measures, **found})
    chance = kind.of(shot)
    if chance >= model.least_own or framing.verdict is Verdict.POOR:
        return framing
    is_other = kind.of(kind.likeliest) >= model.surely
    share = 0.0 if is_other else chance / model.least_own
    known = framing.cause if framing.verdict is Verdict.FAIR else None
    cause = _LOOKS[kind.likeliest] if is_other else known or Cause.KIND_UNCLEAR
    value, verdict = verdict_of(POOR_SCORE + (GOOD_SCORE - POOR_SCORE) * share)
    if value > framing.score and not is_other:
        return framing
    return replace(framing, score=value, verdict=verdict, cause=cause)


def with_scope(framing: Judgement, roundness: float, limits: ShotLimits) -> Judgement:
    """Return `framing`, at best fair if a picture from a distance was taken through the scope."""
    is_contact = limits.skin_doubt is not None
    if is_contact or framing.verdict is Verdict.POOR or not is_through_scope(roundness):
        return framing
    measures = {**framing.measures, "scope_roundness": round(roundness, 4)}
    value, verdict = verdict_of(min(framing.score, _MISSING_SCORE))
    return replace(framing, score=value, verdict=verdict, cause=Cause.SCOPE_ON, measures=measures)


def with_lesion_note(framing: Judgement, scene: ShotScene) -> Judgement:
    """Return `framing` with a note if it is not clear which lesion is meant; same score."""
    if framing.cause not in (None, Cause.NO_RULER):
        return framing
    middle = scene.middle_stops
    if middle is not None and middle < _LEAST_MIDDLE_STOPS:
        return replace(framing, cause=Cause.NO_LESION)
    if scene.similar < _SEVERAL:
        return framing
    measures = {**framing.measures, "similar_lesions": float(scene.similar)}
    return replace(framing, cause=Cause.WHICH_LESION, measures=measures)


def with_damage(framing: Judgement, *, damaged: bool) -> Judgement:
    """Return `framing`, poor if the picture is damaged: part of what was framed is not there."""
    if not damaged:
        return framing
    return replace(framing, score=_DAMAGED_SCORE, verdict=Verdict.POOR, cause=Cause.DAMAGED)


def with_ruler_note(framing: Judgement, ruler: Ruler, limits: ShotLimits) -> Judgement:
    """Return `framing` with a note if a well-framed picture has no ruler; the score is the same."""
    least = limits.least_ruler_strength
    if least is None:
        return framing
    found = {
        "ruler_strength": round(ruler.strength, 4),
        "ruler_pitch_px": round(ruler.pitch_px, 4),
        RULER_SEEN: float(ruler.strength >= least),
    }
    missing = framing.cause is None and ruler.strength < least
    cause = Cause.NO_RULER if missing else framing.cause
    return replace(framing, cause=cause, measures={**framing.measures, **found})


def _moved(value: float | None) -> float | None:
    return None if value is None else value + _DOUBT_SCALE


def _lesion_candidates(lesion: LesionArea, limits: ShotLimits) -> list[Candidate]:
    candidates: list[Candidate] = []
    if limits.most_lesion_share is not None and lesion.stops > 0:
        value = score(lesion.share, Limit(limits.most_lesion_share))
        candidates.append((value, Cause.TOO_CLOSE))
    if limits.least_lesion_stops is None:
        return candidates
    if lesion.stops < limits.least_lesion_stops:
        return [*candidates, (_MISSING_SCORE, Cause.NO_LESION)]
    if limits.least_lesion_share is not None and lesion.share < limits.least_lesion_share:
        candidates.append((_MISSING_SCORE, Cause.LESION_SMALL))
    if limits.lesion_offset is not None:
        candidates.append((score(lesion.offset, limits.lesion_offset), Cause.OFF_CENTRE))
    if limits.lesion_cut is not None:
        candidates.append((score(lesion.cut, limits.lesion_cut), Cause.LESION_CUT))
    return candidates


def _judgement(
    aspect: Aspect, candidates: Sequence[Candidate], measures: Mapping[str, float]
) -> Judgement:
    worst, cause = min(candidates, key=lambda candidate: candidate[0])
    rounded = {name: round(value, 4) for name, value in measures.items()}
    value, verdict = verdict_of(worst)
    return Judgement(aspect, value, verdict, cause if worst < GOOD_SCORE else None, rounded)
