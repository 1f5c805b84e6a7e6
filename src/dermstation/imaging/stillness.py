"""Tell how much a picture differs from another one: whether hand and scene keep still.

Looks at a small copy of the picture alone and says nothing about focus or light. Pure functions;
any thread.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.codec import Bgr

Glance = NDArray[np.float32]  # height x width, around its own mean

_SIZE = (64, 48)
_LEAST_CONTRAST_DN = 12.0  # of a plain surface: below it noise would look like movement


def glance(bgr: Bgr) -> Glance:
    """Make the small copy of a picture, (height, width, 3) BGR uint8: (48, 64), brightness removed.

    Takes about 3 ms for 1600 x 1200 on one core.
    """
    small = cv2.resize(bgr, _SIZE, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
    return np.asarray(grey - grey.mean(), np.float32)


def difference(one: Glance, other: Glance) -> float:
    """Return the mean absolute difference of two glances over their contrast; 0 is no movement.

    On the simulated dermatoscope a resting hand gives 0.005 to 0.04 in a tenth of a second and up
    to 0.2 in three seconds; another scene gives 0.9.
    """
    contrast = max(float(one.std()), float(other.std()), _LEAST_CONTRAST_DN)
    return float(np.abs(one - other).mean()) / contrast
