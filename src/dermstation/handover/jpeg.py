"""Metadata of a JPEG: taken out without touching a pixel, and a minimal label put in.

Never decodes or re-encodes: the coded picture stays byte for byte. What the camera wrote about
owner, place, serial number, thumbnail or anything else is left behind. Pure functions on bytes.
"""

import re
import struct
from collections.abc import Iterator
from datetime import datetime

import piexif

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.handover.uk_time import uk_time
from dermstation.imaging.headers import END_OF_IMAGE, START_OF_SCAN, jpeg_segments

SOFTWARE = "dermstation"
JFIF, EXIF_OR_XMP, ICC, ADOBE, COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
ICC_SIGNATURE = b"ICC_PROFILE\0"
ADOBE_SIGNATURE = b"Adobe"
JFIF_SIGNATURE = b"JFIF\0"
# application segments that say how pixels are to be shown, and nothing of anybody
HARMLESS_SIGNATURES = {
    JFIF: (JFIF_SIGNATURE,),
    ICC: (ICC_SIGNATURE,),
    ADOBE: (ADOBE_SIGNATURE,),
}
_NEVER: tuple[bytes, ...] = ()
APPLICATION_SEGMENTS = range(0xE0, 0xF0)
_HUFFMAN_TABLE = 0xC4
_START = b"\xff\xd8"
_END = b"\xff\xd9"
_HEADER_BYTES = 4  # marker and length
_JFIF_BYTES = 18  # a JFIF segment without thumbnail, marker and length included
_JFIF_FIXED_BYTES = 16  # of which all but the thumbnail's size is kept
# the next marker after coded data: FF not followed by 00 (stuffing), RST0-7 or another FF
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Split a JPEG into its segments: the marker's second byte, and marker with all that follows.

    A start of scan carries its coded data. Ends before the end of image; what lies after that is
    not given. Raises StationError IMAGE_UNREADABLE where the bytes run out or make no sense.
    """
    try:
        yield from _walked(data)
    except (IndexError, struct.error):
        raise StationError(
            ErrorCode.IMAGE_UNREADABLE, reason="segments", size_bytes=len(data)
        ) from None


def _walked(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = len(_START)
    marker = 0
    if data[:at] != _START:
        raise IndexError(0)
    while marker != END_OF_IMAGE:
        for marker, begin, end in jpeg_segments(data, at):
            if marker == END_OF_IMAGE:
                break
            at = _coded_data_end(data, end) if marker == START_OF_SCAN else end
            if at > len(data):
                raise IndexError(at)
            yield marker, data[begin:at]


def _coded_data_end(data: bytes, begin: int) -> int:
    following = _NEXT_MARKER.search(data, begin)
    if following is None:
        raise IndexError(begin)
    return following.start()


def is_self_contained(data: bytes) -> bool:
    """Tell whether the JPEG brings its own Huffman tables, as many Motion JPEG cameras' do not.

    Raises StationError IMAGE_UNREADABLE.
    """
    return any(marker == _HUFFMAN_TABLE for marker, _ in segments(data))


def without_metadata(data: bytes) -> bytes:
    """Return the JPEG without metadata, its coded picture untouched.

    Of application segments stay: JFIF (without its thumbnail), the colour profile, and Adobe's
    colour transform, all of which say how the pixels are to be shown. Bytes after the end of the
    image (second pictures, trailers) go. Raises StationError IMAGE_UNREADABLE.
    """
    return b"".join([_START, *(kept for _, kept in _kept(data)), _END])


def icc_profile(data: bytes) -> bytes | None:
    """Return the colour profile that a JPEG carries, put together of its parts, of even length.

    Raises StationError IMAGE_UNREADABLE.
    """
    parts = sorted(
        segment[_HEADER_BYTES + len(ICC_SIGNATURE) :]
        for marker, segment in segments(data)
        if marker == ICC and segment[_HEADER_BYTES:].startswith(ICC_SIGNATURE)
    )  # each begins with its number and how many there are
    profile = b"".join(part[2:] for part in parts)
    return profile + b"\0" * (len(profile) % 2) if profile else None


def with_label(data: bytes, *, captured_at: datetime, label: str) -> bytes:
    """Return the JPEG without its metadata, with an EXIF of date, software and label alone.

    Raises StationError IMAGE_UNREADABLE.
    """
    exif = _exif(captured_at, label)
    header = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    kept = list(_kept(data))
    first = [segment for marker, segment in kept[:1] if marker == JFIF]
    rest = [segment for _, segment in kept[len(first) :]]
    return b"".join([_START, *first, header, *rest, _END])


def _kept(data: bytes) -> Iterator[tuple[int, bytes]]:
    for marker, segment in segments(data):
        body = segment[_HEADER_BYTES:]
        if marker == JFIF and body.startswith(JFIF_SIGNATURE) and len(segment) >= _JFIF_BYTES:
            yield marker, b"\xff\xe0\x00\x10" + segment[4:_JFIF_FIXED_BYTES] + b"\0\0"
        elif (marker not in APPLICATION_SEGMENTS and marker != COMMENT) or body.startswith(
            HARMLESS_SIGNATURES.get(marker, _NEVER)
        ):
            yield marker, segment


def _exif(captured_at: datetime, label: str) -> bytes:
    local = uk_time(captured_at)
    taken = local.strftime("%Y:%m:%d %H:%M:%S")
    offset = local.strftime("%z")
    tags = {
        "0th": {
            piexif.ImageIFD.ImageDescription: label.encode("ascii", "replace"),
            piexif.ImageIFD.Software: SOFTWARE,
            piexif.ImageIFD.DateTime: taken,
        },
        "Exif": {
            piexif.ExifIFD.ExifVersion: b"0232",
            piexif.ExifIFD.DateTimeOriginal: taken,
            piexif.ExifIFD.OffsetTimeOriginal: f"{offset[:3]}:{offset[3:]}",
        },
    }
    return bytes(piexif.dump(tags))
