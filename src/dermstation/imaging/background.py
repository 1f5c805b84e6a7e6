"""Find the tiles of a picture that show what is behind the skin: clothes, a couch, the room.

A sharp background says nothing about the focus on the skin in front of it. An area counts as
background if it does not have the colour of skin and reaches the edge of the picture. A lesion,
a scab or a dressing surrounded by skin does not. Pure functions on arrays; any thread or process.
"""

import cv2
import numpy as np

from dermstation.imaging.field import Field
from dermstation.imaging.skin import like_skin
from dermstation.imaging.tiles import Mask, TileGrid, grown, joined_to_border

_SKIN_SHARE = 0.5  # of a tile; with less, the tile does not count as skin
_LEAST_TILES = 12  # fewer are too few to judge by
_LEAST_SHARE = 0.1  # of all tiles; in odd light only a little of the skin has the colour of skin


def background_tiles(field: Field, grid: TileGrid) -> Mask:
    """Return a mask (rows, columns) of the tiles of `grid` that are background.

    The neighbouring tiles, which show the outline of the skin, count as background too if enough
    tiles remain without them. No tile is background if too little skin is found.
    """
    rows, columns = grid.mean.shape
    nothing = np.zeros((rows, columns), bool)
    if nothing.size == 0:
        return nothing
    skin = _over_the_tiles(like_skin(field), grid)
    share = cv2.resize(skin, (columns, rows), interpolation=cv2.INTER_AREA)
    bare = np.asarray(share, np.float32).reshape(rows, columns) < _SKIN_SHARE
    if not bare.any():
        return nothing
    background = joined_to_border(bare)
    least = max(_LEAST_TILES, _LEAST_SHARE * nothing.size)
    for one in (grown(background), background):
        if np.count_nonzero(grid.usable & ~one) >= least:
            return one
    return nothing


def _over_the_tiles(skin: Mask, grid: TileGrid) -> cv2.typing.MatLike:
    """Cut off the part at the right and bottom that whole tiles do not cover."""
    height, width = (
        max(1, round(tiles * grid.tile_px / side * small))
        for tiles, side, small in zip(
            grid.mean.shape, grid.source.shape[:2], skin.shape, strict=True
        )
    )
    return skin[:height, :width].astype(np.float32)
