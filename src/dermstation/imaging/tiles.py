"""The square tiles a picture is measured on: where they lie, which are fit, which have detail.

Works at one fixed scale, so that a pixel means the same for a live frame and for a still.
Measures no quality itself. Pure functions on arrays; any thread or process.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.ranks import ranked
from dermstation.imaging.scale import (
    WORKING_LONG_SIDE_PX,
    Grey,
    near_working,
    quarter_grey,
)

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

TILE_PX = 64
_QUARTER_TILE_PX = TILE_PX // 4
_WHOLE = 1e-6  # 25 tiles of 64 px are 25, not 24.999
_SATURATED_DN = 244
_SATURATED_SHARE = 0.004
_RING_DN = 18.0  # a dermatoscope's dark surround; lower in a dark picture, see _ring
_RING_SHARE = 0.25
_SPREAD_CELLS = (4, 6)  # each cell of this grid gives its best tile first


@dataclass(frozen=True, slots=True)
class TileGrid:
    """A picture's whole tiles: arrays of (rows, columns), and what they are cut from.

    `gradient` is the mean squared gradient at quarter scale (grey levels per pixel, squared),
    `mean` the mean grey level, `usable` False in dark surround and saturated areas. `tile_px` is
    a tile's side in `source`, the picture at no less than working scale; `quarter` is it at a
    quarter of that scale.
    """

    gradient: Floats
    mean: Floats
    ring: Mask
    usable: Mask
    source: Grey
    quarter: Grey
    tile_px: float


def tile_grid(grey: Grey) -> TileGrid:
    """Measure the grid of 64 px tiles of a grey picture of any size; a tiny one has none."""
    source = near_working(grey)
    tile_px = TILE_PX * max(1.0, max(source.shape) / WORKING_LONG_SIDE_PX)
    rows, columns = (int(side / tile_px + _WHOLE) for side in source.shape)
    quarter = quarter_grey(source)
    if rows == 0 or columns == 0:
        nothing = np.zeros((0, 0), np.float32)
        return TileGrid(nothing, nothing, nothing > 0, nothing > 0, source, quarter, tile_px)
    whole = quarter[: rows * _QUARTER_TILE_PX, : columns * _QUARTER_TILE_PX]
    across: Floats = np.asarray(cv2.Sobel(whole, cv2.CV_32F, 1, 0, scale=1 / 8), np.float32)
    down: Floats = np.asarray(cv2.Sobel(whole, cv2.CV_32F, 0, 1, scale=1 / 8), np.float32)
    squared = cv2.add(cv2.multiply(across, across), cv2.multiply(down, down))
    gradient = _tile_means(np.asarray(squared, np.float32), rows, columns)
    mean = _tile_means(whole, rows, columns)
    saturated = _tile_means((whole >= _SATURATED_DN).astype(np.float32), rows, columns)
    ring = _ring(mean)
    usable = ~_grown(ring) & (saturated <= _SATURATED_SHARE)
    return TileGrid(gradient, mean, ring, usable, source, quarter, tile_px)


def textured_tiles(grid: TileGrid, count: int) -> NDArray[np.intp]:
    """Choose up to `count` usable tiles of most gradient, spread over the picture.

    Returns flat indices into the grid.
    """
    strength = np.where(grid.usable, grid.gradient, -1.0)
    rows, columns = strength.shape
    # a tile that is the best of its cell goes before every one that is not
    row_cell = np.arange(rows) * _SPREAD_CELLS[0] // max(1, rows)
    column_cell = np.arange(columns) * _SPREAD_CELLS[1] // max(1, columns)
    cell = (row_cell[:, None] * _SPREAD_CELLS[1] + column_cell[None, :]).ravel()
    ranked = np.argsort(-strength, axis=None, kind="stable")
    ranked = ranked[strength.ravel()[ranked] >= 0]
    first = np.zeros(len(ranked), bool)
    first[np.unique(cell[ranked], return_index=True)[1]] = True
    return np.asarray(np.concatenate([ranked[first], ranked[~first]])[:count], np.intp)


def flattest_tiles(grid: TileGrid, count: int) -> NDArray[np.intp]:
    """Choose up to `count` usable tiles of least gradient, as flat indices into the grid."""
    usable = np.flatnonzero(grid.usable)
    order = np.argsort(grid.gradient.ravel()[usable], kind="stable")
    return np.asarray(usable[order[:count]], np.intp)


def cut(grid: TileGrid, indices: NDArray[np.intp]) -> Floats:
    """Cut the tiles of `indices` out of the picture, at working scale: (n, 64, 64) float32."""
    tiles = np.empty((len(indices), TILE_PX, TILE_PX), np.float32)
    side = round(grid.tile_px)
    rows, columns = np.divmod(indices, max(1, grid.mean.shape[1]))
    tops = np.minimum(np.rint(rows * grid.tile_px).astype(int), grid.source.shape[0] - side)
    lefts = np.minimum(np.rint(columns * grid.tile_px).astype(int), grid.source.shape[1] - side)
    size = (TILE_PX, TILE_PX)
    for place, (top, left) in enumerate(zip(tops.tolist(), lefts.tolist(), strict=True)):
        piece = grid.source[top : top + side, left : left + side]
        if side == TILE_PX:
            tiles[place] = piece
        else:
            tiles[place] = cv2.resize(piece, size, interpolation=cv2.INTER_LINEAR)
    return tiles


def _tile_means(values: Floats | Grey, rows: int, columns: int) -> Floats:
    resized = cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(resized, np.float32).reshape(rows, columns)


def _ring(mean: Floats) -> Mask:
    """Find dark tiles joined to the picture's border: surround, not a dark lesion."""
    limit = min(_RING_DN, _RING_SHARE * ranked(mean, 0.75))
    dark = (mean < limit).astype(np.uint8)
    if not dark.any():
        return dark > 0
    _, labels = cv2.connectedComponents(dark, connectivity=8)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return np.isin(labels, np.unique(border[border > 0]))


def _grown(mask: Mask) -> Mask:
    if not mask.any():
        return mask
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)), bool)
