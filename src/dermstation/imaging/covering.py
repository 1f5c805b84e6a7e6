"""Cover parts of a picture so that no trace of them is left in the copy made from it.

The pixels are overwritten with one plain colour before anything is encoded. JPEG spreads each
pixel over its whole block, so the cover is extended to whole blocks of the source picture and a
little beyond. The copy then depends on nothing under the cover. Pure functions; any thread.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.domain.copies import Shape, ShapeKind
from dermstation.imaging.codec import Bgr, decode
from dermstation.imaging.headers import coded_block
from dermstation.imaging.orientation import turned_back, upright

COVER_BGR = (0, 0, 0)
# A decoder smooths colour across block edges; libjpeg's "fancy upsampling" does so by one px.
_REACH_PX = 2

Mask = NDArray[np.uint8]


def covered(data: bytes, orientation: int | None, shapes: tuple[Shape, ...]) -> Bgr:
    """Decode a picture, turn it upright and overwrite what the shapes cover.

    Coordinates of shapes are shares of the upright picture. Raises StationError as `decode` does.
    """
    stored = decode(data)
    height, width = stored.shape[:2]
    across = upright(np.zeros((height, width), np.uint8), orientation)
    mask = turned_back(_mask(across, shapes), orientation)
    grown = _grown(mask, *coded_block(data))
    x, y, wide, high = cv2.boundingRect(grown)
    part = np.s_[y : y + high, x : x + wide]
    stored[part][grown[part] > 0] = COVER_BGR
    return upright(stored, orientation)


def _mask(mask: Mask, shapes: tuple[Shape, ...]) -> Mask:
    """Fill the shapes in a mask of the upright picture, rounding outwards."""
    height, width = mask.shape
    for shape in shapes:
        left, upper, right, lower = shape.box
        x0, y0 = int(left * width), int(upper * height)
        x1, y1 = int(np.ceil(right * width)), int(np.ceil(lower * height))
        if shape.kind is ShapeKind.ELLIPSE:
            centre = ((x0 + x1) // 2, (y0 + y1) // 2)
            axes = (max(1, (x1 - x0 + 1) // 2 + 1), max(1, (y1 - y0 + 1) // 2 + 1))
            cv2.ellipse(mask, centre, axes, 0, 0, 360, 255, cv2.FILLED)
        else:
            mask[y0 : y1 + 1, x0 : x1 + 1] = 255
    return mask


def _grown(mask: Mask, block_width: int, block_height: int) -> Mask:
    """Grow a mask to whole coded blocks, and by the reach of a decoder's smoothing."""
    height, width = mask.shape
    rows, columns = -(-height // block_height), -(-width // block_width)
    whole = np.zeros((rows * block_height, columns * block_width), np.uint8)
    whole[:height, :width] = mask
    touched = whole.reshape(rows, block_height, columns, block_width).max(axis=(1, 3))
    blocks = touched.repeat(block_height, axis=0).repeat(block_width, axis=1)
    reach = np.ones((2 * _REACH_PX + 1, 2 * _REACH_PX + 1), np.uint8)
    return np.asarray(cv2.dilate(blocks, reach), np.uint8)[:height, :width]
