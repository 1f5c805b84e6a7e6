"""Divide a picture into the square tiles it is measured on, and choose usable and detailed ones.

Works at one fixed scale, so that a pixel means the same for a live frame and a still. Measures no
quality itself. Pure functions on arrays; any thread or process.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.ranks import ranked
from dermstation.imaging.scale import (
    WORKING_LONG_SIDE_PX,
    Grey,
    halved,
    small_grey,
)

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

TILE_PX = 64
_QUARTER_TILE_PX = TILE_PX // 4
_QUARTER_HALVINGS = 4
_SOBEL_GAIN = 1 / 64  # the square of its weights' sum
_WHOLE = 1e-6  # so that 25 tiles of 64 px count as 25, not 24.999
_SATURATED_DN = 244
_SATURATED_SHARE = 0.004
_RING_DN = 18.0  # limit for a dermatoscope's dark surround; lower in a dark picture, see `_ring`
_RING_SHARE = 0.25
_SPREAD_CELLS = (4, 6)  # the best tile of each cell of this grid is chosen first


@dataclass(frozen=True, slots=True)
class TileGrid:
    """A picture's whole tiles, as arrays (rows, columns), and the picture they are cut from.

    `gradient` is the mean squared gradient at quarter scale (grey levels per pixel, squared).
    `mean` is the mean grey level. `ring` is True in a dark surround. `usable` is False in and next
    to a dark surround and in saturated areas. `tile_px` is the side of a tile in `source`, the
    original picture; `small` is that picture with a long side of at most 400 px.
    """

    gradient: Floats
    mean: Floats
    ring: Mask
    usable: Mask
    source: Grey
    small: Grey
    tile_px: float


def tile_grid(source: Grey) -> TileGrid:
    """Return the grid of 64 px tiles of a grey picture of any size; a tiny picture has no tiles."""
    grey = small_grey(source)
    tile_px = TILE_PX * max(1.0, max(source.shape) / WORKING_LONG_SIDE_PX)
    rows, columns = (int(side / tile_px + _WHOLE) for side in source.shape)
    if rows == 0 or columns == 0:
        nothing = np.zeros((0, 0), np.float32)
        return TileGrid(nothing, nothing, nothing > 0, nothing > 0, source, grey, tile_px)
    whole = _whole_tiles(grey, source, tile_px, rows, columns)
    across, down = (one.astype(np.float32) for one in cv2.spatialGradient(whole))
    across *= across
    down *= down
    across += down
    gradient = _tile_means(across) * np.float32(_SOBEL_GAIN)  # a power of two: nothing is rounded
    mean = _tile_means(whole.astype(np.float32))
    ring = _ring(mean)
    usable = ~_by_the_ring(whole, ring)
    saturated = cv2.threshold(whole, _SATURATED_DN - 1, 1, cv2.THRESH_BINARY)[1]
    if cv2.countNonZero(saturated):
        usable &= _tile_means(np.asarray(saturated, np.float32)) <= _SATURATED_SHARE
    return TileGrid(gradient, mean, ring, usable, source, grey, tile_px)


def textured_tiles(grid: TileGrid, usable: Mask, count: int) -> NDArray[np.intp]:
    """Return up to `count` tiles of those in `usable`, the strongest gradients first.

    The best tiles of each part of the picture come before all others. Returns flat indices into
    the grid.
    """
    strength = np.where(usable, grid.gradient, -1.0)
    rows, columns = strength.shape
    # a tile that is the best of its cell comes before every tile that is not
    cell = _cells(rows, columns)
    ranked = np.argsort(-strength, axis=None, kind="stable")[: np.count_nonzero(strength >= 0)]
    best = np.full(_SPREAD_CELLS[0] * _SPREAD_CELLS[1], -1)
    best[cell[ranked[::-1]]] = ranked[::-1]  # the last one written, the best, stays
    is_best = best[cell[ranked]] == ranked
    return np.asarray(np.concatenate([ranked[is_best], ranked[~is_best]])[:count], np.intp)


@lru_cache(maxsize=8)  # the live view needs the same one ten times a second
def _cells(rows: int, columns: int) -> NDArray[np.intp]:
    row_cell = np.arange(rows) * _SPREAD_CELLS[0] // max(1, rows)
    column_cell = np.arange(columns) * _SPREAD_CELLS[1] // max(1, columns)
    cell = (row_cell[:, None] * _SPREAD_CELLS[1] + column_cell[None, :]).ravel()
    cell.setflags(write=False)
    return cell


def flattest_tiles(grid: TileGrid, count: int) -> NDArray[np.intp]:
    """Return up to `count` usable tiles with the weakest gradients, as flat indices."""
    usable = np.flatnonzero(grid.usable)
    order = np.argsort(grid.gradient.ravel()[usable], kind="stable")
    return np.asarray(usable[order[:count]], np.intp)


def cut(grid: TileGrid, indices: NDArray[np.intp]) -> Floats:
    """Return the tiles with these indices at working scale: (n, 64, 64) float32."""
    count, source = len(indices), grid.source
    step = 1 << max(0, int(np.log2(grid.tile_px / TILE_PX)))  # halve the pieces first, then resize
    side = round(grid.tile_px / step) * step
    if count == 0:
        return np.empty((0, TILE_PX, TILE_PX), np.float32)
    rows, columns = np.divmod(indices, max(1, grid.mean.shape[1]))
    tops = np.minimum(np.rint(rows * grid.tile_px).astype(int), source.shape[0] - side)
    lefts = np.minimum(np.rint(columns * grid.tile_px).astype(int), source.shape[1] - side)
    # one on top of the other they are scaled by one call; none takes anything from its neighbour
    pieces = np.empty((count * side, side), np.uint8)
    for place, (top, left) in enumerate(zip(tops.tolist(), lefts.tolist(), strict=True)):
        pieces[place * side : (place + 1) * side] = source[top : top + side, left : left + side]
    while pieces.shape[1] >= 2 * TILE_PX:
        pieces = halved(pieces)
    if pieces.shape[1] != TILE_PX:
        size = (TILE_PX, count * TILE_PX)
        pieces = np.asarray(cv2.resize(pieces, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    return pieces.reshape(count, TILE_PX, TILE_PX).astype(np.float32)


def _whole_tiles(grey: Grey, source: Grey, tile_px: float, rows: int, columns: int) -> Grey:
    """Return the luma at a quarter of working scale, cut to whole tiles."""
    if max(source.shape) < WORKING_LONG_SIDE_PX:
        scale = _QUARTER_TILE_PX / tile_px
        height, width = (max(1, round(side * scale)) for side in source.shape)
        resized = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)
        grey = np.asarray(resized, np.uint8)
    grey = grey[: rows * _QUARTER_TILE_PX, : columns * _QUARTER_TILE_PX]
    missing = (rows * _QUARTER_TILE_PX - grey.shape[0], columns * _QUARTER_TILE_PX - grey.shape[1])
    if max(missing) > 0:  # rounding may lose a row or column
        bottom, right = (max(0, count) for count in missing)
        bordered = cv2.copyMakeBorder(grey, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
        grey = np.asarray(bordered, np.uint8)
    return grey


def _tile_means(values: cv2.typing.MatLike) -> Floats:
    """Average over each tile by repeated halving, which is faster than in one step."""
    for _ in range(_QUARTER_HALVINGS):
        size = (values.shape[1] // 2, values.shape[0] // 2)
        values = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    return np.asarray(values, np.float32)


def _ring(mean: Floats) -> Mask:
    """Find dark tiles connected to the picture's border: surround, not a dark lesion."""
    dark = mean < min(_RING_DN, _RING_SHARE * ranked(mean, 0.75))
    return joined_to_border(dark) if dark.any() else dark


def _by_the_ring(whole: Grey, ring: Mask) -> Mask:
    """Find the tiles in and at the ring, whose rim is sharp even if the skin is not.

    The rim may touch a tile whose neighbour is not dark enough to count as ring.
    """
    if not ring.any():
        return ring
    beside = grown(ring)
    dark = cv2.threshold(whole, _RING_DN, 1, cv2.THRESH_BINARY_INV)[1]
    touched = _tile_means(np.asarray(dark, np.float32)) > 0
    return np.asarray(beside | (grown(beside) & touched))


def joined_to_border(mask: Mask) -> Mask:
    """Return the parts of a mask that are connected to the border of the array."""
    _, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    joined = np.zeros(int(labels.max()) + 1, bool)
    joined[border] = True
    joined[0] = False
    return np.asarray(joined[labels])


def grown(mask: Mask) -> Mask:
    """Return the mask extended by its eight neighbours."""
    if not mask.any():
        return mask
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)), bool)
