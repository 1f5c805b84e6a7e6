"""How sharp a picture is: its blur as a radius in pixels, and whether shake or defocus made it.

A picture with too little detail is said to be one, never to be sharp. Pure functions on arrays;
any thread or process.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.bands import (
    BandEnergies,
    Values,
    band_energies,
    features,
    grouped,
)
from dermstation.imaging.noise import noise_variance
from dermstation.imaging.table import Table, table
from dermstation.imaging.tiles import (
    Floats,
    Mask,
    TileGrid,
    cut,
    flattest_tiles,
    textured_tiles,
)

SMALLEST_RADIUS_PX, LARGEST_RADIUS_PX = 0.3, 30.0
_MEASURED_TILES = 24
_NOISE_TILES = 8
_LEAST_TILES = 2  # below, there is nothing to take a percentile of
_PLAIN_SHARE = 3  # a third of the tiles
_LEAST_FOR_PLAIN = 12  # tiles, to take a third of
_LEAST_AROUND = 3  # measured, of a tile and its eight neighbours
# a tile has texture from this gradient energy on (grey levels squared at quarter scale), plus
# what the picture's own noise can bring about
_TEXTURE_FLOOR = 2.0
_TEXTURE_PER_NOISE = 0.1


@dataclass(frozen=True, slots=True)
class FocusInputs:
    """What the models are given: `features` is None where there are no tiles to measure.

    `plain` are the same of the third of the tiles with least fine detail, after those of all; None
    where it was not asked for or there are too few tiles.
    """

    features: Values | None
    plain: Values | None
    textured_tiles: int
    noise_dn: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """The blur of the skin beside a scale, and whether shake made it, in the units of sharpness."""

    blur_radius_px: float
    shake_log_odds: float


@dataclass(frozen=True, slots=True)
class Sharpness:
    """What was measured at working scale.

    `blur_radius_px` is that of a disk that spreads light as much; `shake_log_odds` is positive for
    shake rather than defocus and means something only in a blurred picture; `textured_tiles` is how
    many tiles there were to judge by; `noise_dn` is the sensor noise in grey levels. `doubt` is the
    skin's own blur where it is softer than what is sharp in the picture may hide.
    """

    blur_radius_px: float
    shake_log_odds: float
    textured_tiles: int
    noise_dn: float
    doubt: Doubt | None = None


def measure_sharpness(
    grid: TileGrid, by: Table, *, contact: bool = False, left_out: Mask | None = None
) -> Sharpness:
    """Measure the picture of `grid`; tiles where `left_out` is True do not count.

    In a picture by contact, detail may be that of the dermatoscope's own scale, which moves along
    with the camera and is sharp however the hand shakes and however far the lens is from the skin.
    """
    inputs = focus_inputs(grid, left_out, with_plain=contact)
    if inputs.features is None:
        return Sharpness(LARGEST_RADIUS_PX, 0.0, 0, inputs.noise_dn)
    radius_log2, shake = by.focus.apply(inputs.features)
    doubt = None if inputs.plain is None else _doubt(inputs.plain, by)
    return Sharpness(_bounded(radius_log2), shake, inputs.textured_tiles, inputs.noise_dn, doubt)


def _doubt(plain: Values, by: Table) -> Doubt | None:
    radius_log2, shake = by.instrument.network.apply(plain)
    radius_px = _bounded(radius_log2)
    return Doubt(radius_px, shake) if radius_px > by.instrument.least_radius_px else None


def focus_inputs(
    grid: TileGrid, left_out: Mask | None = None, *, with_plain: bool = True
) -> FocusInputs:
    """Measure the inputs of the networks on up to 24 tiles with most detail."""
    usable = grid.usable if left_out is None else grid.usable & ~left_out
    chosen = textured_tiles(grid, usable, _MEASURED_TILES)
    flattest = flattest_tiles(grid, _NOISE_TILES)
    tiles = cut(grid, np.concatenate([chosen, flattest]))
    variance = noise_variance(tiles[len(chosen) :])
    noise_dn = math.sqrt(variance)
    if len(chosen) < _LEAST_TILES:
        return FocusInputs(None, None, 0, noise_dn)
    textured = int((grid.gradient.flat[chosen] >= _texture_floor(variance)).sum())
    energies = band_energies(tiles[: len(chosen)], variance)
    of_all = features(energies)[0]
    plain = _plain(energies) if with_plain and len(chosen) >= _LEAST_FOR_PLAIN else None
    joined = None if plain is None else np.concatenate([of_all, plain])
    return FocusInputs(of_all, joined, textured, noise_dn)


def _plain(energies: BandEnergies) -> Values:
    finest = energies.laplacian[0, 0]
    least = np.argsort(finest, kind="stable")[: len(finest) // _PLAIN_SHARE]
    return np.asarray(features(grouped(energies, least[None]))[0])


def local_blur_px(grid: TileGrid) -> Floats:
    """Estimate the blur radius about each tile, (rows, columns) px at working scale.

    A tile is measured together with its neighbours: a hair or a rim is one tile wide, and one tile
    tells little. Those that are not usable or have too little detail to judge are 0, as are those
    with too few neighbours.
    """
    variance = noise_variance(cut(grid, flattest_tiles(grid, _NOISE_TILES)))
    radius = np.zeros(grid.mean.shape, np.float32)
    chosen = np.flatnonzero(grid.usable & (grid.gradient >= _texture_floor(variance)))
    around = _neighbours(chosen, grid.mean.shape)
    kept = (around >= 0).sum(axis=1) >= _LEAST_AROUND
    if not kept.any():
        return radius
    own = np.arange(len(chosen))[:, None]
    groups = np.where(around >= 0, around, own)[kept]
    inputs = features(grouped(band_energies(cut(grid, chosen), variance), groups))
    radius_log2 = table().focus.apply_all(inputs)[:, 0]
    radius.flat[chosen[kept]] = np.clip(2.0**radius_log2, SMALLEST_RADIUS_PX, LARGEST_RADIUS_PX)
    return radius


def _neighbours(chosen: NDArray[np.intp], shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Give the places in `chosen` of each one's tile and eight neighbours, -1 where not chosen."""
    rows, columns = shape
    place = np.full((rows + 2, columns + 2), -1)
    row, column = np.divmod(chosen, max(1, columns))
    place[row + 1, column + 1] = np.arange(len(chosen))
    down, across = np.mgrid[:3, :3].reshape(2, -1)
    return np.asarray(place[row[:, None] + down, column[:, None] + across])


def _texture_floor(variance: float) -> float:
    return _TEXTURE_FLOOR + _TEXTURE_PER_NOISE * variance


def _bounded(radius_log2: float) -> float:
    return min(max(math.exp2(radius_log2), SMALLEST_RADIUS_PX), LARGEST_RADIUS_PX)
