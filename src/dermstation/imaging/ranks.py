"""Order statistics of nearest rank: numpy's percentiles take too long for live frames.

Pure functions on arrays.
"""

from typing import Any

from numpy.typing import NDArray


def ranked(values: NDArray[Any], share: float) -> float:
    """Give the value of which `share` (0-1) of a non-empty array are not larger, nearest rank."""
    flat = values.flatten()
    place = round(share * (flat.size - 1))
    flat.partition(place)
    return float(flat[place])
