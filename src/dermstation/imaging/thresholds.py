"""The limits that each kind of shot is judged by.

Defines their form only; the values are in the table that `calibration/` writes. Units are in the
names and refer to the working scale. Measures nothing; any thread or process.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Limit:
    """A value is good up to `good`, poor beyond `poor` and fair in between; None is never poor."""

    good: float
    poor: float | None = None


@dataclass(frozen=True, slots=True)
class ShotLimits:
    """The limits for one kind of shot; a limit of None is not judged.

    `highlight_stops` is how far below saturation the brightest tenth may be. `skin_doubt` is the
    log odds against skin. `bare_share` is the share of the field without the colour of skin.
    """

    blur_radius_px: Limit
    quiet_dn: float  # up to this much of the sensor's noise, in grey levels, no blur is hidden
    hidden_octaves: float  # the good blur falls by as many octaves for each grey level beyond it
    noisy_dn: float  # with more, what is fair for its blur is called noisy
    least_textured_tiles: int
    highlight_stops: Limit
    clipped_share: Limit
    over_median_linear: float  # above this median, lost highlights mean the whole is too bright
    over_clipped_share: float  # and so does a larger share of lost highlights than this
    unevenness_stops: Limit
    glare_share: Limit
    cast_distance: Limit
    bare_share: Limit
    skin_doubt: Limit | None
    dark_share: Limit | None  # if the dermatoscope is held off the skin, most of it is surround
    lesion_offset: Limit | None  # share of half the diagonal
    lesion_cut: Limit | None  # share of the lesion's outline on the edge of the picture
    least_lesion_stops: float | None
    least_lesion_share: float | None
    least_ruler_strength: float | None  # with less, a missing ruler is noted but not scored
    most_lesion_share: float | None  # a general picture must show more than the lesion

    def good_radius_px(self, sensor_noise_dn: float) -> float:
        """Return the blur up to which a picture with this much noise is good."""
        hidden = self.hidden_octaves * max(0.0, sensor_noise_dn - self.quiet_dn)
        return self.blur_radius_px.good * math.exp2(-hidden)


def limits_from(data: Mapping[str, Any]) -> ShotLimits:
    """Return one shot's limits from JSON values. Raises KeyError or TypeError if malformed."""
    values = {field.name: data[field.name] for field in fields(ShotLimits)}
    for name, value in values.items():
        if isinstance(value, Mapping):
            values[name] = Limit(**value)
    return ShotLimits(**values)


def limits_json(limits: ShotLimits) -> dict[str, Any]:
    """Return one shot's limits as JSON values."""
    return asdict(limits)
