"""How sharp a picture is: its blur as a radius in pixels, and whether shake or defocus made it.

A picture with too little detail is said to be one, never to be sharp. Pure functions on arrays;
any thread or process.
"""

from dataclasses import dataclass

import numpy as np

from dermstation.imaging.bands import Values, band_energies, by_tile, features
from dermstation.imaging.noise import noise_variance
from dermstation.imaging.table import Network, table
from dermstation.imaging.tiles import Floats, TileGrid, cut, flattest_tiles, textured_tiles

SMALLEST_RADIUS_PX, LARGEST_RADIUS_PX = 0.3, 30.0
_MEASURED_TILES = 24
_NOISE_TILES = 8
_LEAST_TILES = 2  # below, there is nothing to take a percentile of
# a tile has texture from this gradient energy on (grey levels squared at quarter scale), plus
# what the picture's own noise can bring about
_TEXTURE_FLOOR = 2.0
_TEXTURE_PER_NOISE = 0.1


@dataclass(frozen=True, slots=True)
class FocusInputs:
    """What the models are given: `features` is None where there are no tiles to measure."""

    features: Values | None
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
    radius_log2, shake = (network or table().focus).apply(inputs.features)
    return Sharpness(_bounded(radius_log2), shake, inputs.textured_tiles, inputs.noise_dn)


def focus_inputs(grid: TileGrid) -> FocusInputs:
    """Measure the inputs of the network on up to 24 tiles with most detail."""
    chosen = textured_tiles(grid, _MEASURED_TILES)
    variance = _variance(grid)
    noise_dn = float(np.sqrt(variance))
    if len(chosen) < _LEAST_TILES:
        return FocusInputs(None, 0, noise_dn)
    textured = int((grid.gradient.flat[chosen] >= _texture_floor(variance)).sum())
    return FocusInputs(features(band_energies(cut(grid, chosen), variance)), textured, noise_dn)


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
