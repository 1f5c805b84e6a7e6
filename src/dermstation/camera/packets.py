"""The outline of JPEG and PNG bytes, without decoding a pixel. Pure functions.

Makes it possible to keep a camera's packet unchanged, and to refuse a picture that is cut off or
absurdly large before a decoder sees it. PNG: ISO/IEC 15948, 11.2.
"""

from dataclasses import dataclass

from dermstation.imaging.jpeg_segments import (
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
    """Size in px, whether it includes Huffman tables, and length in bytes up to the end mark."""

    width: int
    height: int
    has_tables: bool
    length: int


def jpeg_outline(data: bytes | memoryview) -> JpegOutline | None:
    """Return the outline of a complete JPEG, or None if it is cut off, malformed or not a JPEG.

    Padding after the end mark, which some cameras send, is not counted in `length`.
    """
    try:
        return _outline(data)
    except MalformedJpegError:
        return None


def _outline(data: bytes | memoryview) -> JpegOutline | None:
    width = height = 0
    has_tables = False
    for segment in header_segments(data):
        if segment.marker in FRAMES:
            if segment.marker not in BASELINE_TO_PROGRESSIVE:
                return None
            _, height, width, _ = frame_of(data, segment)
        elif segment.marker == HUFFMAN_TABLES:
            has_tables = True
        elif segment.marker == START_OF_SCAN:
            end = _last_end_mark(data)
            if end >= segment.end and width and height:
                return JpegOutline(width, height, has_tables, end + len(END))
    return None


def _last_end_mark(data: bytes | memoryview) -> int:
    """Return the place of the last end mark, nearly always at the very end; -1 if there is none."""
    return len(data) - len(END) if data[-len(END) :] == END else bytes(data).rfind(END)


def png_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in px of a PNG, or None if the bytes do not begin like one."""
    if len(data) < _PNG_HEADER_BYTES or not data.startswith(_PNG_HEADER):
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
