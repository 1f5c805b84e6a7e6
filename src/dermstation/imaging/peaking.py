"""Find the edges that are currently sharp, to highlight them in the live view (focus peaking).

A help for focusing by hand, not a measurement: only `imaging.assessment` gives verdicts. Pure
function; any thread.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.codec import Bgr

WORKING_WIDTH = 800  # a blur that spoils a picture of 1600 px is still visible at this width
_LEAST_EDGE_DN = 24
_NOISE_GAIN = 6.0
_NOISE_STEP = 4  # every fourth pixel is enough to estimate the noise


def sharp_edges(bgr: Bgr) -> NDArray[np.bool_]:
    """Return a mask of the sharp edges of a picture, (height, width, 3) BGR uint8.

    The mask (rows, columns) has the picture's proportions and a width of at most 800 px. It is
    True where the second derivative exceeds the picture's own noise. Takes 3 to 4 ms for
    1600 x 1200.
    """
    height, width = bgr.shape[:2]
    if width > WORKING_WIDTH:
        size = (WORKING_WIDTH, max(1, round(height * WORKING_WIDTH / width)))
        bgr = np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    grey = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)
    edges = cv2.convertScaleAbs(cv2.Laplacian(grey, cv2.CV_16S, ksize=3))
    noise_dn = float(np.median(np.asarray(edges, np.uint8)[::_NOISE_STEP, ::_NOISE_STEP]))
    limit = max(_LEAST_EDGE_DN, _NOISE_GAIN * noise_dn)
    return np.asarray(edges > limit)
