"""Recognise the round field of a dermatoscope that was left on for a picture from a distance.

The surround is dark and meets the corners; what tells it from a dark room is its round edge. Pure
functions on arrays; any thread or process.
"""

import numpy as np

from dermstation.imaging.field import Field

_LEAST_DARK_SHARE = 0.04  # of the picture; less may be a shadow in a corner
_LEAST_CORNERS = 3
_ROUND = 0.9  # of the smaller part, field or surround, that a circle tells apart
_RADII = 48


def scope_roundness(field: Field) -> float:
    """Return how round the field of view is within its dark surround: 0 to 1, 0 without one.

    It is the share of the surround that lies outside the best circle around the field's middle,
    less the share of the field that does too.
    """
    if field.is_whole or field.dark_share < _LEAST_DARK_SHARE:
        return 0.0
    lit = field.lit
    corners = (lit[0, 0], lit[0, -1], lit[-1, 0], lit[-1, -1])
    if sum(not corner for corner in corners) < _LEAST_CORNERS:
        return 0.0
    rows, columns = np.nonzero(lit)
    down, across = np.ogrid[: lit.shape[0], : lit.shape[1]]
    distance = np.hypot(down - rows.mean(), across - columns.mean())
    edges = np.linspace(0, float(distance.max()) + 1e-6, _RADII + 1)
    inside = np.cumsum(np.histogram(distance[lit], edges)[0]) / max(1, len(rows))
    outside = np.cumsum(np.histogram(distance[~lit], edges)[0]) / max(1, lit.size - len(rows))
    return float((inside - outside).max())


def is_through_scope(roundness: float) -> bool:
    """Return whether a picture was taken through the round field of a dermatoscope."""
    return roundness >= _ROUND
