"""Order statistics of nearest rank: numpy's percentiles take too long for live frames.

Pure functions on arrays.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def ranked(values: NDArray[Any], share: float) -> float:
    """Give the value of which `share` (0-1) of a non-empty array are not larger, nearest rank."""
    flat = values.ravel()
    place = round(share * (flat.size - 1))
    return float(np.partition(flat, place)[place])
