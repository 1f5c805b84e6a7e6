"""Count the dark spots on skin that stand out most in a picture from a distance.

Several of them mean that the reader cannot know which one is meant. Says nothing about their
nature. Pure functions; any thread or process.
"""

import cv2
import numpy as np

from dermstation.imaging.field import LINEAR, Field
from dermstation.imaging.scale import halved
from dermstation.imaging.skin import like_skin

_LOG2 = np.log2(np.maximum(LINEAR, 0.002)).astype(np.float32)
_FINE_PX, _COARSE_PX = 1.0, 5.0  # sigmas of Gaussians, at a long side of 200 px
_LEAST_STOPS = 0.3
_LEAST_AREA, _MOST_AREA = 4, 150
_LONGEST = 1.8  # times its width: hair, folds and shadows are longer
_FILLED = 0.55  # of the box around it
_SKIN_BY = 9  # px of skin around a spot: an eye, a nostril and the outline have less
_SIMILAR = 0.5  # of the strongest spot's contrast


def similar_spots(field: Field) -> int:
    """Return how many spots stand out about as much as the strongest one, itself included."""
    green = cv2.LUT(cv2.extractChannel(halved(field.small), 1), _LOG2)
    fine = cv2.GaussianBlur(green, (0, 0), _FINE_PX)
    depth = cv2.subtract(cv2.GaussianBlur(green, (0, 0), _COARSE_PX), fine)
    deep = (depth > _LEAST_STOPS).astype(np.uint8)
    spots = cv2.min(deep, _inner_skin(field, green.shape))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(spots, connectivity=8)
    if count == 1:
        return 0
    strength = np.bincount(labels.ravel(), weights=np.asarray(depth).ravel(), minlength=count)
    _, _, width, height, area = stats.T
    longer, shorter = np.maximum(width, height), np.minimum(width, height)
    chosen = (area >= _LEAST_AREA) & (area <= _MOST_AREA)
    chosen &= (longer <= _LONGEST * shorter) & (area >= _FILLED * width * height)
    chosen[0] = False
    if not chosen.any():
        return 0
    return int(np.count_nonzero(strength[chosen] >= _SIMILAR * strength[chosen].max()))


def _inner_skin(field: Field, shape: tuple[int, ...]) -> cv2.typing.MatLike:
    """Return 1 where skin surrounds a place; a dark spot need not have the colour of skin."""
    skin = like_skin(field).astype(np.uint8)
    skin = np.asarray(cv2.morphologyEx(skin, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)))
    at_size = cv2.resize(skin, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST)
    around = np.ones((_SKIN_BY, _SKIN_BY), np.uint8)
    return cv2.erode(at_size, around, borderValue=1)
