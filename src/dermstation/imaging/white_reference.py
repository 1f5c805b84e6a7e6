"""Find a white thing beside the skin (a ruler, a card, paper) and the colour of the light on it.

White paper reflects all colours alike, so that what it shows is the light's own colour. It is told
from pale skin and from coloured things by four properties together: it is brighter and paler than
the skin, of one colour, bounded by straight lines, and with its colour taken out the skin looks
like skin. Pure functions on arrays; any thread or process.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from dermstation.imaging.field import Field
from dermstation.imaging.ranks import ranked
from dermstation.imaging.table import SkinModel, Values
from dermstation.imaging.tiles import Floats, Mask

_BRIGHTER_STOPS = 0.6  # than the field's median, in green
_BRIGHTEST_SHARE, _DULLER_STOPS = 0.97, 0.5  # than the brightest of the picture, at most
_PALER_STOPS = 0.15  # less red over green
_ALIKE_STOPS = 0.18  # of each colour, around the commonest one
_CLIPPED_STOPS, _MOST_CLIPPED = -0.04, 0.01
_MOST_SPREAD_STOPS = 0.09  # of red over green, between its middle half
_BINS_PER_STOP = 10
_REACH_STOPS = 3.0
_LEAST_SHARE = 0.012  # of the picture
_LEAST_FILLED = 0.7  # of the smallest convex outline around it
_USUAL_SKIN = 2.5  # standard deviations of usual skin's colours
_AROUND = np.ones((3, 3), np.uint8)
_LEAST_PIXELS = 12


@dataclass(frozen=True, slots=True)
class White:
    """A white thing: its share of the picture, and red over green and green over blue in stops."""

    share: float
    warm: float
    yellow: float

    @property
    def yellowish(self) -> float:
        """Return how much too yellow the light is, in stops; a negative value is too blue."""
        return (self.warm + self.yellow) / 2

    @property
    def greenish(self) -> float:
        """Return how much too green the light is, in stops; a negative value is too pink."""
        return (self.yellow - self.warm) / 2


def find_white(field: Field, skin: Values, model: SkinModel) -> White | None:
    """Return the largest white thing, or None; `skin` (2) are the field's median colours."""
    if np.count_nonzero(field.strongest > _CLIPPED_STOPS) > _MOST_CLIPPED * field.lit.size:
        return None  # what is white may be among what is lost
    green = field.stops[..., 1]
    lit = green[field.fit]
    brighter = max(
        ranked(lit, 0.5) + _BRIGHTER_STOPS, ranked(lit, _BRIGHTEST_SHARE) - _DULLER_STOPS
    )
    pale = field.fit & (green > brighter) & (field.warm < skin[0] - _PALER_STOPS)
    least = max(_LEAST_PIXELS, _LEAST_SHARE * pale.size)
    if np.count_nonzero(pale) < least:
        return None
    warm, yellow = (_calm(colour) for colour in (field.warm, field.yellow))
    alike = np.abs(warm - _commonest(warm[pale])) <= _ALIKE_STOPS
    alike &= pale & (np.abs(yellow - _commonest(yellow[pale])) <= _ALIKE_STOPS)
    area = _largest(alike)
    if np.count_nonzero(area) < least or _filled(area) < _LEAST_FILLED:
        return None
    inner = np.asarray(cv2.erode(area.astype(np.uint8), _AROUND), bool) & alike
    if np.count_nonzero(inner) < _LEAST_PIXELS:  # the rim is partly skin
        return None
    if ranked(warm[inner], 0.75) - ranked(warm[inner], 0.25) > _MOST_SPREAD_STOPS:
        return None
    found = White(float(area.mean()), ranked(warm[inner], 0.5), ranked(yellow[inner], 0.5))
    return found if _leaves_skin(skin, found, model) else None


def _calm(colour: Floats) -> Floats:
    return np.asarray(cv2.blur(colour, _AROUND.shape), np.float32)


def _largest(alike: Mask) -> Mask:
    """Return the largest area, with the ticks of a ruler filled in."""
    closed = cv2.morphologyEx(alike.astype(np.uint8), cv2.MORPH_CLOSE, _AROUND)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=4)
    if count == 1:
        return np.zeros(alike.shape, bool)
    return np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))


def _commonest(stops: Floats) -> float:
    """Return the commonest colour, the middle of three bins of a histogram that have the most."""
    edge = round(_REACH_STOPS * _BINS_PER_STOP)
    bins = np.clip(np.rint(stops * _BINS_PER_STOP).astype(int), -edge, edge) + edge
    counts = np.bincount(bins, minlength=2 * edge + 1)
    return (int((counts[:-2] + counts[1:-1] + counts[2:]).argmax()) + 1 - edge) / _BINS_PER_STOP


def _filled(area: Mask) -> float:
    down, across = np.nonzero(area)
    hull = cv2.convexHull(np.stack([across, down], axis=1).astype(np.int32))
    # pixels have an extent, points have none
    return len(down) / (cv2.contourArea(hull) + cv2.arcLength(hull, closed=True) / 2 + 1)


def _leaves_skin(skin: Values, white: White, model: SkinModel) -> bool:
    off = skin - np.array([white.warm, white.yellow]) - model.chroma_centre
    return float(off @ model.chroma_inverse @ off) <= _USUAL_SKIN**2
