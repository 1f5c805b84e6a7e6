"""The smooth surface that is fitted to a picture's light, so that what is left stands out."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=4)  # the live view needs the same ones several times a second
def surface_terms(rows: int, columns: int) -> NDArray[np.float32]:
    """Return 1, x, y, x2 + y2 for each pixel, x and y from -1 to 1: (rows * columns, 4)."""
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    x, y = 2 * x / columns - 1, 2 * y / rows - 1
    stacked = np.stack([np.ones_like(x), x, y, x * x + y * y], axis=-1)
    terms: NDArray[np.float32] = stacked.reshape(rows * columns, -1)
    terms.setflags(write=False)
    return terms
