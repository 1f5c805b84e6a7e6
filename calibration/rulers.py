"""Draw rulers into pictures, to count how often they are found and to choose the limit for them.

Pure functions on pictures.
"""

import cv2
import numpy as np

from calibration.degrade import Picture

LEAST_LONG_SIDE_PX = 700  # in smaller pictures, ticks are finer than a pixel
_PAPER_DN, _INK_DN = 225, 35
_REACH = {0: 2.1, 5: 1.6}  # length of every tenth and fifth tick, in pitches


def with_drawn_ruler(picture: Picture, rng: np.random.Generator) -> Picture:
    """Return the picture with a blurred paper ruler at a random pitch, angle and blur.

    Pitches are 18 to 50 px at a long side of 1600 px, which is a field of 32 to 89 mm.
    """
    scale = max(picture.shape) / 1600
    pitch = float(rng.uniform(18, 50)) * scale
    degrees = float(rng.uniform(-180, 180))
    return with_ruler(picture, pitch, degrees, float(rng.uniform(0.5, 3)) * scale)


def with_ruler(picture: Picture, pitch_px: float, degrees: float, blur_px: float) -> Picture:
    """Return the picture with a paper ruler that has a tick every `pitch_px`, all blurred."""
    height, width = picture.shape[:2]
    length = 2 * int(np.hypot(height, width))
    paper = np.full((int(pitch_px * 5), length, 3), _PAPER_DN, np.uint8)
    for tick in range(int(length / pitch_px)):
        x = round((tick + 0.4) * pitch_px * 16)
        reach = _REACH.get(tick % 10, 1.1) * pitch_px
        weight = max(1, round(pitch_px * 0.09))
        ink = (_INK_DN, _INK_DN, _INK_DN)
        cv2.line(paper, (x, 0), (x, int(reach * 16)), ink, weight, cv2.LINE_AA, 4)
    turn = cv2.getRotationMatrix2D((length / 2, 0), degrees, 1)
    turn = turn + np.array([[0, 0, width / 2 - length / 2], [0, 0, height * 0.72]])
    cover = cv2.warpAffine(np.ones(paper.shape[:2], np.uint8), turn, (width, height))
    sheet = cv2.warpAffine(paper, turn, (width, height))
    laid = np.where(np.asarray(cover)[..., None] > 0, sheet, picture)
    return np.asarray(cv2.GaussianBlur(laid, (0, 0), blur_px), np.uint8)
