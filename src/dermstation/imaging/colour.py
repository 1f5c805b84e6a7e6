"""Whether a picture's colours are tinted: a white object's colour, or else that of the skin.

Edges, by which other measures tell a tint, are melanin's and blood's on skin and would call every
lesion a tint. Pure functions on arrays; any thread or process.
"""

from dataclasses import dataclass

import numpy as np

from dermstation.imaging.field import Field
from dermstation.imaging.ranks import ranked
from dermstation.imaging.table import SkinModel

_WHITE_STOPS = -1.2  # a white object is at least this bright in each channel
_WHITE_PALER_STOPS = 0.35  # and that much less red than the picture's median
_WHITE_SHARE = 0.01
_EVERY = 2  # so many pixels one is looked at for the median
_TINTED_WHITE_STOPS = 0.25  # red or blue against green, from which on white is not white


@dataclass(frozen=True, slots=True)
class Tint:
    """What was measured.

    `red_over_green` and `green_over_blue` are the field's medians in stops; `cast_distance` is how
    many standard deviations they lie from usual skin, less where a white object is seen white;
    `white_share` (0-1) is that object's area, `white_tint_stops` its colour, 0 where there is none.
    """

    red_over_green: float
    green_over_blue: float
    cast_distance: float
    white_share: float
    white_tint_stops: float


def measure_tint(field: Field, model: SkinModel) -> Tint:
    """Measure the tint of a picture by its tiny version."""
    warm, yellow = field.warm[field.fit], field.yellow[field.fit]
    centre = np.array([ranked(warm[::_EVERY], 0.5), ranked(yellow[::_EVERY], 0.5)])
    off = centre - model.chroma_centre
    distance = float(np.sqrt(max(0.0, float(off @ model.chroma_inverse @ off))))
    green = field.stops[..., 1][field.fit]
    weakest = green + np.minimum(np.minimum(warm, -yellow), 0)
    white = (weakest > _WHITE_STOPS) & (warm < centre[0] - _WHITE_PALER_STOPS)
    share = float(white.mean())
    tint = 0.0
    if share >= _WHITE_SHARE:
        tint = float(max(abs(ranked(warm[white], 0.5)), abs(ranked(yellow[white], 0.5))))
        if tint < _TINTED_WHITE_STOPS:
            distance /= 2  # white is white: the skin is unusual, not the light
    else:
        share = 0.0
    return Tint(float(centre[0]), float(centre[1]), distance, share, tint)
