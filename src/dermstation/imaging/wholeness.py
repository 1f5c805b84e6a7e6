"""Decode a JPEG only if its coded data fill the whole picture, whatever else a decoder may remark.

A decoder fills what is missing with grey, or with what follows, and at most warns. Here a warning
counts, unless it is one of the harmless remarks below; those are taken out of a copy first, and the
copy must then be decoded without a warning.

Harmless: padding before a marker (zeros, fill bytes, and a few stray bytes), no end mark although
all data are there, anything after the end mark, no Huffman tables (the standard ones are meant), a
wrong version of JFIF, a spectral selection that means nothing in a sequential picture.

Pure functions on bytes; any thread or process.
"""

import re
from dataclasses import dataclass

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from dermstation.imaging.jpeg_layout import (
    PROGRESSIVE,
    Layout,
    components_of,
    head_of,
    scans_of,
)
from dermstation.imaging.jpeg_mending import RESTARTS, SEQUENTIAL, mended_copy
from dermstation.imaging.jpeg_segments import (
    END,
    HEADER_BYTES,
    START_OF_SCAN,
    MalformedJpegError,
    segments,
)

_COEFFICIENTS = 64
_FOUR_COLOURS = 4
_REDUCTION = 8
_LARGEST_SIDE = 65_500  # of libjpeg

# No encoder writes so many zeros inside its data, unless its shortest code says "nothing here".
_GAP = bytes(10)
_STRAY_BYTES = 4  # before a marker: some cameras' habit
_STRAY = re.compile(r"(\d+) extraneous bytes before marker")


def is_whole(data: bytes) -> bool:
    """Return whether the coded data of a JPEG fill its whole picture."""
    try:
        layout = head_of(data)
        width, height = (-(-side // _REDUCTION) for side in (layout.width, layout.height))
        colours = "CMYK" if layout.components == _FOUR_COLOURS else "BGR"
        picture = _picture(data, layout, _Wanted(colours, width, height))
    except MalformedJpegError:
        return False
    return picture is not None


def whole_picture(
    data: bytes, least_width: int = 0, least_height: int = 0, colours: str = "BGR"
) -> NDArray[np.uint8] | None:
    """Decode a JPEG, at a reduced size not below the given one; None if it is not whole.

    `colours` is BGR, BGRX or GRAY. A picture in four colours gives None too.
    """
    try:
        return _picture(data, head_of(data), _Wanted(colours, least_width, least_height))
    except MalformedJpegError:
        return None


@dataclass(frozen=True, slots=True)
class _Wanted:
    colours: str
    width: int
    height: int


def _picture(data: bytes, layout: Layout, wanted: _Wanted) -> NDArray[np.uint8] | None:
    """Decode the picture if it is whole. Raises MalformedJpegError."""
    picture, _ = _decoded(data, wanted)
    if not layout.is_simple:
        if picture is None:
            data = mended_copy(data, layout)
            picture, _ = _decoded(data, wanted)
        return picture if picture is not None and _has_all_scans(data, layout) else None
    if picture is not None and not _has_gap(data, layout):
        return picture
    mended = mended_copy(data, layout)
    coded = mended[head_of(mended).scan.end : -len(END)]
    if _GAP in coded and not layout.blank_code:
        return None
    picture, remark = _decoded(mended, wanted)
    if picture is None and _STRAY.search(remark) and _fills_intervals(mended, remark, layout):
        picture, _ = _decoded(mended, wanted, strict=False)
    return picture


def _decoded(
    data: bytes, wanted: _Wanted, *, strict: bool = True
) -> tuple[NDArray[np.uint8] | None, str]:
    """Return the picture, or None and the decoder's first remark."""
    try:
        picture = simplejpeg.decode_jpeg(
            data,
            wanted.colours,
            min_width=wanted.width,
            min_height=wanted.height,
            strict=strict,
        )
    except ValueError as remark:
        return None, str(remark)
    return np.asarray(picture, np.uint8), ""


def _is_stray(remark: str) -> bool:
    """Return whether a decoder found nothing worse than a few bytes too many before a marker."""
    found = _STRAY.search(remark)
    return found is not None and int(found[1]) <= _STRAY_BYTES


def _has_gap(data: bytes, layout: Layout) -> bool:
    """Return whether a stretch of zeros lies in the coded data of a simple picture."""
    begin = layout.scan.end
    if layout.blank_code or data.find(_GAP, begin, data.rfind(END)) < 0:
        return False
    end = next(one.end for one in segments(data) if one.marker == START_OF_SCAN)
    return data.find(_GAP, begin, end) >= 0


def _has_all_scans(data: bytes, layout: Layout) -> bool:
    """Return whether the scans give every coefficient of every component in full precision.

    Raises MalformedJpegError.
    """
    components = components_of(data, layout.frame, layout.header)
    missing = {one[0]: set(range(_COEFFICIENTS)) for one in components}
    for scan in scans_of(data, list(segments(data))):
        header = data[scan.begin + HEADER_BYTES : scan.end]
        first, last, precision = header[-3:]
        if layout.frame.marker != PROGRESSIVE:
            first, last, precision = SEQUENTIAL
        if precision & 0xF == 0:
            for component in header[1 : 1 + 2 * header[0] : 2]:
                missing.get(component, set()).difference_update(range(first, last + 1))
    return not any(missing.values())


def _fills_intervals(data: bytes, remark: str, layout: Layout) -> bool:
    """Return whether each interval between restart markers gives all of its units.

    Each is decoded as a picture of its own: of several remarks a decoder tells only the first.
    """
    pieces = RESTARTS.split(data[head_of(data).scan.end : -len(END)])
    numbers = [marker[1] & 7 for marker in pieces[1::2]]
    across, down = layout.mcu
    units = -(-layout.width // across) * -(-layout.height // down)
    interval = layout.restart_interval or units
    if numbers != [place % 8 for place in range(-(-units // interval) - 1)]:
        return False
    if len(numbers) == 0:
        return _is_stray(remark)  # one marker, one remark
    last = units - interval * len(numbers)
    counts = [*[interval] * len(numbers), last]
    return all(
        _fills(data, piece, count, layout) for piece, count in zip(pieces[::2], counts, strict=True)
    )


def _fills(data: bytes, piece: bytes, count: int, layout: Layout) -> bool:
    across, down = layout.mcu
    if count * down > _LARGEST_SIDE:
        return False
    head = head_of(data)
    at = head.frame.begin + HEADER_BYTES + 1
    size = (count * down).to_bytes(2) + across.to_bytes(2)
    alone = data[:at] + size + data[at + 4 : head.scan.end] + piece + END
    picture, remark = _decoded(alone, _Wanted("GRAY", 1, 1))
    return picture is not None or _is_stray(remark)
