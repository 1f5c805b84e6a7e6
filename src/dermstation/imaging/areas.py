"""Find where a picture is out of focus or blown out, to show those areas over the picture.

Adds no verdict to the quality report, and takes several times as long to compute. Pure functions;
any thread.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from dermstation.domain.shots import ShotKind
from dermstation.imaging.codec import Bgr
from dermstation.imaging.focus import local_blur_px
from dermstation.imaging.scale import WORKING_LONG_SIDE_PX, Grey, halved, to_grey
from dermstation.imaging.table import table
from dermstation.imaging.tiles import TILE_PX, Floats, Mask, tile_grid

_CLIPPED_DN = 250
_CLIPPED_SHARE = 0.1  # of a cell
_CELL_SAMPLES = 16  # along each side of a cell
_SURELY = 1.25  # times the limit, because a single cell is less certain than the whole picture


@dataclass(frozen=True, slots=True)
class TroubleAreas:
    """Two bool arrays (rows, columns) of equal cells that together cover the picture.

    `soft` is True for cells with detail that is out of focus, `lost` for cells with highlights
    blown out in any colour.
    """

    soft: Mask
    lost: Mask


def trouble_areas(bgr: Bgr, shot: ShotKind) -> TroubleAreas:
    """Find the areas of trouble in a picture, (height, width, 3) BGR uint8, of kind `shot`.

    A cell is about 64 px wide at working scale; a tiny picture is one cell.
    """
    limit = table().limits[shot].blur_radius_px
    at_least = _SURELY * (limit.poor or limit.good)
    soft = local_blur_px(tile_grid(_whole_cells(to_grey(bgr)))) > at_least
    return TroubleAreas(soft, _clipped_share(bgr, *soft.shape) >= _CLIPPED_SHARE)


def _clipped_share(bgr: Bgr, rows: int, columns: int) -> Floats:
    """Return the share of each cell that is blown out in any colour, estimated from samples."""
    size = (columns * _CELL_SAMPLES, rows * _CELL_SAMPLES)
    blue, green, red = cv2.split(cv2.resize(bgr, size, interpolation=cv2.INTER_NEAREST))
    strongest = cv2.max(cv2.max(blue, green), red)
    clipped = cv2.threshold(strongest, _CLIPPED_DN - 1, 1, cv2.THRESH_BINARY)[1]
    values = np.asarray(clipped, np.float32)
    share = cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(share, np.float32).reshape(rows, columns)


def _whole_cells(grey: Grey) -> Grey:
    """Scale a picture to working scale, stretched slightly so that whole tiles cover it."""
    while max(grey.shape) >= 2 * WORKING_LONG_SIDE_PX:
        grey = halved(grey)
    scale = min(1.0, WORKING_LONG_SIDE_PX / max(grey.shape))
    height, width = (max(1, round(side * scale / TILE_PX)) * TILE_PX for side in grey.shape)
    resized = cv2.resize(grey, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)
