"""Tell general, close-up and contact dermoscopic pictures apart by what light does in them.

Contact with a lens of its own light gives even light, few highlights, and detail of pigment and
blood, which absorb green more than red. From a distance the relief of the skin is shaded, which
darkens red and green alike, and catches highlights. From further away there are outlines, clothes
and a room. A dark ring is no evidence by itself: many dermatoscopes fill the whole picture.

Says nothing about the lesion. Pure functions; any thread or process.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from dermstation.domain.shots import ShotKind
from dermstation.imaging.field import LINEAR, Field
from dermstation.imaging.ranks import ranked
from dermstation.imaging.scale import halved
from dermstation.imaging.surface import surface_terms
from dermstation.imaging.table import Values
from dermstation.imaging.tiles import Floats

KINDS = (ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC)
TABLE_PATH = Path(__file__).with_name("shot_kind.json")
FEATURES = (  # a, b, c and d are octaves of detail at a long side of 400, 200, 100 and 50 px
    "busy_a",  # stops: detail of the busiest tenth of the tiles above that of the median one
    "plain_a",  # stops: detail of the plainest tenth below it
    "colour_b",  # stops: how much of the detail is colour rather than light
    "bright_b",  # whether detail is bright (highlights) or dark (hair, pigment): its skewness
    "detail_c",  # stops: detail of the median tile
    "busy_c",
    "colour_c",
    "plain_d",
    "slope",  # stops: light that falls off from one side to the other
    "hollow",  # stops: light that falls off towards the edges, or the opposite
    "corner",  # stops: the brightest corner against the middle
    "yellow_spread",  # stops: how much green over blue varies
    "red_spread",  # log2 of how much red over green varies
)
_OCTAVES = "abcd"
_TILES_PX = (16, 16, 8, 8)
_DARKEST = 0.002  # of linear light; below this a colour is mostly noise
_LOG2 = np.log2(np.maximum(LINEAR, _DARKEST)).astype(np.float32)
_LEAST_ENERGY = 1e-5
_AROUND = (3, 3)
_LIT_SHARE = 0.99  # of a tile
_CORNER_SHARE = 0.1  # of the height
_CORNER_STOPS = (-4.0, 1.0)
_LEAST_SPREAD = 0.02
_MOST_DEVIATIONS = 4.0  # a feature further from the middle says no more
_EVERY = 3  # of the tiny picture's pixels are enough for a fit of four numbers


@dataclass(frozen=True, slots=True)
class KindModel:
    """A multinomial logistic model on standardised features.

    `weights` (kinds, k) and `offsets` (kinds) are in the order of `KINDS`. With a chance of at
    least `least_own` for the kind that was asked for, a picture passes; with at least `surely` for
    another one, it is called that; in between the station cannot tell.
    """

    centre: Values
    spread: Values
    weights: Values
    offsets: Values
    least_own: float
    surely: float

    def chances(self, features: Values) -> Values:
        """Return the chance of each of `KINDS`, which add up to 1, for features (k) or (n, k)."""
        given = np.clip((features - self.centre) / self.spread, -_MOST_DEVIATIONS, _MOST_DEVIATIONS)
        odds = given @ self.weights.T + self.offsets
        odds = np.exp(odds - odds.max(axis=-1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=-1, keepdims=True))


@dataclass(frozen=True, slots=True)
class KindChances:
    """How likely a picture is of each kind; the three add up to 1."""

    general: float
    closeup: float
    dermoscopic: float

    def of(self, shot: ShotKind) -> float:
        """Return the chance that it can be a picture of `shot`.

        A side view may look like a close-up or like a general picture.
        """
        if shot is ShotKind.LATERAL:
            return self.general + self.closeup
        return float(getattr(self, shot.value))

    @property
    def likeliest(self) -> ShotKind:
        """Return the likeliest kind."""
        return max(KINDS, key=self.of)


@lru_cache(maxsize=1)
def kind_model() -> KindModel:
    """Return the shipped model. Raises OSError, KeyError or ValueError if it is damaged."""
    return model_from(json.loads(TABLE_PATH.read_text(encoding="utf-8")))


def model_from(data: Mapping[str, Any]) -> KindModel:
    """Return the model for JSON values. Raises KeyError if a feature or kind is missing."""
    by_name = data["features"]
    return KindModel(
        centre=np.array([by_name[name]["centre"] for name in FEATURES]),
        spread=np.array([by_name[name]["spread"] for name in FEATURES]),
        weights=np.array([[by_name[name][kind.value] for name in FEATURES] for kind in KINDS]),
        offsets=np.array([data["offsets"][kind.value] for kind in KINDS]),
        least_own=float(data["least_own"]),
        surely=float(data["surely"]),
    )


def kind_chances(field: Field) -> KindChances:
    """Return how likely a picture is of each kind."""
    return chances_of(fine_features(field) | coarse_features(field))


def chances_of(found: Mapping[str, float]) -> KindChances:
    """Return how likely a picture with these features is of each kind."""
    return KindChances(*kind_model().chances(_in_order(found)).tolist())


def kind_features(field: Field) -> Values:
    """Return the features of a picture, in the order of `FEATURES`."""
    return _in_order(fine_features(field) | coarse_features(field))


def _in_order(found: Mapping[str, float]) -> Values:
    return np.array([found[name] for name in FEATURES])


def fine_features(field: Field) -> dict[str, float]:
    """Measure the finest detail, which takes half of the time; and how the light changes.

    Detail is measured by tiles, so that a lesion or a ruler does not decide.
    """
    green = cv2.LUT(cv2.extractChannel(field.small, 1), _LOG2)
    return _octave(_OCTAVES[0], green, None, _lit(field), _TILES_PX[0]) | _light(field)


def coarse_features(field: Field) -> dict[str, float]:
    """Measure coarser detail, and how the colours vary."""
    lit = _lit(field)
    found = _colours(field)
    _, green, red = (cv2.LUT(plane, _LOG2) for plane in cv2.split(halved(field.small)))
    colour = cv2.subtract(red, green)
    for octave, tile_px in zip(_OCTAVES[1:], _TILES_PX[1:], strict=True):
        found |= _octave(octave, green, colour, lit, tile_px)
        green, colour = _halved(green), _halved(colour)
    return found


def _lit(field: Field) -> Floats | None:
    return None if field.is_whole else field.small_lit.astype(np.float32)


def _octave(
    name: str,
    green: cv2.typing.MatLike,
    colour: cv2.typing.MatLike | None,
    lit: Floats | None,
    tile_px: int,
) -> dict[str, float]:
    detail = cv2.subtract(green, cv2.blur(green, _AROUND))
    squared = cv2.multiply(detail, detail)
    tiles = _tiles(squared, tile_px)
    chosen = np.ones(tiles.shape, bool)
    if lit is not None:
        size = (tiles.shape[1], tiles.shape[0])
        inside = cv2.resize(lit, size, interpolation=cv2.INTER_AREA).reshape(tiles.shape)
        chosen = inside >= _LIT_SHARE if (inside >= _LIT_SHARE).any() else chosen
    energy = tiles[chosen]
    logarithm = np.log2(energy + _LEAST_ENERGY)
    middle = ranked(logarithm, 0.5)
    found = {
        f"busy_{name}": ranked(logarithm, 0.9) - middle,
        f"plain_{name}": middle - ranked(logarithm, 0.1),
        f"detail_{name}": middle,
    }
    if colour is not None and f"colour_{name}" in FEATURES:
        tint = cv2.subtract(colour, cv2.blur(colour, _AROUND))
        tinted = _tiles(cv2.multiply(tint, tint), tile_px)[chosen]
        share = np.log2((tinted + _LEAST_ENERGY / 4) / (energy + _LEAST_ENERGY / 4))
        found[f"colour_{name}"] = ranked(share, 0.5)
    if f"bright_{name}" in FEATURES:
        cubed = _tiles(cv2.multiply(squared, detail), tile_px)[chosen]
        found[f"bright_{name}"] = ranked(cubed / (energy + _LEAST_ENERGY) ** 1.5, 0.5)
    return found


def _light(field: Field) -> dict[str, float]:
    """Measure how the light changes over the picture."""
    light = field.strongest
    rows, columns = light.shape
    places = np.flatnonzero(field.fit)[::_EVERY]
    surface, values = surface_terms(rows, columns)[places], light.ravel()[places]
    normal = surface.T @ surface + np.diag((1e-3, 1e-3, 1e-3, 1e-3)).astype(np.float32)
    weights = np.linalg.solve(normal, surface.T @ values)
    side = max(2, int(rows * _CORNER_SHARE))
    ends = (slice(0, side), slice(-side, None))
    corners = [float(light[down, across].mean()) for down in ends for across in ends]
    brightest = max(corners) - ranked(values, 0.5)
    return {
        "slope": float(np.hypot(weights[1], weights[2])),
        "hollow": float(weights[3]),
        "corner": min(max(brightest, _CORNER_STOPS[0]), _CORNER_STOPS[1]),
    }


def _colours(field: Field) -> dict[str, float]:
    warm, yellow = field.warm[field.fit], field.yellow[field.fit]
    return {
        "yellow_spread": float(yellow.std()),
        "red_spread": float(np.log2(float(warm.std()) + _LEAST_SPREAD)),
    }


def _halved(plane: cv2.typing.MatLike) -> cv2.typing.MatLike:
    width, height = (max(1, plane.shape[1] // 2), max(1, plane.shape[0] // 2))
    whole = plane[: 2 * height, : 2 * width]  # whole pairs make it ten times as fast
    return cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)


def _tiles(plane: cv2.typing.MatLike, tile_px: int) -> Floats:
    """Return the means of the whole tiles (rows, columns); a tiny picture is one tile."""
    columns, rows = (max(1, side // tile_px) for side in plane.shape[1::-1])
    whole = plane[: rows * tile_px, : columns * tile_px]  # five times as fast as any part
    means = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means, np.float32).reshape(rows, columns)
