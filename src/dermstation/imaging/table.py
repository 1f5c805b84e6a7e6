"""The shipped table of models and limits, written by `calibration/` and read once.

Judges nothing itself. Any thread or process.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dermstation.domain.shots import ShotKind
from dermstation.imaging.thresholds import ShotLimits, limits_from

TABLE_PATH = Path(__file__).with_name("calibration.json")
LEAST_NOISE_DN = 0.5
_CLIP = 3.0  # the network was fitted on no standardised inputs beyond this

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Network:
    """A network with standardised inputs, one hidden layer of tanh units and linear outputs."""

    centre: Values
    spread: Values
    inward: Values
    inward_offset: Values
    outward: Values
    outward_offset: Values

    def read(self, inputs: Values) -> "FocusReading":
        """Return what the network says of one picture."""
        return FocusReading(*self.apply_all(inputs).tolist())

    def apply_all(self, inputs: Values) -> Values:
        """Return the outputs (n, outputs) for inputs (n, k), or (outputs,) for one vector."""
        standard = np.minimum(np.maximum((inputs - self.centre) / self.spread, -_CLIP), _CLIP)
        hidden = np.tanh(standard @ self.inward + self.inward_offset)
        return np.asarray(hidden @ self.outward + self.outward_offset, np.float64)


class FocusReading(NamedTuple):
    """What a focus network says: logarithms of the blur and the noise, and two log odds.

    `radius_log2` is of px. `shake` is positive for shake, negative for defocus. `soft` is positive
    for a blur that a shot may not have. `noise_log2` is of the sensor's noise in grey levels plus
    `LEAST_NOISE_DN`, as weak noise cannot be told from none.
    """

    radius_log2: float
    shake: float
    soft: float
    noise_log2: float

    @property
    def noise_dn(self) -> float:
        """Return the sensor's noise in grey levels."""
        return max(0.0, math.exp2(self.noise_log2) - LEAST_NOISE_DN)


@dataclass(frozen=True, slots=True)
class Doubter:
    """The model that tells the skin's sharpness from that of something else in the picture.

    This is the dermatoscope's own scale in a contact picture, and the room in others. If the
    network's log odds of softness exceed `most_log_odds`, the picture is doubted, however sharp it
    seems.
    """

    network: Network
    most_log_odds: float


@dataclass(frozen=True, slots=True)
class SkinModel:
    """The appearance of skin: weights for the log odds, mean chroma and its inverse covariance."""

    weights: Values
    offset: float
    chroma_centre: Values
    chroma_inverse: Values


@dataclass(frozen=True, slots=True)
class ModelTable:
    """The models and limits that pictures are judged by."""

    focus: Network
    in_contact: Doubter
    from_afar: Doubter
    skin: SkinModel
    limits: Mapping[ShotKind, ShotLimits]


@lru_cache(maxsize=1)
def table() -> ModelTable:
    """Return the shipped table."""
    return table_from(json.loads(TABLE_PATH.read_text(encoding="utf-8")))


def table_from(data: Mapping[str, Any]) -> ModelTable:
    """Return the table for JSON values. Raises KeyError, TypeError or ValueError if malformed."""
    skin = data["skin"]
    return ModelTable(
        focus=_network_from(data["focus"]),
        in_contact=_doubter_from(data["in_contact"]),
        from_afar=_doubter_from(data["from_afar"]),
        skin=SkinModel(
            np.array(skin["weights"]),
            float(skin["offset"]),
            np.array(skin["chroma_centre"]),
            np.array(skin["chroma_inverse"]),
        ),
        limits={shot: limits_from(data["limits"][shot.value]) for shot in ShotKind},
    )


def _doubter_from(data: Mapping[str, Any]) -> Doubter:
    return Doubter(_network_from(data["network"]), float(data["most_log_odds"]))


def _network_from(data: Mapping[str, Any]) -> Network:
    return Network(**{name: np.array(data[name]) for name in Network.__dataclass_fields__})
