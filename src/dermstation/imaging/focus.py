"""Measure sharpness: the blur radius in pixels, and whether shake or defocus caused the blur.

A picture with too little detail is reported as such, never as sharp. Pure functions on arrays; any
thread or process.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.bands import (
    BandEnergies,
    Values,
    band_energies,
    block_energies,
    features,
    grouped,
    plain_blocks,
)
from dermstation.imaging.noise import noise_variance
from dermstation.imaging.table import Doubter, ModelTable, table
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
_LEAST_TILES = 2  # with fewer there is nothing to take a percentile of
_PLAIN_SHARE = 3  # a third of the tiles
_LEAST_FOR_PLAIN = 12  # the number of tiles needed to use a third of them
_LEAST_AROUND = 3  # measured tiles needed among a tile and its eight neighbours
# a tile has texture if its gradient energy (grey levels squared at quarter scale) is at least this,
# plus what the picture's own noise can cause
_TEXTURE_FLOOR = 2.0
_TEXTURE_PER_NOISE = 0.1


@dataclass(frozen=True, slots=True)
class FocusInputs:
    """The models' inputs; `features` is None if there are no tiles to measure.

    `plain` holds the features of all tiles, then those of the third with the least fine detail,
    then those of the half of each tile with the weaker edges. It is None if there are too few
    tiles, or if it was not asked for.
    """

    features: Values | None
    plain: Values | None
    textured_tiles: int
    noise_dn: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """The blur of the skin beside something sharp, in the same units as `Sharpness`."""

    blur_radius_px: float
    shake_log_odds: float


@dataclass(frozen=True, slots=True)
class Sharpness:
    """The sharpness measured at working scale.

    `blur_radius_px` is the radius of a disk that spreads light equally far. `shake_log_odds` is
    positive for shake and negative for defocus; it is meaningful only in a blurred picture.
    `textured_tiles` is the number of tiles with enough detail to judge. `noise_dn` is the noise of
    the finest detail in grey levels, and `sensor_noise_dn` that of the sensor before the camera
    smoothed and coded the picture. `doubt` is the skin's own blur if something sharp in the
    picture, such as a scale or the room, may be hiding that the skin is too soft; else None.
    `tells_skin` is False if there are too few tiles to tell.
    """

    blur_radius_px: float
    shake_log_odds: float
    textured_tiles: int
    noise_dn: float
    sensor_noise_dn: float = 0.0
    doubt: Doubt | None = None
    tells_skin: bool = True


def measure_sharpness(
    grid: TileGrid,
    by: ModelTable,
    *,
    contact: bool = False,
    left_out: Mask | None = None,
    known: Sharpness | None = None,
) -> Sharpness:
    """Measure the picture of `grid`; tiles where `left_out` is True do not count.

    `contact` means that the dermatoscope touched the skin. Detail may then come from its own scale,
    which moves with the camera and is sharp however much the hand shakes and however far the lens
    is from the skin. In other pictures it may come from a room that is in focus behind the skin.
    With `known`, what was measured of the frame before, its doubt is kept, in two thirds of the
    time.
    """
    inputs = focus_inputs(grid, left_out, with_plain=known is None)
    if inputs.features is None:
        return Sharpness(LARGEST_RADIUS_PX, 0.0, 0, inputs.noise_dn)
    found = by.focus.read(inputs.features)
    doubter = by.in_contact if contact else by.from_afar
    return Sharpness(
        _bounded(found.radius_log2),
        found.shake,
        inputs.textured_tiles,
        inputs.noise_dn,
        found.noise_dn,
        _doubt(inputs.plain, doubter) if known is None else known.doubt,
        inputs.plain is not None if known is None else known.tells_skin,
    )


def _doubt(plain: Values | None, by: Doubter) -> Doubt | None:
    if plain is None:
        return None
    found = by.network.read(plain)
    if found.soft <= by.most_log_odds:
        return None
    return Doubt(_bounded(found.radius_log2), found.shake)


def focus_inputs(
    grid: TileGrid, left_out: Mask | None = None, *, with_plain: bool = True
) -> FocusInputs:
    """Return the networks' inputs, measured on up to 24 tiles with the most detail."""
    usable = grid.usable if left_out is None else grid.usable & ~left_out
    chosen = textured_tiles(grid, usable, _MEASURED_TILES)
    flattest = flattest_tiles(grid, _NOISE_TILES)
    tiles = cut(grid, np.concatenate([chosen, flattest]))
    variance = noise_variance(tiles[len(chosen) :])
    noise_dn = math.sqrt(variance)
    if len(chosen) < _LEAST_TILES:
        return FocusInputs(None, None, 0, noise_dn)
    textured = int((grid.gradient.flat[chosen] >= _texture_floor(variance)).sum())
    blocks = block_energies(tiles[: len(chosen)])
    energies = band_energies(blocks, variance)
    if len(chosen) < _LEAST_FOR_PLAIN or not with_plain:
        return FocusInputs(features(energies)[0], None, textured, noise_dn)
    of_all, within = features(energies, band_energies(plain_blocks(blocks), variance))
    joined = np.concatenate([of_all, _plain(energies), within])
    return FocusInputs(of_all, joined, textured, noise_dn)


def _plain(energies: BandEnergies) -> Values:
    finest = energies.laplacian[0, 0]
    least = np.argsort(finest, kind="stable")[: len(finest) // _PLAIN_SHARE]
    return np.asarray(features(grouped(energies, least[None]))[0])


def local_blur_px(grid: TileGrid) -> Floats:
    """Estimate the blur radius around each tile: (rows, columns), px at working scale.

    A tile is measured together with its neighbours, because a hair or a rim is one tile wide and
    one tile says little. The value is 0 for tiles that are unusable, have too little detail or have
    too few measured neighbours.
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
    inputs = features(grouped(band_energies(block_energies(cut(grid, chosen)), variance), groups))
    radius_log2 = table().focus.apply_all(inputs)[:, 0]
    radius.flat[chosen[kept]] = np.clip(2.0**radius_log2, SMALLEST_RADIUS_PX, LARGEST_RADIUS_PX)
    return radius


def _neighbours(chosen: NDArray[np.intp], shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Return (n, 9) indices into `chosen` for each tile's 3 x 3 area, -1 for tiles not chosen."""
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
