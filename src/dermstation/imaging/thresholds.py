"""What is asked of each kind of shot: the shape of the one table of judgement.

The values are in the table that the program in `calibration/` writes. Units are those of the names,
at working scale. Holds no code that measures; any thread or process.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Limit:
    """A measure is good up to `good`, poor beyond `poor`, fair between; poor None: never poor."""

    good: float
    poor: float | None = None


@dataclass(frozen=True, slots=True)
class ShotLimits:
    """What is asked of one kind of shot; a limit of None is not judged.

    `highlight_stops` is how far below saturation the brightest tenth may lie; `skin_doubt` the log
    odds against skin; `bare_share` the share of the field without the colour of skin.
    """

    blur_radius_px: Limit
    least_textured_tiles: int
    highlight_stops: Limit
    clipped_share: Limit
    over_median_linear: float  # lost highlights with a median above this: all is too bright
    over_clipped_share: float  # and so from this share of lost highlights on
    unevenness_stops: Limit
    glare_share: Limit
    cast_distance: Limit
    bare_share: Limit
    skin_doubt: Limit | None
    dark_share: Limit | None  # dermatoscope held off the skin: most of the picture is surround
    lesion_offset: Limit | None  # of the half diagonal
    lesion_cut: Limit | None  # share of the lesion's edge that is the picture's
    least_lesion_stops: float | None
    least_lesion_share: float | None
    least_ruler_strength: float | None  # less is no ruler seen: a note, whatever the verdict
    most_lesion_share: float | None  # a general picture must show more than the lesion


def limits_from(data: Mapping[str, Any]) -> ShotLimits:
    """Read one shot's limits from JSON values. Raises KeyError or TypeError for anything else."""
    values = {field.name: data[field.name] for field in fields(ShotLimits)}
    for name, value in values.items():
        if isinstance(value, Mapping):
            values[name] = Limit(**value)
    return ShotLimits(**values)


def limits_json(limits: ShotLimits) -> dict[str, Any]:
    """Give one shot's limits as JSON values."""
    return asdict(limits)
