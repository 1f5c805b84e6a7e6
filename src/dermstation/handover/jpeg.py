"""Metadata of a JPEG: taken out without touching a pixel, and a minimal label put in.

Never decodes or re-encodes: the coded picture stays byte for byte. What the camera wrote about
owner, place, serial number, thumbnail or anything else is left behind. Pure functions on bytes.
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
_JFIF_BYTES = 18  # a JFIF segment without thumbnail, marker and length included
_JFIF_FIXED_BYTES = 16  # of which all but the thumbnail's size is kept


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Split a JPEG into its segments: the marker's second byte, and marker with all that follows.

    A start of scan carries its coded data. Ends before the end of image and leaves out what
    follows it. Raises StationError IMAGE_UNREADABLE if the bytes run out or make no sense.
    """
    try:
        for marker, begin, end in jpeg_segments.segments(data):
            if marker != END_OF_IMAGE:
                yield marker, data[begin:end]
    except MalformedJpegError:
        raise StationError(
            ErrorCode.IMAGE_UNREADABLE, reason="segments", size_bytes=len(data)
        ) from None


def is_self_contained(data: bytes) -> bool:
    """Return whether the JPEG brings its own Huffman tables, as many Motion JPEG cameras' do not.

    Raises StationError IMAGE_UNREADABLE.
    """
    return any(marker == HUFFMAN_TABLES for marker, _ in segments(data))


def without_metadata(data: bytes) -> bytes:
    """Return the JPEG without metadata, its coded picture untouched.

    Of application segments stay: JFIF (without its thumbnail), the colour profile, and Adobe's
    colour transform, all of which say how the pixels are to be shown. Bytes after the end of the
    image (second pictures, trailers) go. Raises StationError IMAGE_UNREADABLE.
    """
    return b"".join([START, *(kept for _, kept in _kept(data)), END])


def icc_profile(data: bytes) -> bytes | None:
    """Return the colour profile that a JPEG carries, its parts joined, padded to an even length.

    Raises StationError IMAGE_UNREADABLE.
    """
    parts = sorted(
        segment[HEADER_BYTES + len(ICC_SIGNATURE) :]
        for marker, segment in segments(data)
        if marker == ICC and segment[HEADER_BYTES:].startswith(ICC_SIGNATURE)
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
