"""Order statistics by nearest rank, because numpy's percentiles are too slow for live frames.

Pure functions on arrays.
"""

from typing import Any

from numpy.typing import NDArray


def ranked(values: NDArray[Any], share: float) -> float:
    """Return the `share` (0-1) quantile of a non-empty array, by nearest rank."""
    flat = values.flatten()
    place = round(share * (flat.size - 1))
    flat.partition(place)
    return float(flat[place])
