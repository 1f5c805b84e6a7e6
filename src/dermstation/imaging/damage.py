"""Find what only a broken transfer does to a picture: a flat band, or a seam across all of it.

A flat band is a stretch of rows of one value (zeros, grey) into which the picture breaks off from
one row to the next. A seam is a straight, level border between two rows, over nearly the whole
width, that belongs to nothing in the scene: below it the picture is shifted, or that of another
moment. Lenses draw neither: edges of a scene are curved, slanted or spread over some rows. What is
dark, bright or without detail as a whole is not damaged; the light is judged for that.

A tear may begin in the middle of a row, or of a row of coded blocks. Pure functions on arrays; any
thread or process.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.scale import luma
from dermstation.imaging.slips import CALMED_PX, calmed, slip_rows

_Plane = NDArray[np.uint8]
_Floats = NDArray[np.float32]

_FLAT_DN = 3  # rows of one value, after a lossy coding
_LEAST_BAND_PX = 8
_FEW_COLUMNS = 15
_ROW_STEP = 4  # the least band has two such rows
_LEAST_BAND_SHARE = 0.01
_MOST_BAND_SHARE = 0.97
_LEAST_BLANK_PX = 64
_BLANK_SHARE = 0.5  # of what is blank, below pixels that are altogether different
_BREAK_DN = 12  # from one row to the next, where the picture breaks off
_BREAK_SHARE = 0.25
_BLACK_DN = 4
_BARS_DIFFER_PX = 2
_BLOCK_PX = 18  # a tear may begin within a row, or within a row of coded blocks

_STRIPS = 16
_SEAM_SHARE = 0.52  # of the strips with a picture; whole pictures reach 0.43
_SPLIT_SHARE = 0.75  # a tear from the middle of a row has more ways to be there by chance
_LEAST_STRIPS = 8
_SEAM_RATIO, _SEAM_DN = 1.3, 0.4
_MARGIN_SHARE = 0.01
_MOST_SEAMS = 12  # with more, it is a drawing
_LIT_DN, _LIT_SHARE, _CLIPPED_DN = 5.0, 0.3, 252.0
_SPLITS = (1, 8, 16)
_AROUND = (1, 2, 3, 4, 5, 8, 16, 24)
_LEAST_ROWS = 64


def is_damaged(picture: NDArray[np.uint8]) -> bool:
    """Return whether a picture, (height, width) or (height, width, 3) BGR, breaks off at a band."""
    if min(picture.shape[:2]) < _LEAST_ROWS:
        return False
    grey = luma(picture)
    return has_flat_band(grey) or has_blank_end(grey)


def seam_rows(picture: NDArray[np.uint8]) -> tuple[int, ...]:
    """Return the rows at which a seam crosses a picture, (height, width) or (height, width, 3) BGR.

    The edge of a ruler that lies level is one too: only in a single frame of many is it a tear.
    """
    if min(picture.shape[:2]) < _LEAST_ROWS:
        return ()
    grey = _without_bars(luma(picture))
    if grey.shape[1] < _STRIPS * CALMED_PX:
        return ()
    calm = calmed(grey)
    return (*_seams(calm), *slip_rows(grey, calm))


def has_flat_band(grey: _Plane) -> bool:
    """Return whether the picture breaks off at a band of rows of one value.

    Two black bars of one height, above and below, are a camera's way to fill its format.
    """
    height = grey.shape[0]
    if not _may_have_flat_rows(grey):
        return False
    highest = cv2.reduce(grey, 1, cv2.REDUCE_MAX)[:, 0].astype(np.int16)
    lowest = cv2.reduce(grey, 1, cv2.REDUCE_MIN)[:, 0].astype(np.int16)
    flat = highest - lowest <= _FLAT_DN
    if not flat.any():
        return False
    least = max(_LEAST_BAND_PX, round(_LEAST_BAND_SHARE * height))
    bands = [(top, end) for top, end in _runs(flat) if end - top >= least]
    if sum(end - top for top, end in bands) > _MOST_BAND_SHARE * height:
        return False
    if _are_bars(bands, highest):
        return False
    return any(
        _breaks_off(grey[:top][::-1], grey[top]) or _breaks_off(grey[end:], grey[end - 1])
        for top, end in bands
    )


def _may_have_flat_rows(grey: _Plane) -> bool:
    """Return whether rows in a row are of one value at a few places, which is quick."""
    columns = max(1, grey.shape[1] // _FEW_COLUMNS)
    few = np.ascontiguousarray(grey[::_ROW_STEP, ::columns].T)  # quicker to compare as rows
    flat = few.max(axis=0) - few.min(axis=0) <= _FLAT_DN
    return bool(flat.any()) and any(
        end - top >= _LEAST_BAND_PX // _ROW_STEP for top, end in _runs(flat)
    )


def _without_bars(grey: _Plane) -> _Plane:
    """Return the picture between black bars of one height above and below, or all of it."""
    highest = cv2.reduce(grey, 1, cv2.REDUCE_MAX)[:, 0].astype(np.int16)
    bands = _runs(highest <= _BLACK_DN)
    if not _are_bars(bands, highest):
        return grey
    return grey[bands[0][1] : bands[1][0]]


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where each run of True begins and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


def _are_bars(bands: list[tuple[int, int]], highest: NDArray[np.int16]) -> bool:
    if len(bands) != 2:  # noqa: PLR2004 - above and below
        return False
    (top, top_end), (bottom, end) = bands
    at_edges = top == 0 and end == len(highest)
    alike = abs((top_end - top) - (end - bottom)) <= _BARS_DIFFER_PX
    return at_edges and alike and max(highest[:top_end].max(), highest[bottom:].max()) <= _BLACK_DN


def _breaks_off(beside: _Plane, band: _Plane) -> bool:
    """Return whether the rows `beside` a band, nearest first, differ from it abruptly.

    In each column the first row counts that is altogether different from the band, if the rows
    before it are like the band. In a tear those are in one row, or in two if it begins within one;
    the edge of a lens is spread over many.
    """
    level = np.int16(np.median(band))
    near = np.abs(beside[:_BLOCK_PX].astype(np.int16) - level)
    if not len(near):
        return False
    differs = near >= _BREAK_DN
    first = np.where(differs.any(axis=0), differs.argmax(axis=0), -1)
    # a lossy coding spreads a border over two rows
    like = (near < _BREAK_DN // 2).cumsum(axis=0)
    before = np.take_along_axis(like, np.maximum(first - 2, 0)[None], axis=0)[0]
    abrupt = (first >= 0) & ((first < 2) | (before == first - 1))  # noqa: PLR2004
    counts = np.bincount(first[abrupt], minlength=_BLOCK_PX + 1) / near.shape[1]
    pairs = counts[:-1] + counts[1:]
    place = int(pairs.argmax())
    rest = pairs.copy()
    rest[max(place - 1, 0) : place + 2] = 0
    return float(pairs[place] + rest.max()) >= _BREAK_SHARE


def has_blank_end(grey: _Plane) -> bool:
    """Return whether a part of the last row is blank, below pixels of a picture.

    The rest of that row goes on with the picture. Some sensors have a last row that is all dark.
    """
    last, above = (grey[-row].astype(np.int16) for row in (1, 2))
    if np.ptp(last[-_LEAST_BLANK_PX:]) > 2 * _FLAT_DN:  # quick: it goes on to the end
        return False
    picture = np.flatnonzero(np.abs(last - last[-1]) > _FLAT_DN)
    begin = int(picture[-1]) + 1 if len(picture) else 0
    if begin == 0 or len(last) - begin < _LEAST_BLANK_PX:
        return False
    goes_on = float((np.abs(above[:begin] - last[:begin]) < _BREAK_DN).mean()) >= _BLANK_SHARE
    breaks_off = float((np.abs(above[begin:] - last[-1]) >= _BREAK_DN).mean()) >= _BLANK_SHARE
    return goes_on and breaks_off


def _seams(calm: _Floats) -> tuple[int, ...]:
    """Return the rows at which a level border of one row's height crosses most of the picture.

    The change from one row to the next is compared, strip by strip, with that of rows around it,
    among them those at other borders of coded blocks.
    """
    steps = _strips(cv2.absdiff(calm[1:], calm[:-1]))
    usual = np.zeros_like(steps)
    for rows in _AROUND:
        for moved in (_moved(steps, rows), _moved(steps, -rows)):
            np.maximum(usual, moved, out=usual)
    levels = _strips(calm)
    least = max(_LIT_DN, _LIT_SHARE * float(np.median(levels)))
    seen = (levels > least) & (levels < _CLIPPED_DN)  # neither surround nor burnt out
    lit = seen[1:] | seen[:-1]
    margin = max(1, round(_MARGIN_SHARE * len(lit)))
    lit[:margin] = lit[-margin:] = False  # sensors have odd rows at their edges
    strips = np.maximum(lit.sum(axis=1), _LEAST_STRIPS)
    hits = (steps >= _SEAM_RATIO * usual + _SEAM_DN) & lit
    needed = _SEAM_SHARE * strips
    found = np.flatnonzero(hits.sum(axis=1) >= needed)
    if len(found):
        return tuple(map(int, found)) if len(found) <= _MOST_SEAMS else ()
    # the left part of a row and the rest of one above it
    rights = hits[:, ::-1].cumsum(axis=1)[:, ::-1]
    needed = _SPLIT_SHARE * strips
    for split in _SPLITS:
        whole = hits[split:, :-1].cumsum(axis=1) + rights[:-split, 1:]
        found = np.flatnonzero(whole.max(axis=1) >= needed[:-split])
        if len(found):
            return tuple(map(int, found))
    return ()


def _strips(plane: cv2.typing.MatLike) -> _Floats:
    """Return the mean of each row of a plane, in each of 16 strips."""
    width = plane.shape[1] // _STRIPS
    cut = plane[:, : width * _STRIPS]
    means = cut.reshape(cut.shape[0], _STRIPS, width).mean(axis=2, dtype=np.float32)
    return np.asarray(means, np.float32)


def _moved(steps: _Floats, rows: int) -> _Floats:
    """Return the array moved down by some rows; what comes in repeats the edge."""
    index = np.clip(np.arange(len(steps)) - rows, 0, len(steps) - 1)
    return steps[index]
