"""Locate the lesion in a picture by its contrast with the surrounding skin.

Finds its position, size and edge, as a help for aiming; says nothing about the nature of the
lesion. Pure functions on arrays; any thread or process.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.field import Field
from dermstation.imaging.ranks import ranked
from dermstation.imaging.surface import surface_terms
from dermstation.imaging.table import Values
from dermstation.imaging.tiles import Floats, Mask

_BORDER_SHARE = 0.18  # of each side; what lies this close to the border counts as skin
_LEAST_STOPS = 0.18  # less contrast may just be uneven light or skin
_CONTRAST_SHARE = 0.45  # of the strongest contrast; anything above this is lesion
_STRONGEST_SHARE = 0.98
_SIGMA_PX = 1.2
_LEAST_PIXELS = 4
_ALIKE = (0.5, 2.0)  # times the lesion's area and contrast
_LONGEST = 2.0  # times its width: a hair, a vessel or a fold is longer
_FILLED = 0.5  # of the box around it
_RIDGE = np.diag([0.0, 1.0, 1.0, 1.0])
_MIDDLE_SHARE = 0.35  # of half the diagonal
_EVERY = 2  # only every second pixel is used for ranks and fits


@dataclass(frozen=True, slots=True)
class LesionArea:
    """The lesion that was found.

    `stops` is its contrast with the skin in green light, 0 if none was found. `share` is its area
    divided by the field's. `offset` is the distance of its centre from the field's, divided by half
    the field's diagonal. `cut` is the share of its outline that lies on the edge of the picture.
    `alike` is how many other areas have about its size and contrast. `middle_stops` is the contrast
    with the skin that something in the middle of the field has, whatever was found.
    """

    stops: float
    share: float
    offset: float
    cut: float
    alike: int = 0
    middle_stops: float = 0.0


NO_LESION = LesionArea(0.0, 0.0, 0.0, 0.0)


def find_lesion(field: Field) -> LesionArea:
    """Find the lesion: an area near the centre that absorbs more green than the skin around it."""
    green = cv2.GaussianBlur(field.stops[..., 1], (0, 0), _SIGMA_PX)
    inside = _contrast(np.asarray(green, np.float32), field)
    if not field.is_whole:
        inside[~field.lit] = 0
    strongest = ranked(inside[field.lit][::_EVERY], _STRONGEST_SHARE)
    limit = max(_LEAST_STOPS, _CONTRAST_SHARE * strongest)
    mask = (inside > limit).astype(np.uint8)
    middle, half = _middle(field)
    middle_stops = _in_the_middle(inside, middle, half)
    nothing = replace(NO_LESION, middle_stops=middle_stops)
    if int(mask.sum()) < _LEAST_PIXELS:
        return nothing
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    offsets = np.hypot(*(centres - middle).T) / half
    strength = np.bincount(labels.ravel(), weights=inside.ravel(), minlength=count)
    contrast = strength / np.maximum(1, stats[:, cv2.CC_STAT_AREA])
    strength = strength * np.exp(-((offsets / 0.4) ** 2))
    strength[0] = 0
    best = int(np.argmax(strength))
    found = labels == best
    if int(stats[best, cv2.CC_STAT_AREA]) < _LEAST_PIXELS:
        return nothing
    return LesionArea(
        stops=float(inside[found].mean()),
        share=int(np.count_nonzero(found)) / max(1, int(np.count_nonzero(field.lit))),
        offset=float(offsets[best]),
        cut=_cut(found),
        alike=_alike(stats, contrast, best, labels.shape),
        middle_stops=middle_stops,
    )


def _middle(field: Field) -> tuple[Values, float]:
    """Return the centre (x, y) of the field of view and half its diagonal, at least 1 px."""
    if field.is_whole:
        height, width = (side - 1 for side in field.lit.shape)
        return np.array([width / 2, height / 2]), max(1.0, math.hypot(width, height) / 2)
    centre, extent = [], []
    for axis in (0, 1):
        count = np.count_nonzero(field.lit, axis=axis)
        places = np.flatnonzero(count)
        centre.append(float(count @ np.arange(len(count)) / count.sum()))
        extent.append(float(places[-1] - places[0]))
    return np.array(centre), max(1.0, math.hypot(extent[0], extent[1]) / 2)


def _contrast(green: Floats, field: Field) -> Floats:
    """Return how many stops each pixel is darker than the skin.

    The light of the skin is a low-order surface fitted to the picture's border.
    """
    rows, columns = green.shape
    places = _border(rows, columns)
    if not field.is_whole:
        lit = field.lit.ravel()
        places = places[lit[places]]
        if len(places) * _EVERY < _LEAST_PIXELS * _LEAST_PIXELS:
            places = np.flatnonzero(lit)[::_EVERY]
    values = green.ravel()[places]
    kept = values >= ranked(values, 0.35)  # hair, ink and ring are darker than skin
    surface = surface_terms(rows, columns)
    chosen, light = surface[places[kept]].astype(np.float64), values[kept].astype(np.float64)
    weights = _fitted(chosen, light)
    if weights[3] > 0:  # light falls off towards the edges; the opposite means a large lesion
        weights = np.append(_fitted(chosen[:, :3], light), 0.0)
    return np.asarray((surface @ weights.astype(np.float32)).reshape(rows, columns) - green)


@lru_cache(maxsize=4)  # the live view needs the same one ten times a second
def _border(rows: int, columns: int) -> NDArray[np.intp]:
    """Return every second pixel near the picture's border, as flat indices."""
    top, left = max(1, int(rows * _BORDER_SHARE)), max(1, int(columns * _BORDER_SHARE))
    border = np.ones((rows, columns), bool)
    border[top : rows - top, left : columns - left] = False
    places = np.flatnonzero(border)[::_EVERY]
    places.setflags(write=False)
    return places


def _fitted(surface: Values, values: Values) -> Values:
    count = surface.shape[1]
    normal = surface.T @ surface + (1e-2 * len(surface)) * _RIDGE[:count, :count]
    solved = cv2.solve(normal, surface.T @ values, flags=cv2.DECOMP_CHOLESKY)[1]
    return np.asarray(solved, np.float64)[:, 0]


def _in_the_middle(inside: Floats, middle: Values, half: float) -> float:
    down, across = np.ogrid[: inside.shape[0], : inside.shape[1]]
    near = np.hypot(down - middle[1], across - middle[0]) < _MIDDLE_SHARE * half
    return ranked(inside[near], _STRONGEST_SHARE) if near.any() else 0.0


def _alike(stats: cv2.typing.MatLike, contrast: Values, best: int, shape: tuple[int, ...]) -> int:
    """Count the areas like the lesion: compact, within the picture, of its size and contrast."""
    left, top, width, height, area = stats.T
    longer, shorter = np.maximum(width, height), np.minimum(width, height)
    least = max(_LEAST_PIXELS, int(area[best] * _ALIKE[0]))
    like = (area >= least) & (area <= area[best] * _ALIKE[1])
    like &= (contrast >= contrast[best] * _ALIKE[0]) & (contrast <= contrast[best] * _ALIKE[1])
    like &= (longer <= _LONGEST * shorter) & (area >= _FILLED * width * height)
    like &= (left > 0) & (top > 0) & (left + width < shape[1]) & (top + height < shape[0])
    if not like[best]:  # a fold, a shadow, the edge of the picture
        return 0
    like[[0, best]] = False
    return int(np.count_nonzero(like))


def _cut(found: Mask) -> float:
    inner = cv2.erode(found.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=0)
    edge = found & (np.asarray(inner) == 0)
    at_border = np.zeros(found.shape, bool)
    at_border[[0, -1]] = True
    at_border[:, [0, -1]] = True
    return float((edge & at_border).sum() / max(1, int(edge.sum())))
