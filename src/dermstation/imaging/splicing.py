"""Find the rest of an older picture in a newer one: memory that a transfer did not fill.

Two pictures of a live camera differ everywhere, by noise if by nothing else. If a whole stretch of
the newer one is exactly the older one's while nearly everything else differs, it was left over. A
still scene without noise, or one in which only a clock moves, is not spliced: there most of it is
the same. Areas without any detail tell nothing and are not counted.

Pure functions on arrays; any thread or process.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

_Flags = NDArray[np.bool_]
_Grey = NDArray[np.uint8]

PARTS = 16  # of each row of raw pixels
_WORD = 8
_LEAST_AT_END = 4  # parts; elsewhere a whole row of them
_WHITE = np.uint64(2**64 - 1)
_LEAST_CELLS = 6
_DIFFERS_SHARE = 0.9  # of the parts of raw rows; noise changes every one
_CELLS_DIFFER_SHARE = 0.4  # of the cells; coding takes noise away
_CELL_PX = 16
_LEAST_DIFFERING_SHARE = 0.05
_EXCEPTION_COSTS = 8  # as many as that are the same for each that is not, in a stretch
_SAME_DN, _DETAIL_DN = 0.9, 1.5  # standard deviations within a cell


def row_marks(pixels: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return a number for the bytes in each sixteenth of each row: (height, 16) uint64.

    It is 0 for black and for white without any noise, which any two pictures may have in common.
    """
    rows = pixels.reshape(len(pixels), -1)
    part = rows.shape[1] // PARTS // _WORD * _WORD
    if not part:
        return np.zeros((len(rows), PARTS), np.uint64)
    words = np.ascontiguousarray(rows[:, : part * PARTS]).view(np.uint64)
    words = words.reshape(len(rows) * PARTS, -1)
    weights = _weights(words.shape[1])
    marks = words @ weights
    white = np.full((1, len(weights)), _WHITE) @ weights
    marks[marks == white[0]] = 0
    return np.asarray(marks.reshape(len(rows), PARTS), np.uint64)


@lru_cache(maxsize=4)
def _weights(count: int) -> NDArray[np.uint64]:
    odd = np.random.default_rng(1).integers(0, 2**63, count, np.uint64) * np.uint64(2)
    return np.asarray(odd + np.uint64(1), np.uint64)


def holds_rest_of(new: NDArray[np.uint64], old: NDArray[np.uint64]) -> bool:
    """Return whether rows of an older frame are left in a newer one, by their `row_marks`."""
    if new.shape != old.shape:
        return False
    same = new == old
    detailed = new != 0
    detailed[1:] &= new[1:] != new[:-1]
    if np.count_nonzero(same & detailed) < _LEAST_AT_END:
        return False
    told = same[detailed]
    stretch, rest_differs = _longest_same(told)
    at_end = bool(told[-_LEAST_AT_END:].all())
    long_enough = stretch >= (_LEAST_AT_END if at_end else PARTS)
    return long_enough and rest_differs >= max(PARTS, _DIFFERS_SHARE * (told.size - stretch))


def is_of_a_still(new: _Grey, old: _Grey) -> bool:
    """Return whether two pictures (height, width) are the same but for one part.

    Then they are of a scene without noise, and coded bytes that both have in common say nothing.
    A block may be brighter or darker throughout: blocks are coded as differences.
    """
    if new.shape != old.shape:
        return False
    change = _spread(cv2.subtract(new, old, dtype=cv2.CV_32F))
    detailed = _spread(old) > _DETAIL_DN
    same = (change <= _SAME_DN)[detailed]
    stretch, rest_differs = _longest_same(same)
    differing = same.size - int(np.count_nonzero(same))
    few = differing < max(_LEAST_CELLS, _LEAST_DIFFERING_SHARE * same.size)
    return few or rest_differs < _CELLS_DIFFER_SHARE * (same.size - stretch)


def _longest_same(same: _Flags) -> tuple[int, int]:
    """Return the length of the stretch that is most nearly the same, and what differs outside."""
    if not same.size:
        return 0, 0
    worth = np.where(same, 1, -_EXCEPTION_COSTS)
    total = np.concatenate([[0], np.cumsum(worth)])
    lowest = np.minimum.accumulate(total)
    end = int(np.argmax(total - lowest))
    begin = int(np.argmin(total[: end + 1]))
    outside = np.concatenate([same[:begin], same[end:]])
    return end - begin, int(np.count_nonzero(~outside))


def _spread(values: cv2.typing.MatLike) -> NDArray[np.float32]:
    """Return the standard deviation within each cell of 16 x 16 pixels."""
    rows, columns = (side // _CELL_PX for side in values.shape)
    cells = np.asarray(values[: rows * _CELL_PX, : columns * _CELL_PX], np.float32)
    squares = cv2.multiply(cells, cells)
    mean, mean_square = (
        cv2.resize(one, (columns, rows), interpolation=cv2.INTER_AREA) for one in (cells, squares)
    )
    return np.asarray(np.sqrt(np.maximum(mean_square - mean * mean, 0)), np.float32)
