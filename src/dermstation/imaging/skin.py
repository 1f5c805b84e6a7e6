"""Detect skin of any tone, under any tint, by what blood and melanin do to light.

Both absorb green and blue more than red, and darker skin has more melanin. In linear light, skin
of every tone therefore has more red than green, and it is smooth for its brightness. Pure functions
on arrays; any thread or process.
"""

from dataclasses import dataclass

import numpy as np

from dermstation.imaging.field import Field
from dermstation.imaging.ranks import ranked
from dermstation.imaging.table import SkinModel
from dermstation.imaging.tiles import Mask, TileGrid

# range, in stops of red over green and of green over blue, of skin and its lesions under the white
# balance of common cameras; paper, leaves and retinas are outside it
_RED_OVER_GREEN = (0.10, 2.0)
_GREEN_OVER_BLUE = (-0.5, 1.8)
_LEAST_RED_OVER_BLUE = 0.1
_LEAST_ROUGHNESS = 1e-6


@dataclass(frozen=True, slots=True)
class Skin:
    """Skin measurements of the field of view.

    `share` (0-1) is the part with the colour of skin. `roughness` is log10 of the median squared
    gradient divided by the squared brightness, from about -4.5 (smooth skin) to -1 (a brick wall).
    """

    share: float
    roughness: float


def measure_skin(field: Field, grid: TileGrid) -> Skin:
    """Measure the share of skin colour and the roughness of a picture."""
    fit = int(np.count_nonzero(field.fit))
    share = int(np.count_nonzero(like_skin(field))) / fit if fit else 0.0
    return Skin(share, _roughness(grid))


def like_skin(field: Field) -> Mask:
    """Return a mask (rows, columns) of the tiny picture's pixels with the colour of skin."""
    warm, yellow = field.warm, field.yellow
    return np.asarray(
        (warm > _RED_OVER_GREEN[0])
        & (warm < _RED_OVER_GREEN[1])
        & (yellow > _GREEN_OVER_BLUE[0])
        & (yellow < _GREEN_OVER_BLUE[1])
        & (warm + yellow > _LEAST_RED_OVER_BLUE)
        & field.fit
    )


def skin_doubt(skin: Skin, model: SkinModel) -> float:
    """Return the log odds that a picture filled by its subject shows no skin."""
    return -float(model.weights @ np.array([skin.share, skin.roughness]) + model.offset)


def _roughness(grid: TileGrid) -> float:
    lit = ~grid.ring
    if not lit.any():
        return 0.0
    brightness = ranked(grid.mean[lit], 0.5)
    roughness = ranked(grid.gradient[lit], 0.5) / max(1.0, brightness) ** 2
    return float(np.log10(max(roughness, _LEAST_ROUGHNESS)))
