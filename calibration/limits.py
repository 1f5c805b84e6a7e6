"""Choose the limits for each kind of shot, using only the training half.

Blur limits come from predictions of networks that had not seen the source picture. The others come
from the spread of the measurements over good pictures. Limits that are declared here rather than
fitted have a comment that says why.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.fit import fit_logistic, rounded
from calibration.samples import Samples
from calibration.scenes import Scene
from calibration.sources import NO_SKIN_FOLDER, SKIN_FOLDERS
from dermstation.domain.shots import ShotKind
from dermstation.imaging.bands import Values
from dermstation.imaging.skin import skin_doubt
from dermstation.imaging.table import LEAST_NOISE_DN, SkinModel
from dermstation.imaging.thresholds import Limit, ShotLimits

_SOFT_PX, _SHARP_PX = 3.0, 1.0  # must not be called good; must not be called poor
_MISSED_PERCENT, _FALSE_PERCENT = 3.5, 98.5
_GOOD_PX = (1.2, 2.4)  # range of the good limit, however easy or hard the pictures
_LEAST_FAIR = 1.5  # smallest ratio of the poor limit to the good one
_WELL_LIT = {"as taken", "nuisance", "darkened", "ring", "blurred"}
_SKIN_CLEAR = {"as taken", "nuisance", "darkened", "pigmented", "ring", "blurred", "glare", "crop"}
_PLAIN = {"as taken", "darkened"}
_UNSPOILED = {"as taken", "nuisance", "darkened", "blurred", "glare"}
_NOISES_PERCENT, _TICKS_PERCENT = 100, 10  # of skin without a ruler; of rulers drawn on it
_NEARER_SKIN = 0.25
# the shares of sharp pictures, alone and beside something sharp, that may become only fair because
# of their plainest parts; before a room in focus, fewer would leave one soft picture in four good
MOST_HARMED = {ShotKind.DERMOSCOPIC: (0.04, 0.06), ShotKind.CLOSEUP: (0.08, 0.10)}
_ODDS_DIGITS = 3
_HIDDEN_PX = 5.0  # blur up to here may hide in noise
_HIDING_DN = 1.6  # of the sensor: 0.006 in linear light, what the protocol calls noisy
# of what noise hides, called good: 5 % are promised, one picture in 25 may be a third of it, and
# close-ups differ more from one another
_HIDDEN_PERCENT = {ShotKind.DERMOSCOPIC: 2.5, ShotKind.CLOSEUP: 1.2}
_QUIET_DN, _NOISY_DN = 1.5, 2.5
_MOST_OCTAVES = 0.6  # for each grey level; with more, no picture with noise would be good


class BlurLimits(NamedTuple):
    """The blur that is good and poor, and by how many octaves a grey level of noise lowers it."""

    clear: Limit
    hidden_octaves: float


def blur_limit(samples: Samples, predicted: Values, folder: str) -> Limit:
    """Choose the blur limits of one folder's kind of shot, for pictures with little noise.

    `predicted` (n, 4) are readings of networks that had not seen the picture.
    """
    own = (samples.folders == folder) & ~samples.shaken & ~samples.standard
    radius, blur_px, is_wide = predicted[:, 0], samples.blur_px, samples.is_wide
    soft = own & ~is_wide & (blur_px == _SOFT_PX)
    good = float(np.clip(_percentile(radius[soft], _MISSED_PERCENT, _GOOD_PX[1]), *_GOOD_PX))
    sharp = own & (blur_px <= _SHARP_PX)
    poor = max(
        good * _LEAST_FAIR,
        *(_percentile(radius[sharp & one], _FALSE_PERCENT, good) for one in (is_wide, ~is_wide)),
    )
    return Limit(_short(good), _short(poor))


def hidden_octaves(
    samples: Samples, predicted: Values, doubted: NDArray[np.bool_], shot: ShotKind, good_px: float
) -> float:
    """Choose by how many octaves a grey level of noise lowers the blur that is good.

    `predicted` (n, 4) are readings of networks that had not seen the picture, and `doubted` (n)
    those that are not good in any noise.
    """
    blur_px = samples.blur_px
    own = (samples.folders == SKIN_FOLDERS[shot]) & samples.is_wide
    own &= ~samples.shaken & ~samples.is_composed
    own &= (samples.noise_dn >= _HIDING_DN) & (blur_px >= _SOFT_PX) & (blur_px <= _HIDDEN_PX)
    if not own.any():
        return 0.0
    beyond = np.exp2(predicted[own, 3]) - LEAST_NOISE_DN - _QUIET_DN
    below = np.where(doubted[own], 0.0, np.log2(good_px) - predicted[own, 0])
    needed = np.where(below > 0, below / np.maximum(beyond, 1e-6), 0.0)  # not to be called good
    chosen = float(np.percentile(needed, 100 - _HIDDEN_PERCENT[shot]))
    return _short(min(chosen, _MOST_OCTAVES))


def _percentile(radius_log2: Values, percent: float, default: float) -> float:
    """Return a percentile of radii in px, or `default` of none, as of a few pictures in tests."""
    return 2.0 ** float(np.percentile(radius_log2, percent)) if len(radius_log2) else default


def doubt_limit(
    own: Samples,
    soft: Values,
    all_log2: Values,
    good_px: float,
    most_harmed: tuple[float, float],
) -> float:
    """Choose the log odds of softness above which a picture is doubted.

    `soft` and `all_log2` are the predictions of the doubter's and the focus network for samples
    they had not seen. A sharp picture is harmed if it would be called good but is doubted; the
    limit keeps the shares of harmed pictures, alone and beside something sharp, at `most_harmed`.
    """
    sharp = ~own.shaken & (own.blur_px <= _SHARP_PX)
    harmed = np.where(all_log2 <= np.log2(good_px), soft, -np.inf)
    least = 0.0  # at even odds there is no doubt
    groups = (~own.is_composed, own.is_composed)
    for group, share in zip(groups, most_harmed, strict=True):
        ordered = np.sort(harmed[sharp & group])[::-1]
        if len(ordered):
            least = max(least, float(ordered[int(share * len(ordered))]))
    return round(least, _ODDS_DIGITS)


def fit_skin(scenes: Sequence[Scene]) -> SkinModel:
    """Fit the model that separates dermoscopy from pictures without skin, and the usual chroma."""
    skin = [
        scene
        for scene in scenes
        if scene.folder == SKIN_FOLDERS[ShotKind.DERMOSCOPIC] and scene.kind in _SKIN_CLEAR
    ]
    other = [s for s in scenes if s.folder == NO_SKIN_FOLDER and s.kind != "darkened"]
    inputs = np.array([[s.skin.share, s.skin.roughness] for s in [*skin, *other]])
    positive = np.array([1.0] * len(skin) + [0.0] * len(other))
    weight = np.where(positive > 0, 1 / max(1, len(skin)), 1 / max(1, len(other)))
    weights, offset = fit_logistic(inputs, positive, weight)
    chroma = np.array([s.chroma for s in _skin_scenes(scenes, _PLAIN)])
    inverse = np.linalg.inv(np.cov(chroma.T) + 1e-3 * np.eye(2))
    return SkinModel(weights, offset, rounded(np.median(chroma, axis=0)), rounded(inverse))


def choose_limits(
    scenes: Sequence[Scene], skin: SkinModel, blur: Mapping[ShotKind, BlurLimits]
) -> dict[ShotKind, ShotLimits]:
    """Return the limits of each kind of shot."""
    dermoscopic = _limits(scenes, ShotKind.DERMOSCOPIC, skin, blur)
    closeup = _limits(scenes, ShotKind.CLOSEUP, skin, blur)
    return {
        ShotKind.GENERAL: _general(closeup),
        ShotKind.CLOSEUP: closeup,
        ShotKind.LATERAL: _lateral(closeup),
        ShotKind.DERMOSCOPIC: dermoscopic,
    }


def _limits(
    scenes: Sequence[Scene], shot: ShotKind, skin: SkinModel, blur: Mapping[ShotKind, BlurLimits]
) -> ShotLimits:
    own = [scene for scene in scenes if scene.folder == SKIN_FOLDERS[shot]]
    lit = [scene for scene in own if scene.kind in _WELL_LIT]
    plain = [scene for scene in own if scene.kind in _PLAIN]
    contact = shot is ShotKind.DERMOSCOPIC
    doubts = [skin_doubt(s.skin, skin) for s in own if s.kind in _SKIN_CLEAR]
    return ShotLimits(
        blur_radius_px=blur[shot].clear,
        quiet_dn=_QUIET_DN,
        hidden_octaves=blur[shot].hidden_octaves,
        noisy_dn=_NOISY_DN,
        least_textured_tiles=6,
        highlight_stops=_darkness(own),
        clipped_share=_spread((s.light.clipped_share for s in lit), 93, 99, least=0.02),
        over_median_linear=0.8,
        over_clipped_share=0.35,
        unevenness_stops=_spread((s.light.unevenness_stops for s in lit), 93, 99.5, least=1.0),
        glare_share=_spread((s.glare.share for s in plain), 98, 100, least=0.006, far=5.0),
        cast_distance=_spread((_distance(s, skin) for s in plain), 98, 100, least=2.0),
        # a whole picture without a patch of skin colour; a colour cast may hide some of it
        bare_share=Limit(0.98) if contact else Limit(0.85, 0.97),
        skin_doubt=_doubt(doubts) if contact else None,
        dark_share=Limit(0.75) if contact else None,
        lesion_offset=Limit(0.55) if contact else None,
        lesion_cut=Limit(0.3) if contact else None,
        least_lesion_stops=0.2 if contact else None,
        least_lesion_share=0.004 if contact else None,
        least_ruler_strength=None if contact else _ruler_strength(own),
        most_lesion_share=None,
    )


def _ruler_strength(own: Sequence[Scene]) -> float:
    """Choose a limit above all skin without a ruler, closer to it than to drawn rulers."""
    skin = [s.ruler.strength for s in own if s.kind in _UNSPOILED]
    ticks = [s.ruler.strength for s in own if s.kind == "ruler"]
    without = float(np.percentile(skin, _NOISES_PERCENT))
    weak = float(np.percentile(ticks, _TICKS_PERCENT)) if ticks else without
    return _short(without + max(0.0, _NEARER_SKIN * (weak - without)))


def _darkness(own: Sequence[Scene]) -> Limit:
    """Choose a limit between brown skin in good light and any skin three stops underexposed."""
    dark = [s.darkness_stops for s in own if s.kind in {"darkened", "pigmented", "nuisance"}]
    under = [s.darkness_stops for s in own if s.kind == "three stops under"]
    brown, least = float(np.percentile(dark, 99)), float(np.percentile(under, 2))
    good = min(max(brown, 2.6), least - 0.1)
    return Limit(_short(good), _short(max(good + 0.1, min(least, good + 0.3))))


def _doubt(doubts: Sequence[float]) -> Limit:
    good = float(np.percentile(doubts, 97.5))
    return Limit(_short(good), _short(max(*doubts, good) + 1.0))


def _spread(
    values: Iterable[float], good: float, poor: float, *, least: float, far: float = 1.5
) -> Limit:
    """Choose limits at percentiles of good pictures; poor is at least `far` times good."""
    listed = list(values)
    first = max(least, float(np.percentile(listed, good)))
    last = max(first * far, float(np.percentile(listed, poor)) * 1.2)
    return Limit(_short(first), _short(last))


def _general(closeup: ShotLimits) -> ShotLimits:
    """Return wider limits, because a general view includes windows, shadows and background.

    Declared rather than fitted, as there are no pictures of this kind.
    """
    blur = closeup.blur_radius_px
    return ShotLimits(
        blur_radius_px=Limit(_short(blur.good * 1.2), _short((blur.poor or blur.good) * 1.2)),
        quiet_dn=closeup.quiet_dn,
        hidden_octaves=closeup.hidden_octaves,
        noisy_dn=closeup.noisy_dn,
        least_textured_tiles=6,
        highlight_stops=closeup.highlight_stops,
        clipped_share=Limit(0.2, 0.5),
        over_median_linear=0.85,
        over_clipped_share=0.40,
        unevenness_stops=Limit(4.0, 6.0),
        glare_share=Limit(0.04, 0.15),
        cast_distance=Limit(closeup.cast_distance.good * 1.3),
        bare_share=Limit(0.97),
        skin_doubt=None,
        dark_share=None,
        lesion_offset=None,
        lesion_cut=None,
        least_lesion_stops=None,
        least_lesion_share=None,
        least_ruler_strength=None,
        most_lesion_share=0.35,
    )


def _lateral(closeup: ShotLimits) -> ShotLimits:
    """Return the limits of a close-up without the ruler, allowing for background at the side."""
    values = {name: getattr(closeup, name) for name in ShotLimits.__dataclass_fields__}
    values |= {"bare_share": Limit(0.95), "unevenness_stops": Limit(4, 6)}
    values |= {"least_ruler_strength": None}
    return ShotLimits(**values)


def _skin_scenes(scenes: Sequence[Scene], kinds: set[str]) -> list[Scene]:
    folders = set(SKIN_FOLDERS.values())
    return [scene for scene in scenes if scene.folder in folders and scene.kind in kinds]


def _distance(scene: Scene, skin: SkinModel) -> float:
    off = scene.chroma - skin.chroma_centre
    return float(np.sqrt(max(0.0, float(off @ skin.chroma_inverse @ off))))


def _short(value: float) -> float:
    return float(f"{value:.3g}")
