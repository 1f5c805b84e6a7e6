"""The square tiles a picture is measured on: where they lie, which are fit, which have detail.

Works at one fixed scale, so that a pixel means the same for a live frame and for a still.
Measures no quality itself. Pure functions on arrays; any thread or process.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.scale import Grey, halved

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

TILE_PX = 64
_REDUCTION = 4  # the grid is measured on a picture of a quarter of each side
_SATURATED_DN = 244
_SATURATED_SHARE = 0.004
_RING_DN = 18.0  # a dermatoscope's dark surround; lower in a dark picture, see _ring
_RING_SHARE = 0.25
_SPREAD_CELLS = (4, 6)  # each cell of this grid gives its best tile first


@dataclass(frozen=True, slots=True)
class TileGrid:
    """A picture's whole tiles: arrays of (rows, columns).

    `gradient` is the mean squared gradient at quarter scale (grey levels per pixel, squared),
    `mean` the mean grey level, `usable` False in dark surround and saturated areas.
    """

    gradient: Floats
    mean: Floats
    ring: Mask
    usable: Mask


def tile_grid(grey: Grey) -> TileGrid:
    """Measure the grid of 64 px tiles of a grey picture; a small picture has none."""
    rows, columns = grey.shape[0] // TILE_PX, grey.shape[1] // TILE_PX
    if rows == 0 or columns == 0:
        nothing = np.zeros((0, 0), np.float32)
        return TileGrid(nothing, nothing, nothing > 0, nothing > 0)
    whole = grey[: rows * TILE_PX, : columns * TILE_PX]
    quarter = halved(halved(whole))
    across: Floats = np.asarray(cv2.Sobel(quarter, cv2.CV_32F, 1, 0, scale=1 / 8), np.float32)
    down: Floats = np.asarray(cv2.Sobel(quarter, cv2.CV_32F, 0, 1, scale=1 / 8), np.float32)
    gradient = _tile_means(np.square(across) + np.square(down), rows, columns)
    mean = _tile_means(quarter, rows, columns)
    saturated = _tile_means((quarter >= _SATURATED_DN).astype(np.float32), rows, columns)
    ring = _ring(mean)
    usable = ~_grown(ring) & (saturated <= _SATURATED_SHARE)
    return TileGrid(gradient, mean, ring, usable)


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


def cut(grey: Grey, grid: TileGrid, indices: NDArray[np.intp]) -> Floats:
    """Cut the tiles of `indices` out of the picture: (n, 64, 64) float32."""
    rows, columns = grid.mean.shape
    whole = grey[: rows * TILE_PX, : columns * TILE_PX]
    tiled = whole.reshape(rows, TILE_PX, columns, TILE_PX).swapaxes(1, 2)
    row, column = np.divmod(indices, max(1, columns))
    return np.asarray(tiled[row, column], np.float32)


def _tile_means(values: Floats | Grey, rows: int, columns: int) -> Floats:
    resized = cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(resized, np.float32).reshape(rows, columns)


def _ring(mean: Floats) -> Mask:
    """Find dark tiles joined to the picture's border: surround, not a dark lesion."""
    limit = min(_RING_DN, _RING_SHARE * float(np.percentile(mean, 75)))
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
