"""Find where a picture slips to the side: pixels are missing in it, and the rest moved up.

Raw pixels come as one stream, row after row. If some of them are lost, what follows lies to the
side of where it belongs. The first such row fits the one above it badly, and well once it is moved
back. No edge of a scene does that: if it is level, no moving helps; if it slants, the rows around
it differ as much. So little is enough: the round edge of a lens that jumps, or some hairs, on skin
that is smooth everywhere else.

Pure functions on arrays; any thread or process.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float32]
_Doubles = NDArray[np.float64]
_Stream = NDArray[np.uint8] | _Floats

CALMED_PX = 8
_THICKNESSES = (1, 4)  # rows that are compared: one for fine detail, some of them against noise
_STEP = 4  # calmed pixels: how exactly the place is found
_AROUND = (2, 3, 4, 6, 8)  # thicknesses
_MOST_BREAKS = 6
_LEAST_BREAK, _LEAST_FIT, _LEAST_BOTH = 1.3, 2.0, 5.0  # whole pictures reach one of them at most
_LEAST_MOVED = 3  # pixels, or calmed ones: less is how an edge slants
_FAR_GAPS, _FAR_ROWS, _FAR_OFF = (4, 8), 4, 2
_FAR_FIT, _LEAST_FAR_FIT = 1.65, 0.8  # the marks of a scale reach 1.54, slanted lines 0.9
_STRIPS, _LEAST_STRIPS, _STRIP_FIT = 16, 11, 1.25  # marks and lines reach 9
_ROUNDING, _FLOOR = 1.0, 0.001  # squared grey levels


def calmed(grey: NDArray[np.uint8]) -> _Floats:
    """Return the mean of each eight pixels of a row: noise grows less, and a border does not."""
    width = grey.shape[1] // CALMED_PX
    cut = grey[:, : width * CALMED_PX].astype(np.float32)
    calm = cv2.resize(cut, (width, len(cut)), interpolation=cv2.INTER_AREA)
    return np.asarray(calm, np.float32)


def slip_rows(grey: NDArray[np.uint8], calm: _Floats) -> tuple[int, ...]:
    """Return the rows in which a picture (height, width) slips to the side; `calm` is calmed."""
    period = calm.shape[1] // _STEP * _STEP
    if period < _STRIPS * _STEP:
        return ()
    calm = np.ascontiguousarray(calm[:, :period])
    coarse = calm.reshape(-1)
    fine = np.ascontiguousarray(grey[:, : period * CALMED_PX]).reshape(-1)
    found = []
    for rows in _THICKNESSES:
        for at, strength in _breaks(coarse, period, rows):
            least = max(_LEAST_FIT, _LEAST_BOTH / strength)
            if _slips(coarse, at, period, rows, least) or _slips(
                fine, at * CALMED_PX, period * CALMED_PX, rows, least
            ):
                found.append(at // period)
    return tuple(found)


def _breaks(stream: _Floats, period: int, rows: int) -> list[tuple[int, float]]:
    """Return where the stream changes more than around from row to row, and how much more.

    A break may lie anywhere in a row: one row of changes behind that place belongs to it.
    """
    gap, margin = rows * period, (_FAR_GAPS[-1] + _FAR_ROWS) * period
    if len(stream) <= 2 * margin:
        return []
    means = _means(stream, period, rows)
    steps = period // _STEP
    squares = np.square(means[gap:] - means[:-gap]).reshape(-1, period)
    few = cv2.resize(squares, (steps, len(squares)), interpolation=cv2.INTER_AREA)
    total = np.concatenate([[0.0], np.cumsum(few, dtype=np.float64)])
    change = ((total[steps:] - total[:-steps]) / steps + _ROUNDING).astype(np.float32)
    usual = np.full_like(change, _ROUNDING)
    for away in (gap // _STEP * one for one in _AROUND):
        np.maximum(usual[away:], change[:-away], out=usual[away:])
        np.maximum(usual[:-away], change[away:], out=usual[:-away])
    strengths = change / usual
    begin, end = ((one - gap) // _STEP for one in (margin, len(stream) - margin))
    near = 2 * gap // _STEP
    found = []
    for _ in range(_MOST_BREAKS):
        place = begin + int(strengths[begin:end].argmax())
        strength = float(strengths[place])
        if strength < _LEAST_BREAK:
            break
        first = max(begin, place - near // 2)  # the largest change lies exactly at the break
        largest = first + int(change[first : min(end, place + near // 2)].argmax())
        found.append((largest * _STEP + gap, strength))
        strengths[max(0, place - near) : place + near] = 0
    return found


def _means(stream: _Floats, period: int, rows: int) -> _Floats:
    """Return at each place the mean of it and of those below it, over some rows."""
    length = len(stream) - (rows - 1) * period
    total = stream[:length].copy()
    for row in range(1, rows):
        total += stream[row * period :][:length]
    return total / np.float32(rows)


def _slips(stream: _Stream, at: int, period: int, rows: int, least: float) -> bool:
    """Return whether the rows on both sides of a place fit better if one side is moved.

    Those a little further away do so too. If they are too different for that, then at least nearly
    every part of the two rows at the place does. Marks of a scale and slanted lines end instead.
    """
    above, below = _beside(stream, at, period, rows)
    misfits = _misfits(above, below)
    moved = _LEAST_MOVED + int(misfits[_LEAST_MOVED : 1 - _LEAST_MOVED].argmin())
    if misfits[0] < least * max(misfits[moved], _FLOOR * period):
        return False
    around = np.arange(moved - _FAR_OFF, moved + _FAR_OFF + 1) % period
    far_fits = []
    for gap in _FAR_GAPS:
        far = _misfits(*_beside(stream, at, period, _FAR_ROWS, gap))
        far_fits.append(float(far[0] / max(far[around].min(), _FLOOR * period)))
    if max(far_fits) >= _FAR_FIT:
        return True
    return (
        rows == 1
        and far_fits[-1] >= _LEAST_FAR_FIT
        and _better_strips(above, below, np.roll(below, moved)) >= _LEAST_STRIPS
    )


def _better_strips(above: _Doubles, below: _Doubles, moved: _Doubles) -> int:
    """Return how many strips of a row fit the one below it better once that is moved."""
    width = len(above) // _STRIPS
    as_they_lie, once_moved = (
        np.square((above - one)[: width * _STRIPS]).reshape(_STRIPS, width).mean(axis=1)
        for one in (below, moved)
    )
    return int(np.count_nonzero(as_they_lie > _STRIP_FIT * once_moved + _ROUNDING))


def _beside(
    stream: _Stream, at: int, period: int, rows: int, gap: int = 0
) -> tuple[_Doubles, _Doubles]:
    """Return the mean of some rows above a place, and of some below it, beyond a gap."""
    above, below = (
        stream[begin : begin + rows * period].reshape(rows, period).mean(axis=0, dtype=np.float64)
        for begin in (at - (gap + rows) * period, at + gap * period)
    )
    return above, below


def _misfits(above: _Doubles, below: _Doubles) -> _Doubles:
    """Return the squared differences of two rows, by how far the second one is moved."""
    together = np.fft.irfft(np.fft.rfft(above) * np.conj(np.fft.rfft(below)), len(above))
    return np.asarray(above @ above + below @ below - 2 * together)
