"""Detect a ruler in a picture by its ticks, which repeat more regularly than anything on skin.

Reads no numbers and measures no lengths: the pitch is in pixels of the small picture, and it is
not known whether the ticks are millimetres. Pure functions on arrays; any thread or process.

Ticks form a comb: the spectrum of a small window has energy at their pitch and at half of it, but
none in between. Hair, furrows and edges fill the spectrum along a line, without a gap.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.scale import Grey
from dermstation.imaging.tiles import Floats

_WINDOW_PX = 64
_STRIDE_PX = 32
_MOST_WINDOWS = 8  # those with the most contrast
_LEAST_CYCLES, _MOST_CYCLES = 4.7, 15.9  # in a window: a pitch of 4 to 13.6 px
_BY = 4  # slow changes are smoothed on a picture reduced by this factor
_SMOOTH_PX = 4.0  # sigma of a Gaussian; slower changes are shading, lesions and folds
_EVEN_PX = 9.0  # sigma of the Gaussian over which contrast is evened out
_LEAST_CONTRAST_DN = 2.0
_AROUND = 15  # side, in bins, of the area whose mean a peak is compared with
_HALF_WINDOW = _WINDOW_PX // 2
_NEXT_DOOR = np.ones((3, 3), np.uint8)
_GAP_SHARE = 0.8
_LEAST_POWER = 6.0  # a hundredth of a window's mean, as flat paper has no noise to compare with


@dataclass(frozen=True, slots=True)
class Ruler:
    """The ruler that was found.

    `strength` is the natural logarithm of how far the peaks of the ticks stand out. `pitch_px` is
    the distance between ticks in the given grey picture. Both are 0 if the picture is too small.
    """

    strength: float
    pitch_px: float


NO_RULER = Ruler(0.0, 0.0)


def find_ruler(small: Grey) -> Ruler:
    """Look for ticks in a grey picture with a long side of at most about 400 px."""
    if min(small.shape) < _WINDOW_PX:
        return NO_RULER
    standing_out = _standing_out(_windows(small))
    size = standing_out.shape[1:]
    stacked = standing_out.reshape(-1, size[1])
    # with a pitch between bins, the peak at double the frequency may be in the next bin
    largest = np.asarray(cv2.dilate(stacked, _NEXT_DOOR)).reshape(-1, *size)
    at_pitch = standing_out[:, _ROWS, _COLUMNS]
    at_half = largest[:, _HALF_ROWS, _HALF_COLUMNS]
    between = largest[:, _GAP_ROWS, _GAP_COLUMNS]
    both = (np.minimum(at_pitch, at_half) + (at_pitch + at_half) / 2) / 2
    strength = both - _GAP_SHARE * np.maximum(between, 0)
    best = int(strength.argmax())
    return Ruler(max(0.0, float(strength.flat[best])), float(_PITCHES[best % len(_PITCHES)]))


def _windows(small: Grey) -> Floats:
    """Return tapered windows of the picture with evened-out contrast: (n, 64, 64)."""
    height, width = small.shape
    shading = cv2.GaussianBlur(_quartered(small), (0, 0), _SMOOTH_PX / _BY)
    grey = small.astype(np.float32)
    detail = cv2.subtract(grey, _enlarged(shading, small))
    around = _quartered(cv2.multiply(detail, detail))
    variance = np.asarray(cv2.GaussianBlur(around, (0, 0), _EVEN_PX / _BY), np.float32)
    gain = _enlarged(1 / (np.sqrt(variance) + _LEAST_CONTRAST_DN), small)
    contrast = cv2.blur(around, (_WINDOW_PX // _BY, _WINDOW_PX // _BY))
    corners = [(top, left) for top in _starts(height) for left in _starts(width)]
    middles = (np.array(corners) + _HALF_WINDOW) // _BY
    middles = np.minimum(middles, np.array(contrast.shape) - 1)
    order = np.argsort(-contrast[middles[:, 0], middles[:, 1]], kind="stable")
    chosen = order[:_MOST_WINDOWS]
    windows = np.empty((len(chosen), _WINDOW_PX, _WINDOW_PX), np.float32)
    for window, (top, left) in zip(windows, (corners[one] for one in chosen.tolist()), strict=True):
        place = np.s_[top : top + _WINDOW_PX, left : left + _WINDOW_PX]
        np.multiply(detail[place], gain[place], out=window)
    windows *= _TAPER
    return windows


def _quartered(picture: cv2.typing.MatLike) -> Floats:
    """Average over 4 x 4 pixels, which is enough to see slow changes."""
    height, width = picture.shape  # whole cells make it five times as fast
    picture = picture[: height // _BY * _BY, : width // _BY * _BY]
    for _ in range(_BY.bit_length() - 1):
        size = (picture.shape[1] // 2, picture.shape[0] // 2)
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(picture, np.float32)


def _enlarged(slow: cv2.typing.MatLike, small: Grey) -> Floats:
    size = (small.shape[1], small.shape[0])
    return np.asarray(cv2.resize(slow, size, interpolation=cv2.INTER_LINEAR), np.float32)


@lru_cache(maxsize=8)  # the live view needs the same one ten times a second
def _starts(side: int) -> tuple[int, ...]:
    count = max(1, round((side - _WINDOW_PX) / _STRIDE_PX) + 1)
    places = np.linspace(0, side - _WINDOW_PX, count).tolist()
    return tuple(sorted({round(start) for start in places}))


def _standing_out(windows: Floats) -> Floats:
    """Return the log power minus that around it: (n, 64, 33), frequencies -32..31 and 0..32."""
    power = np.fft.fftshift(_log_power(windows), axes=1)
    # windows are stacked for a single call, so their last rows include a little of the next window
    stacked = power.reshape(-1, power.shape[2])
    around = cv2.blur(stacked, (_AROUND, _AROUND))
    return np.asarray(stacked - around, np.float32).reshape(power.shape)


def _log_power(windows: Floats) -> Floats:
    """Return the log power of windows: (n, 64, 33), frequencies 0..31, -32..-1 and 0..32.

    All rows are transformed by one call, then all columns, in two thirds of the time of one call
    for each window.
    """
    count, side, _ = windows.shape
    across = cv2.dft(windows.reshape(-1, side), flags=cv2.DFT_ROWS | cv2.DFT_COMPLEX_OUTPUT)
    half = np.asarray(across).reshape(count, side, side, 2)[:, :, : side // 2 + 1]
    columns = np.ascontiguousarray(half.transpose(0, 2, 1, 3)).reshape(-1, side, 2)
    squares = np.square(np.asarray(cv2.dft(columns, flags=cv2.DFT_ROWS)))
    power = cv2.log(squares[..., 0] + squares[..., 1] + np.float32(_LEAST_POWER))
    return np.asarray(power, np.float32).reshape(count, -1, side).transpose(0, 2, 1)


def _taper() -> Floats:
    return np.outer(np.hanning(_WINDOW_PX), np.hanning(_WINDOW_PX)).astype(np.float32)


def _frequencies() -> NDArray[np.intp]:
    """Return the integer frequencies (down, across) of ticks, one of each opposite pair."""
    reach = int(_MOST_CYCLES) + 1
    down, across = np.mgrid[-reach : reach + 1, 0 : reach + 1].reshape(2, -1)
    size = np.hypot(down, across)
    kept = (size >= _LEAST_CYCLES) & (size <= _MOST_CYCLES) & ((across > 0) | (down > 0))
    return np.stack([down[kept], across[kept]])


_TAPER = _taper()
_ROWS, _COLUMNS = _frequencies()
_PITCHES = _WINDOW_PX / np.hypot(_ROWS, _COLUMNS)
_HALF_ROWS, _HALF_COLUMNS = 2 * _ROWS + _HALF_WINDOW, 2 * _COLUMNS
_GAP_ROWS = np.rint(1.5 * _ROWS).astype(np.intp) + _HALF_WINDOW
_GAP_COLUMNS = np.rint(1.5 * _COLUMNS).astype(np.intp)
_ROWS = _ROWS + _HALF_WINDOW
