"""Where in a picture the focus is lost or the light is blown out, for showing over the picture.

Says nothing that the report does not; too slow for each live frame. Pure functions; any thread.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from dermstation.domain.shots import ShotKind
from dermstation.imaging.codec import Bgr
from dermstation.imaging.focus import SMALLEST_RADIUS_PX, local_blur_px
from dermstation.imaging.scale import WORKING_LONG_SIDE_PX, Grey, near_working, to_grey
from dermstation.imaging.table import table
from dermstation.imaging.tiles import TILE_PX, Floats, Mask, tile_grid

_CLIPPED_DN = 250
_CLIPPED_SHARE = 0.1  # of a cell
_LEAST_MEASURED = 3  # of a cell and its eight neighbours
_SURELY = 1.25  # over the limit: a single cell tells less than the picture


@dataclass(frozen=True, slots=True)
class TroubleAreas:
    """Two (rows, columns) arrays of bool over equal cells that together cover the picture.

    `soft` is True where there is detail and it is out of focus, `lost` where highlights are blown
    out in any colour.
    """

    soft: Mask
    lost: Mask


def trouble_areas(bgr: Bgr, shot: ShotKind) -> TroubleAreas:
    """Find the areas of trouble in a picture, (height, width, 3) BGR uint8, of kind `shot`.

    A cell is about 64 px of the picture at working scale; a tiny picture is one cell.
    """
    limit = table().limits[shot].blur_radius_px
    at_least = _SURELY * (limit.poor or limit.good)
    soft = _smoothed(local_blur_px(tile_grid(_whole_cells(to_grey(bgr))))) > at_least
    strongest = bgr.max(axis=2) >= _CLIPPED_DN
    rows, columns = soft.shape
    share = cv2.resize(strongest.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    lost = np.asarray(share, np.float32).reshape(rows, columns) >= _CLIPPED_SHARE
    return TroubleAreas(soft, lost)


def _smoothed(radius_px: Floats) -> Floats:
    """Average each measured cell's blur with its neighbours': a hair or a rim is one cell wide.

    A cell with too few measured neighbours tells too little by itself and is 0.
    """
    measured = (radius_px > 0).astype(np.float32)
    logs = np.log2(np.maximum(radius_px, SMALLEST_RADIUS_PX)) * measured
    around = np.asarray(_summed(measured))
    mean = np.exp2(_summed(logs) / np.maximum(around, 1))
    return np.asarray(np.where((measured > 0) & (around >= _LEAST_MEASURED), mean, 0), np.float32)


def _summed(values: Floats) -> Floats:
    summed = cv2.boxFilter(
        values, cv2.CV_32F, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    return np.asarray(summed, np.float32).reshape(values.shape)


def _whole_cells(grey: Grey) -> Grey:
    """Bring a picture to working scale, stretched slightly so that whole tiles cover all of it."""
    grey = near_working(grey)
    scale = min(1.0, WORKING_LONG_SIDE_PX / max(grey.shape))
    height, width = (max(1, round(side * scale / TILE_PX)) * TILE_PX for side in grey.shape)
    resized = cv2.resize(grey, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)
