"""The marker segments of a JPEG, walked without decoding a pixel (ITU-T T.81, annex B).

The one place that knows the structure of a JPEG. Trusts no byte: never yields anything beyond the
end of the data. Pure functions on bytes; any thread or process.
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

START = b"\xff\xd8"
END = b"\xff\xd9"
HUFFMAN_TABLES = 0xC4
QUANTISATION_TABLES = 0xDB
BASELINE = 0xC0
# SOF0..SOF15 without DHT (C4), JPG (C8) and DAC (CC), table B.1
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
BASELINE_TO_PROGRESSIVE = frozenset({0xC0, 0xC1, 0xC2})  # what cameras write; nothing arithmetic
END_OF_IMAGE = 0xD9
START_OF_SCAN = 0xDA
HEADER_BYTES = 4  # a segment's marker and length, before its content

_MARK = 0xFF  # begins every marker, and may be repeated to fill
_STUFFING = 0x00  # after _MARK: not a marker but a byte of coded data
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD8), END_OF_IMAGE})  # TEM, RST0..RST7, EOI
_INVALID = frozenset({_STUFFING, 0xD8})  # no second SOI inside a picture
_MARKER_BYTES = 2
_FRAME = struct.Struct(">BHHB")
# the next marker after coded data: FF not followed by 00 (stuffing), RST0..RST7 or another FF
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class MalformedJpegError(ValueError):
    """The data end too early or are not JPEG segments."""


class Segment(NamedTuple):
    """A marker segment, `data[begin:end]`, beginning with its marker and without fill bytes."""

    marker: int  # the marker's second byte
    begin: int
    end: int


class FrameHeader(NamedTuple):
    """The facts about a picture in its frame header; sizes in pixels."""

    bits: int
    height: int
    width: int
    components: int


def header_segments(data: bytes | memoryview) -> Iterator[Segment]:
    """Yield the segments up to and including the first start of scan (or the end of image).

    The start of scan ends where its coded data begin. Raises MalformedJpegError.
    """
    return _headers(data, _begin(data))


def segments(data: bytes | memoryview) -> Iterator[Segment]:
    """Yield all segments up to and including the end of image; what follows it is ignored.

    A start of scan includes its coded data and restart markers. Raises MalformedJpegError.
    """
    at = _begin(data)
    marker = START_OF_SCAN
    while marker == START_OF_SCAN:
        for marker, begin, end in _headers(data, at):
            at = _coded_data_end(data, end) if marker == START_OF_SCAN else end
            yield Segment(marker, begin, at)


def frame_of(data: bytes | memoryview, segment: Segment) -> FrameHeader:
    """Return the frame header of a segment with a marker in FRAMES. Raises MalformedJpegError."""
    at = segment.begin + HEADER_BYTES
    if at + _FRAME.size > segment.end:
        raise MalformedJpegError("frame header cut short")
    return FrameHeader(*_FRAME.unpack_from(data, at))


def sampling_of(data: bytes | memoryview, segment: Segment) -> tuple[int, int]:
    """Return the largest sampling factors, across and down, of a segment in FRAMES.

    Raises MalformedJpegError.
    """
    first = segment.begin + HEADER_BYTES + _FRAME.size
    end = first + 3 * frame_of(data, segment).components  # id, factors, table
    factors = data[first + 1 : end : 3]
    if not factors or end > segment.end:
        raise MalformedJpegError("frame header cut short")
    return max(one >> 4 for one in factors), max(one & 0xF for one in factors)


def quantisation_of(data: bytes | memoryview) -> bytes:
    """Return the segments that say how coarsely a picture was coded, b"" if they are malformed.

    With the same ones, more detail takes more bytes.
    """
    try:
        found = [one for one in header_segments(data) if one.marker == QUANTISATION_TABLES]
    except MalformedJpegError:
        return b""
    return b"".join(bytes(data[one.begin : one.end]) for one in found)


def component_names(data: bytes | memoryview, segment: Segment) -> bytes:
    """Return the byte that names each colour component of a segment in FRAMES.

    Raises MalformedJpegError.
    """
    first = segment.begin + HEADER_BYTES + _FRAME.size
    end = first + 3 * frame_of(data, segment).components  # id, factors, table
    if end > segment.end:
        raise MalformedJpegError("frame header cut short")
    return bytes(data[first:end:3])


def _begin(data: bytes | memoryview) -> int:
    if data[: len(START)] != START:
        raise MalformedJpegError("no start of image")
    return len(START)


def _headers(data: bytes | memoryview, at: int) -> Iterator[Segment]:
    """Yield the segments from a marker up to and including the next start of scan or image end."""
    marker = 0
    while marker not in (START_OF_SCAN, END_OF_IMAGE):
        while data[at : at + _MARKER_BYTES] == b"\xff\xff":
            at += 1  # a fill byte
        if at + _MARKER_BYTES > len(data) or data[at] != _MARK or data[at + 1] in _INVALID:
            raise MalformedJpegError("no marker")
        marker = data[at + 1]
        end = at + _MARKER_BYTES
        if marker not in _NO_LENGTH:
            # the length includes its own two bytes; a smaller one is read as decoders read it
            end += max(2, int.from_bytes(data[end : end + 2]))
        if end > len(data):
            raise MalformedJpegError("segment cut short")
        yield Segment(marker, at, end)
        at = end


def _coded_data_end(data: bytes | memoryview, begin: int) -> int:
    following = _NEXT_MARKER.search(data, begin)
    if following is None:
        raise MalformedJpegError("coded data without an end")
    return following.start()
