"""The shipped table of models and limits, written by `calibration/` and read once.

Judges nothing itself. Any thread or process.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermstation.domain.shots import ShotKind
from dermstation.imaging.thresholds import ShotLimits, limits_from

TABLE_PATH = Path(__file__).with_name("calibration.json")
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

    def apply(self, inputs: Values) -> tuple[float, ...]:
        """Return the outputs for one vector of inputs."""
        return tuple(self.apply_all(inputs).tolist())

    def apply_all(self, inputs: Values) -> Values:
        """Return the outputs (n, outputs) for inputs (n, k), or (outputs,) for one vector."""
        standard = np.minimum(np.maximum((inputs - self.centre) / self.spread, -_CLIP), _CLIP)
        hidden = np.tanh(standard @ self.inward + self.inward_offset)
        return np.asarray(hidden @ self.outward + self.outward_offset, np.float64)


@dataclass(frozen=True, slots=True)
class Instrument:
    """The model that separates the skin's sharpness from that of the dermatoscope's own scale.

    The network's inputs are the features of all tiles, then those of the plainest third. If it
    finds that the skin's blur exceeds `least_radius_px`, the picture is doubted, however sharp it
    seems.
    """

    network: Network
    least_radius_px: float


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
    instrument: Instrument
    skin: SkinModel
    limits: Mapping[ShotKind, ShotLimits]


@lru_cache(maxsize=1)
def table() -> ModelTable:
    """Return the shipped table."""
    return table_from(json.loads(TABLE_PATH.read_text(encoding="utf-8")))


def table_from(data: Mapping[str, Any]) -> ModelTable:
    """Return the table for JSON values. Raises KeyError, TypeError or ValueError if malformed."""
    skin, instrument = data["skin"], data["instrument"]
    return ModelTable(
        focus=_network_from(data["focus"]),
        instrument=Instrument(
            _network_from(instrument["network"]), float(instrument["least_radius_px"])
        ),
        skin=SkinModel(
            np.array(skin["weights"]),
            float(skin["offset"]),
            np.array(skin["chroma_centre"]),
            np.array(skin["chroma_inverse"]),
        ),
        limits={shot: limits_from(data["limits"][shot.value]) for shot in ShotKind},
    )


def _network_from(data: Mapping[str, Any]) -> Network:
    return Network(**{name: np.array(data[name]) for name in Network.__dataclass_fields__})
