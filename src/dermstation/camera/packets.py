"""The outer structure of JPEG and PNG bytes, without decoding a pixel. Pure functions.

Lets a packet of the camera be kept as it came, and lets a picture that is cut off or absurdly
large be refused before a decoder sees it. Markers: ITU-T T.81, annex B; PNG: ISO/IEC 15948, 11.2.
"""

from dataclasses import dataclass

MOST_PIXELS = 40_000_000
_START, _END, _SCAN, _TABLES = 0xD8, 0xD9, 0xDA, 0xC4
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BASELINE_TO_PROGRESSIVE = frozenset({0xC0, 0xC1, 0xC2})
_PNG_HEADER = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER_BYTES = 24


@dataclass(frozen=True, slots=True)
class JpegOutline:
    """Size in px, whether it brings its Huffman tables, and its length in bytes to the end mark."""

    width: int
    height: int
    has_tables: bool
    length: int


def jpeg_outline(data: bytes | memoryview) -> JpegOutline | None:
    """Read the outline of a complete JPEG; None where it is cut off, malformed or not a JPEG.

    Padding after the end mark, which some cameras send, is not counted in `length`.
    """
    if data[:2] != bytes((0xFF, _START)):
        return None
    width = height = 0
    has_tables = False
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:  # noqa: PLR2004
        marker = data[position + 1]
        if marker == 0xFF:  # noqa: PLR2004 - a fill byte
            position += 1
            continue
        if marker == _SCAN:
            end = _last_end_mark(data)
            if end < position or width == 0 or height == 0:
                return None
            return JpegOutline(width, height, has_tables, end + 2)
        if marker in _FRAME_HEADERS:
            if marker not in _BASELINE_TO_PROGRESSIVE or position + 9 > len(data):
                return None
            height = int.from_bytes(data[position + 5 : position + 7])
            width = int.from_bytes(data[position + 7 : position + 9])
        has_tables = has_tables or marker == _TABLES
        position += 2 + int.from_bytes(data[position + 2 : position + 4])
    return None


def _last_end_mark(data: bytes | memoryview) -> int:
    """Find the last end mark, nearly always at the very end; -1 where there is none."""
    mark = bytes((0xFF, _END))
    return len(data) - 2 if data[-2:] == mark else bytes(data).rfind(mark)


def png_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in px of a PNG, None where the bytes do not begin one."""
    if len(data) < _PNG_HEADER_BYTES or not data.startswith(_PNG_HEADER):
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
