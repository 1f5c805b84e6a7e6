"""Remove the metadata of a JPEG without touching a pixel, and add a minimal label.

Never decodes or re-encodes: the coded picture stays the same, byte for byte. Everything that the
camera wrote about owner, place, serial number and the like is removed. Pure functions on bytes.
"""

import struct
from collections.abc import Iterator
from datetime import datetime

import piexif

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.handover.uk_time import uk_time
from dermstation.imaging import jpeg_segments
from dermstation.imaging.jpeg_segments import (
    END,
    END_OF_IMAGE,
    HEADER_BYTES,
    HUFFMAN_TABLES,
    START,
    MalformedJpegError,
)
from dermstation.imaging.wholeness import is_whole

SOFTWARE = "dermstation"
JFIF, EXIF_OR_XMP, ICC, ADOBE, COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
ICC_SIGNATURE = b"ICC_PROFILE\0"
ADOBE_SIGNATURE = b"Adobe"
JFIF_SIGNATURE = b"JFIF\0"
# application segments that only say how to show the pixels and say nothing about a person
HARMLESS_SIGNATURES = {
    JFIF: (JFIF_SIGNATURE,),
    ICC: (ICC_SIGNATURE,),
    ADOBE: (ADOBE_SIGNATURE,),
}
_NEVER: tuple[bytes, ...] = ()
APPLICATION_SEGMENTS = range(0xE0, 0xF0)
_JFIF_BYTES = 18  # a JFIF segment without thumbnail, marker and length included
_JFIF_FIXED_BYTES = 16  # the part that is kept: all but the thumbnail's size


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each segment of a JPEG: the marker's second byte, and the bytes including the marker.

    A start of scan includes its coded data. The end of image and anything after it are left out.
    Raises StationError IMAGE_UNREADABLE if the bytes run out or make no sense.
    """
    try:
        found = list(jpeg_segments.segments(data))
    except MalformedJpegError:
        if not is_whole(data):
            raise StationError(
                ErrorCode.IMAGE_UNREADABLE, reason="segments", size_bytes=len(data)
            ) from None
        found = list(jpeg_segments.segments(data + END))  # nothing but the end mark is missing
    for marker, begin, end in found:
        if marker != END_OF_IMAGE:
            yield marker, data[begin:end]


def is_self_contained(data: bytes) -> bool:
    """Return whether the JPEG has its own Huffman tables; those of many MJPEG cameras do not.

    Raises StationError IMAGE_UNREADABLE.
    """
    return any(marker == HUFFMAN_TABLES for marker, _ in segments(data))


def without_metadata(data: bytes) -> bytes:
    """Return the JPEG without metadata, its coded picture untouched.

    Three application segments are kept, because they say how to show the pixels: JFIF (without its
    thumbnail), the colour profile, and Adobe's colour transform. Bytes after the end of the image
    (second pictures, trailers) are removed. Raises StationError IMAGE_UNREADABLE.
    """
    return b"".join([START, *(kept for _, kept in _kept(data)), END])


def icc_profile(data: bytes) -> bytes | None:
    """Return a JPEG's colour profile, joined and padded to an even length, or None if it has none.

    Raises StationError IMAGE_UNREADABLE.
    """
    parts = sorted(
        segment[HEADER_BYTES + len(ICC_SIGNATURE) :]
        for marker, segment in segments(data)
        if marker == ICC and segment[HEADER_BYTES:].startswith(ICC_SIGNATURE)
    )  # each part begins with its number and the number of parts
    profile = b"".join(part[2:] for part in parts)
    return profile + b"\0" * (len(profile) % 2) if profile else None


def with_label(data: bytes, *, captured_at: datetime, label: str) -> bytes:
    """Return the JPEG with its metadata replaced by an EXIF of only date, software and label.

    Raises StationError IMAGE_UNREADABLE.
    """
    exif = _exif(captured_at, label)
    header = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    kept = list(_kept(data))
    first = [segment for marker, segment in kept[:1] if marker == JFIF]
    rest = [segment for _, segment in kept[len(first) :]]
    return b"".join([START, *first, header, *rest, END])


def _kept(data: bytes) -> Iterator[tuple[int, bytes]]:
    for marker, segment in segments(data):
        body = segment[HEADER_BYTES:]
        if marker == JFIF and body.startswith(JFIF_SIGNATURE) and len(segment) >= _JFIF_BYTES:
            yield marker, b"\xff\xe0\x00\x10" + segment[HEADER_BYTES:_JFIF_FIXED_BYTES] + b"\0\0"
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
