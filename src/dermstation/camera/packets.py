"""The outline of JPEG and PNG bytes, without decoding a pixel. Pure functions.

Makes it possible to keep a camera's packet unchanged, and to refuse a picture that is absurdly
large before a decoder sees it. PNG: ISO/IEC 15948, 11.2.
"""

from dataclasses import dataclass

import numpy as np

from dermstation.imaging.huffman_tables import with_tables
from dermstation.imaging.jpeg_segments import (
    BASELINE,
    BASELINE_TO_PROGRESSIVE,
    END,
    FRAMES,
    HUFFMAN_TABLES,
    START_OF_SCAN,
    MalformedJpegError,
    frame_of,
    header_segments,
)

MOST_PIXELS = 40_000_000
_PNG_HEADER = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER_BYTES = 24


@dataclass(frozen=True, slots=True)
class JpegOutline:
    """Size in px, whether it includes Huffman tables and an end mark, and places in its bytes.

    Its coded data begin at `coded_at`. `length` is the number of bytes up to the end mark.
    """

    width: int
    height: int
    has_tables: bool
    has_end: bool
    coded_at: int
    length: int

    @property
    def is_self_contained(self) -> bool:
        """Return whether `self_contained` adds nothing, so that this is still its outline."""
        return self.has_tables and self.has_end


def jpeg_outline(data: bytes | memoryview) -> JpegOutline | None:
    """Return what the headers of a JPEG say, or None if they are cut off, malformed or no JPEG.

    Padding after the end mark, which some cameras send, is not counted in `length`. Whether the
    coded data fill the picture is not looked at: `imaging.wholeness` does that.
    """
    try:
        return _outline(bytes(data))
    except MalformedJpegError:
        return None


def _outline(data: bytes) -> JpegOutline | None:
    width = height = 0
    has_tables = is_baseline = False
    for segment in header_segments(data):
        if segment.marker in FRAMES:
            if segment.marker not in BASELINE_TO_PROGRESSIVE:
                return None
            _, height, width, _ = frame_of(data, segment)
            is_baseline = segment.marker == BASELINE
        elif segment.marker == HUFFMAN_TABLES:
            has_tables = True
        elif segment.marker == START_OF_SCAN and width and height:
            # coded data hold no end mark; what lies between the scans of other kinds may
            end = _first_end(data, segment.end) if is_baseline else data.rfind(END, segment.end)
            length = end + len(END) if end >= 0 else len(data)
            return JpegOutline(width, height, has_tables, end >= 0, segment.end, length)
    return None


def _first_end(data: bytes, begin: int) -> int:
    """Return the place of the first end mark from `begin` on, or -1: as `find` does, but sooner."""
    if begin + len(END) > len(data):
        return -1
    coded = np.frombuffer(data, np.uint8, offset=begin)
    ends = (coded[:-1] == END[0]) & (coded[1:] == END[1])
    first = int(ends.argmax())
    return begin + first if ends[first] else -1


def self_contained(data: bytes, outline: JpegOutline) -> bytes:
    """Return a packet up to its end mark, with the standard tables and the mark if missing.

    Without them it would not be a picture to most programs. No coded byte is changed.
    """
    packet = data[: outline.length]
    packet = packet if outline.has_tables else with_tables(packet)
    return packet if outline.has_end else packet + END


def png_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in px of a PNG, or None if the bytes do not begin like one."""
    if len(data) < _PNG_HEADER_BYTES or not data.startswith(_PNG_HEADER):
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
