"""How sharp a picture is: its blur as a radius in pixels, and whether shake or defocus made it.

A picture with too little detail is said to be one, never to be sharp. Pure functions on arrays;
any thread or process.
"""

from dataclasses import dataclass

import numpy as np

from dermstation.imaging.bands import (
    BandEnergies,
    Values,
    band_energies,
    by_tile,
    features,
    of_tiles,
)
from dermstation.imaging.noise import noise_variance
from dermstation.imaging.table import Network, table
from dermstation.imaging.tiles import Floats, TileGrid, cut, flattest_tiles, textured_tiles

SMALLEST_RADIUS_PX, LARGEST_RADIUS_PX = 0.3, 30.0
_MEASURED_TILES = 24
_NOISE_TILES = 8
_LEAST_TILES = 2  # below, there is nothing to take a percentile of
# Where the third of the tiles with least fine detail is this many octaves softer than all, and
# plainly by shake, the sharp detail belongs to the instrument (its scale, which moves along with
# the camera) and not to the skin. Sharp pictures come to 2.4 octaves, noisy ones to more, but not
# to such log odds of shake; a shaken one with a scale to 3.3 octaves and more, and odds of 4.
_PLAIN_SHARE = 3
_INSTRUMENT_OCTAVES = 2.8
_INSTRUMENT_SHAKE = 3.0
# a tile has texture from this gradient energy on (grey levels squared at quarter scale), plus
# what the picture's own noise can bring about
_TEXTURE_FLOOR = 2.0
_TEXTURE_PER_NOISE = 0.1


@dataclass(frozen=True, slots=True)
class FocusInputs:
    """What the models are given: `features` is None where there are no tiles to measure.

    `plain` are the same of the third of the tiles with least fine detail; None of too few tiles.
    """

    features: Values | None
    plain: Values | None
    textured_tiles: int
    noise_dn: float


@dataclass(frozen=True, slots=True)
class Sharpness:
    """What was measured at working scale.

    `blur_radius_px` is that of a disk that spreads light as much; `shake_log_odds` is positive for
    shake rather than defocus and means something only in a blurred picture; `textured_tiles` is how
    many tiles there were to judge by; `noise_dn` is the sensor noise in grey levels.
    """

    blur_radius_px: float
    shake_log_odds: float
    textured_tiles: int
    noise_dn: float


def measure_sharpness(grid: TileGrid, network: Network | None = None) -> Sharpness:
    """Measure the picture of `grid`, by the shipped network unless another is given."""
    inputs = focus_inputs(grid)
    if inputs.features is None:
        return Sharpness(LARGEST_RADIUS_PX, 0.0, 0, inputs.noise_dn)
    model = network or table().focus
    radius_log2, shake = model.apply(inputs.features)
    if inputs.plain is not None:
        plain_log2, plain_shake = model.apply(inputs.plain)
        softer = plain_log2 - radius_log2
        if softer > _INSTRUMENT_OCTAVES and plain_shake > _INSTRUMENT_SHAKE:
            radius_log2, shake = plain_log2, plain_shake
    return Sharpness(_bounded(radius_log2), shake, inputs.textured_tiles, inputs.noise_dn)


def focus_inputs(grid: TileGrid) -> FocusInputs:
    """Measure the inputs of the network on up to 24 tiles with most detail."""
    chosen = textured_tiles(grid, _MEASURED_TILES)
    variance = _variance(grid)
    noise_dn = float(np.sqrt(variance))
    if len(chosen) < _LEAST_TILES:
        return FocusInputs(None, None, 0, noise_dn)
    textured = int((grid.gradient.flat[chosen] >= _texture_floor(variance)).sum())
    energies = band_energies(cut(grid, chosen), variance)
    return FocusInputs(features(energies), _plain(energies), textured, noise_dn)


def _plain(energies: BandEnergies) -> Values | None:
    finest = energies.laplacian[0]
    if len(finest) < _MEASURED_TILES:
        return None
    least = np.argsort(finest, kind="stable")[: len(finest) // _PLAIN_SHARE]
    return features(of_tiles(energies, np.sort(least)))


def local_blur_px(grid: TileGrid) -> Floats:
    """Estimate the blur radius of each tile, (rows, columns) px at working scale.

    Tiles that are not usable or have too little detail to judge are 0.
    """
    variance = _variance(grid)
    radius = np.zeros(grid.mean.shape, np.float32)
    chosen = np.flatnonzero(grid.usable & (grid.gradient >= _texture_floor(variance)))
    if len(chosen) == 0:
        return radius
    inputs = [features(one) for one in by_tile(band_energies(cut(grid, chosen), variance))]
    radius_log2 = table().focus.apply_all(np.array(inputs))[:, 0]
    radius.flat[chosen] = np.clip(2.0**radius_log2, SMALLEST_RADIUS_PX, LARGEST_RADIUS_PX)
    return radius


def _variance(grid: TileGrid) -> float:
    return noise_variance(cut(grid, flattest_tiles(grid, _NOISE_TILES)))


def _texture_floor(variance: float) -> float:
    return _TEXTURE_FLOOR + _TEXTURE_PER_NOISE * variance


def _bounded(radius_log2: float) -> float:
    return float(np.clip(2.0**radius_log2, SMALLEST_RADIUS_PX, LARGEST_RADIUS_PX))
