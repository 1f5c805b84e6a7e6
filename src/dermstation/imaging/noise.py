"""Estimate the sensor noise of a picture from its flattest tiles.

Pure functions on arrays; any thread or process.
"""

import cv2
import numpy as np

from dermstation.imaging.ranks import ranked
from dermstation.imaging.tiles import Floats

# J. Immerkaer, "Fast noise variance estimation", CVIU 64 (1996): the difference of two
# Laplacians ignores planes and edges; on white noise its energy is 36 times the variance
_MASK = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_MASK_GAIN = 36.0
_SHARE = 0.3  # skin detail can only add to a tile's estimate


def noise_variances(tiles: Floats) -> Floats:
    """Estimate the noise variance of each tile: (n, side, side) -> (n,), grey levels squared."""
    count, side, _ = tiles.shape
    filtered = cv2.filter2D(tiles.reshape(count * side, side), cv2.CV_32F, _MASK)
    inner = np.square(np.asarray(filtered, np.float32).reshape(tiles.shape)[:, 1:-1, 1:-1])
    sums = np.add.reduce(inner, axis=(1, 2))
    return np.asarray(sums / np.float32((side - 2) ** 2 * _MASK_GAIN))


def noise_variance(flat_tiles: Floats) -> float:
    """Estimate a picture's noise variance from its flattest tiles; 0 if there are none."""
    if len(flat_tiles) == 0:
        return 0.0
    return ranked(noise_variances(flat_tiles), _SHARE)
