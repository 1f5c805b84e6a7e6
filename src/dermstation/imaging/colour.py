"""Measure a colour cast from a white object, or else from the colour of the skin.

Other methods estimate a cast from edges. On skin, edges come from melanin and blood, so that every
lesion would count as a cast. Pure functions on arrays; any thread or process.
"""

from dataclasses import dataclass

import numpy as np

from dermstation.imaging.field import Field
from dermstation.imaging.ranks import ranked
from dermstation.imaging.table import SkinModel
from dermstation.imaging.white_reference import White, find_white

_WHITE_STOPS = -1.2  # a white object is at least this bright in each channel
_WHITE_PALER_STOPS = 0.35  # and at least this much less red than the picture's median
_WHITE_SHARE = 0.01
_EVERY = 2  # only every second pixel is used for the median
_TINTED_WHITE_STOPS = 0.25  # of red or blue against green; from here on white counts as tinted


@dataclass(frozen=True, slots=True)
class Tint:
    """The measured tint.

    `red_over_green` and `green_over_blue` are the field's medians in stops. `cast_distance` is how
    many standard deviations they are from usual skin, halved if a white object looks white.
    `white_share` (0-1) is that object's area and `white_tint_stops` its tint; both are 0 if there
    is no white object. `reference` is a ruler, a card or paper beside the skin, if it is looked for
    and found; the light's colour is read from it alone.
    """

    red_over_green: float
    green_over_blue: float
    cast_distance: float
    white_share: float
    white_tint_stops: float
    reference: White | None = None


def measure_tint(field: Field, model: SkinModel, *, from_afar: bool = False) -> Tint:
    """Measure the tint of a picture from its tiny version.

    A white reference is looked for only in a picture from a distance.
    """
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
            distance /= 2  # white looks white, so the skin is unusual, not the light
    else:
        share = 0.0
    reference = find_white(field, centre, model) if from_afar else None
    return Tint(float(centre[0]), float(centre[1]), distance, share, tint, reference)
