"""Sizes of JPEG, PNG and TIFF pictures read from their headers, without decoding a pixel.

Reads only bytes it was given and trusts none of them. Pure functions; any thread or process.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from dermstation.domain.errors import ErrorCode, StationError

JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_TIFF_FORMATS = {3: "H", 4: "I"}  # SHORT and LONG, the two types TIFF 6.0 allows for sizes
_TIFF_ENTRY_BYTES = 12
# SOF0..SOF15 without DHT (C4), JPG (C8) and DAC (CC), ITU-T T.81 table B.1
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
END_OF_IMAGE = 0xD9
START_OF_SCAN = 0xDA
_USUAL_BLOCK = (16, 16)
_JPEG_LONE = frozenset({0x01, *range(0xD0, 0xD8), END_OF_IMAGE})


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """What a picture's header says of it; sizes in pixels as stored, orientation ignored."""

    media_type: str
    width: int
    height: int


def probe(data: bytes) -> ImageInfo:
    """Read kind and size from a picture's header.

    Raises StationError IMAGE_UNREADABLE for anything but a JPEG, PNG or TIFF with a size.
    """
    try:
        info = _probe(data)
    except (struct.error, IndexError):
        info = None
    if info is None or info.width < 1 or info.height < 1:
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="header", size_bytes=len(data))
    return info


def coded_block(data: bytes) -> tuple[int, int]:
    """Give width and height in px of the blocks in which a picture's pixels were coded together.

    For a JPEG the minimum coded unit of its sampling (ITU-T T.81 A.2.3); for any other kind the
    usual one of a camera, whose driver may have decoded a JPEG before it was stored.
    """
    if data[:2] != b"\xff\xd8":
        return _USUAL_BLOCK
    try:
        for marker, at, _ in jpeg_segments(data):
            if marker in _JPEG_FRAMES:
                factors = data[at + 11 : at + 10 + 3 * data[at + 9] : 3]
                across = max(one >> 4 for one in factors)
                down = max(one & 0xF for one in factors)
                return 8 * max(across, 1), 8 * max(down, 1)
    except (struct.error, IndexError, ValueError):
        pass
    raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="header", size_bytes=len(data))


def _probe(data: bytes) -> ImageInfo | None:
    if data[:2] == b"\xff\xd8":
        return _probe_jpeg(data)
    if data[:8] == _PNG_SIGNATURE and data[12:16] == b"IHDR":
        return ImageInfo(PNG, *struct.unpack_from(">II", data, 16))
    if data[:4] in (b"II*\0", b"MM\0*"):
        return _probe_tiff(data)
    return None


def _probe_jpeg(data: bytes) -> ImageInfo | None:
    for marker, at, _ in jpeg_segments(data):
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return ImageInfo(JPEG, width, height)
    return None


def jpeg_segments(data: bytes, at: int = 2) -> Iterator[tuple[int, int, int]]:
    """Walk a JPEG's marker segments up to and with the next start of scan or end of image.

    Yields the marker's second byte and the byte offsets of the segment's begin and end; for a
    start of scan the end is that of its header. Raises struct.error or IndexError where the bytes
    run out or are no segments (ITU-T T.81, annex B).
    """
    while True:
        if data[at] != 0xFF:  # noqa: PLR2004 - the byte that begins every marker
            raise IndexError(at)
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - a fill byte
            at += 1
            continue
        length = 2
        if marker not in _JPEG_LONE:
            length += max(2, struct.unpack_from(">H", data, at + 2)[0])
        yield marker, at, at + length
        if marker in (START_OF_SCAN, END_OF_IMAGE):
            return
        at += length


def _probe_tiff(data: bytes) -> ImageInfo | None:
    order = "<" if data[:2] == b"II" else ">"
    (directory,) = struct.unpack_from(f"{order}I", data, 4)
    (entries,) = struct.unpack_from(f"{order}H", data, directory)
    found = {}
    for number in range(entries):
        at = directory + 2 + number * _TIFF_ENTRY_BYTES
        tag, kind = struct.unpack_from(f"{order}HH", data, at)
        if tag in (_TIFF_WIDTH, _TIFF_HEIGHT) and kind in _TIFF_FORMATS:
            (found[tag],) = struct.unpack_from(order + _TIFF_FORMATS[kind], data, at + 8)
    if found.keys() != {_TIFF_WIDTH, _TIFF_HEIGHT}:
        return None
    return ImageInfo(TIFF, found[_TIFF_WIDTH], found[_TIFF_HEIGHT])
