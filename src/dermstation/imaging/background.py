"""Which tiles of a picture show no skin but what is behind it: clothes, a couch, the room.

A background in focus says nothing about the skin before it. What has not the colour of skin and
is joined to the picture's border is taken for background; a lesion, a scab or a dressing in the
middle of skin is not. Pure functions on arrays; any thread or process.
"""

import cv2
import numpy as np

from dermstation.imaging.field import Field
from dermstation.imaging.skin import like_skin
from dermstation.imaging.tiles import Mask, TileGrid, grown, joined_to_border

_SKIN_SHARE = 0.5  # of a tile, less is bare of skin
_LEAST_TILES = 12  # fewer are too few to judge by
_LEAST_SHARE = 0.1  # of all tiles: in odd light, a little of the skin has its colour


def background_tiles(field: Field, grid: TileGrid) -> Mask:
    """Tell which tiles of `grid` are background: (rows, columns); none where skin is not found.

    Tiles next to it, which show the skin's outline before it, belong to it where enough are left.
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
    """Leave out what the whole tiles do not cover, right and below."""
    height, width = (
        max(1, round(tiles * grid.tile_px / side * small))
        for tiles, side, small in zip(
            grid.mean.shape, grid.source.shape[:2], skin.shape, strict=True
        )
    )
    return skin[:height, :width].astype(np.float32)
