"""Turn pictures upright by their EXIF orientation. Pure functions; any thread or process."""

import cv2
import numpy as np

from dermstation.imaging.codec import Bgr

UPRIGHT = 1
# EXIF 2.32, tag 274: the rotation, then the mirroring (0 top to bottom, 1 left to right)
_TURNS: dict[int, tuple[int | None, int | None]] = {
    2: (None, 1),
    3: (cv2.ROTATE_180, None),
    4: (None, 0),
    5: (cv2.ROTATE_90_CLOCKWISE, 1),
    6: (cv2.ROTATE_90_CLOCKWISE, None),
    7: (cv2.ROTATE_90_COUNTERCLOCKWISE, 1),
    8: (cv2.ROTATE_90_COUNTERCLOCKWISE, None),
}
# after one more quarter turn to the right; those that mirror go round by themselves
_NEXT = {1: 6, 6: 3, 3: 8, 8: 1, 2: 7, 7: 4, 4: 5, 5: 2}


def is_orientation(value: object) -> bool:
    """Return whether `value` is one of the eight EXIF orientations."""
    return value == UPRIGHT or value in _TURNS


def next_orientation(orientation: int | None) -> int:
    """Return the orientation of a picture after one more quarter turn to the right."""
    return _NEXT[orientation or UPRIGHT]


def turned_back(bgr: Bgr, orientation: int | None) -> Bgr:
    """Undo `upright`: the two quarter turns undo each other, the others undo themselves."""
    return upright(bgr, {6: 8, 8: 6}.get(orientation or UPRIGHT, orientation))


def upright(bgr: Bgr, orientation: int | None) -> Bgr:
    """Return (height, width, 3) pixels turned upright; an orientation of None is upright already.

    A mask (height, width) can be turned in the same way. Stored bytes are not changed.
    """
    turn, mirror = _TURNS.get(orientation or UPRIGHT, (None, None))
    if turn is not None:
        bgr = np.asarray(cv2.rotate(bgr, turn), np.uint8)
    if mirror is not None:
        bgr = np.asarray(cv2.flip(bgr, mirror), np.uint8)
    return np.ascontiguousarray(bgr)
