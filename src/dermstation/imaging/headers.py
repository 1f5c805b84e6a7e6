"""Read the sizes of JPEG, PNG and TIFF pictures from their headers, without decoding a pixel.

Works only on the given bytes and trusts none of them. Pure functions; any thread or process.
"""

import struct
from dataclasses import dataclass

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.imaging.jpeg_segments import (
    FRAMES,
    START,
    MalformedJpegError,
    frame_of,
    header_segments,
    sampling_of,
)

JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_TIFF_FORMATS = {3: "H", 4: "I"}  # SHORT and LONG, the two types TIFF 6.0 allows for sizes
_TIFF_ENTRY_BYTES = 12
_USUAL_BLOCK = (16, 16)


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """The facts in a picture's header; sizes in pixels as stored, ignoring orientation."""

    media_type: str
    width: int
    height: int


def probe(data: bytes) -> ImageInfo:
    """Return the kind and size from a picture's header.

    Raises StationError IMAGE_UNREADABLE for anything but a JPEG, PNG or TIFF with a size.
    """
    try:
        info = _probe(data)
    except (MalformedJpegError, struct.error):
        info = None
    if info is None or info.width < 1 or info.height < 1:
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="header", size_bytes=len(data))
    return info


def coded_block(data: bytes) -> tuple[int, int]:
    """Return the width and height in px of the blocks in which the picture's pixels were coded.

    For a JPEG this is the minimum coded unit of its sampling (ITU-T T.81, A.2.3). For any other
    kind it is the usual block of a camera, because a driver may have decoded a JPEG beforehand.
    Raises StationError IMAGE_UNREADABLE.
    """
    if data[:2] != START:
        return _USUAL_BLOCK
    try:
        for segment in header_segments(data):
            if segment.marker in FRAMES:
                across, down = sampling_of(data, segment)
                return 8 * max(across, 1), 8 * max(down, 1)
    except MalformedJpegError:
        pass
    raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="header", size_bytes=len(data))


def _probe(data: bytes) -> ImageInfo | None:
    if data[:2] == START:
        return _probe_jpeg(data)
    if data[:8] == _PNG_SIGNATURE and data[12:16] == b"IHDR":
        return ImageInfo(PNG, *struct.unpack_from(">II", data, 16))
    if data[:4] in (b"II*\0", b"MM\0*"):
        return _probe_tiff(data)
    return None


def _probe_jpeg(data: bytes) -> ImageInfo | None:
    for segment in header_segments(data):
        if segment.marker in FRAMES:
            frame = frame_of(data, segment)
            return ImageInfo(JPEG, frame.width, frame.height)
    return None


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
