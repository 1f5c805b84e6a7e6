"""Find glare: mirror reflections of the lamp, which are small white spots with sharp edges.

Large white areas are not glare; exposure judges those. Pure functions; any thread or process.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from dermstation.imaging.field import Field
from dermstation.imaging.scale import halved

_WHITE_DN = 225  # of the weakest channel: a reflection is as white as the lamp, not red like skin
_PALE_DN = 210  # a ruler is pale all over, and the gaps between its marks are not spots
_RIM_DN = 25  # above the neighbourhood
_NEIGHBOURHOOD = 15  # the picture's long side is divided by this
_LARGEST_SHARE = 0.02  # of the picture; a larger spot is paper, a ruler or overexposed skin
_LONGEST_SHARE = 0.25  # of the long side; a longer spot is an edge
_CENTRE = 0.25  # distance from the middle, so the central half of each side


@dataclass(frozen=True, slots=True)
class Glare:
    """The glare in a picture: shares are 0-1 of the field, `x` and `y` 0-1 of the picture's sides.

    `x` and `y` are the centre of all spots, weighted by area.
    """

    share: float
    centre_share: float
    spots: int
    x: float
    y: float


_NO_GLARE = Glare(0.0, 0.0, 0, 0.5, 0.5)


def measure_glare(field: Field) -> Glare:
    """Measure the spots of glare in a picture from its small version."""
    blue, green, red = cv2.split(field.small)
    weakest = np.asarray(cv2.min(cv2.min(blue, green), red), np.uint8)
    if cv2.minMaxLoc(weakest)[1] < _WHITE_DN:
        return _NO_GLARE
    side = max(3, max(weakest.shape) // _NEIGHBOURHOOD) | 1
    above = cv2.subtract(weakest, cv2.blur(weakest, (side, side)))
    spots = ((weakest >= _WHITE_DN) & (above >= _RIM_DN)).astype(np.uint8) & field.small_lit
    if not spots.any():
        return _NO_GLARE
    # white areas are separated at half size, in a quarter of the time; each cell keeps its share
    shares, pale = halved(spots * np.uint8(255)), halved(weakest)
    size = (shares.shape[1], shares.shape[0])
    white = ((pale >= _PALE_DN) | (shares > 0)).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(
        white, connectivity=8, ltype=cv2.CV_16U
    )
    places = np.flatnonzero(shares)
    sums = np.bincount(labels.ravel()[places], weights=shares.ravel()[places], minlength=count)
    area = np.asarray(sums, np.float64) * spots.size / (255.0 * shares.size)
    longest = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = (stats[:, cv2.CC_STAT_AREA] <= _LARGEST_SHARE * shares.size) & (area > 0)
    kept &= longest <= _LONGEST_SHARE * max(size)
    kept[0] = False  # the background
    if not kept.any():
        return _NO_GLARE
    area, centre = area[kept], centres[kept] / np.array(size)
    middle = (np.abs(centre - 0.5) <= _CENTRE).all(axis=1)
    x, y = area @ centre / area.sum()
    lit = max(1, cv2.countNonZero(field.small_lit))
    return Glare(
        share=float(area.sum() / lit),
        centre_share=float(area[middle].sum() / lit),
        spots=int(kept.sum()),
        x=float(x),
        y=float(y),
    )
