"""Lay a white card beside the skin and tint the light, to count how often the tint is named.

Works on linear light, BGR. Pure functions of a generator.
"""

import cv2
import numpy as np

from calibration.degrade import Linear, tinted

# gains of B, G and R in stops: 0.9 stops between red and blue, or 0.45 of green against both
TINTS = {
    "none": (0.0, 0.0, 0.0),
    "yellowish": (-0.6, 0.0, 0.3),
    "bluish": (0.6, 0.0, -0.3),
    "greenish": (-0.15, 0.3, -0.15),
    "pinkish": (0.15, -0.3, 0.15),
}
_SIDES = (0.12, 0.35)  # of the long side
_WHITES = (0.75, 0.92)  # reflected share of light
_PAPER_STOPS = 0.05  # by which papers differ from white
_EDGE_PX = 1.2


def with_card(linear: Linear, rng: np.random.Generator) -> Linear:
    """Return the scene with a white card at a random place and angle, lit as brightly as the skin.

    The card reflects as much more than the skin as white paper does: the brightest tenth of the
    skin is taken to reflect half of the red light.
    """
    height, width = linear.shape[:2]
    skin = float(np.quantile(linear[::8, ::8, 2], 0.9))
    light = min(1.0, 2 * skin)
    size = tuple(float(rng.uniform(*_SIDES)) * width for _ in range(2))
    middle = (width * float(rng.uniform(0.1, 0.9)), height * float(rng.uniform(0.1, 0.9)))
    corners = cv2.boxPoints((middle, size, float(rng.uniform(0, 90))))
    cover = np.zeros((height, width), np.float32)
    cv2.fillConvexPoly(cover, np.rint(corners).astype(np.int32), 1.0, cv2.LINE_AA)
    cover = np.asarray(cv2.GaussianBlur(cover, (0, 0), _EDGE_PX), np.float32)[..., None]
    paper = np.exp2(rng.uniform(-_PAPER_STOPS, _PAPER_STOPS, 3)) * light * rng.uniform(*_WHITES)
    return np.asarray(linear * (1 - cover) + paper.astype(np.float32) * cover, np.float32)


def in_light(linear: Linear, name: str) -> Linear:
    """Return the scene in the light of that name in `TINTS`."""
    return tinted(linear, TINTS[name])
