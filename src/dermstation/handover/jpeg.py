"""Remove the metadata of a JPEG without touching a pixel, and add a minimal label.

Never decodes or re-encodes: the coded picture stays the same, byte for byte. Everything that the
camera wrote about owner, place, serial number and the like is removed. Pure functions on bytes.
"""

import struct
from collections.abc import Iterator
from datetime import datetime

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.handover.exif_label import exif_label
from dermstation.imaging import jpeg_segments
from dermstation.imaging.colour_space import (
    ADOBE_MARKER,
    ADOBE_SIGNATURE,
    ICC_MARKER,
    ICC_SIGNATURE,
    JFIF_MARKER,
    JFIF_SIGNATURE,
    Profile,
    is_srgb,
    profile_of,
    profile_segments,
)
from dermstation.imaging.jpeg_segments import (
    END,
    END_OF_IMAGE,
    HEADER_BYTES,
    HUFFMAN_TABLES,
    START,
    MalformedJpegError,
)
from dermstation.imaging.wholeness import is_whole

EXIF_OR_XMP, COMMENT = 0xE1, 0xFE
# application segments that only say how to show the pixels and say nothing about a person
HARMLESS_SIGNATURES = {
    JFIF_MARKER: (JFIF_SIGNATURE,),
    ICC_MARKER: (ICC_SIGNATURE,),
    ADOBE_MARKER: (ADOBE_SIGNATURE,),
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

    What says how to show the pixels is kept: JFIF (without its thumbnail), Adobe's colour
    transform, and the colour profile without its text; if only EXIF named the colours, a profile
    takes its place. Bytes after the end of the image (second pictures, trailers) are removed.
    Raises StationError IMAGE_UNREADABLE.
    """
    return _joined(data, profile_of(data))


def with_label(data: bytes, *, captured_at: datetime, label: str) -> bytes:
    """Return the JPEG with its metadata replaced by an EXIF of date, software, label and colours.

    Raises StationError IMAGE_UNREADABLE.
    """
    profile = profile_of(data)
    exif = exif_label(captured_at, label, srgb=profile is None or is_srgb(profile))
    return _joined(data, profile, b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)


def _joined(data: bytes, profile: Profile, header: bytes = b"") -> bytes:
    """Return the JPEG of what is kept, with a header and the colour profile behind that of JFIF."""
    kept = list(_kept(data))
    first = [segment for marker, segment in kept[:1] if marker == JFIF_MARKER]
    rest = [segment for _, segment in kept[len(first) :]]
    return b"".join([START, *first, header, profile_segments(profile), *rest, END])


def _kept(data: bytes) -> Iterator[tuple[int, bytes]]:
    for marker, segment in segments(data):
        body = segment[HEADER_BYTES:]
        if marker == ICC_MARKER:
            continue  # the profile is put in anew, without its text
        if (
            marker == JFIF_MARKER
            and body.startswith(JFIF_SIGNATURE)
            and len(segment) >= _JFIF_BYTES
        ):
            yield marker, b"\xff\xe0\x00\x10" + segment[HEADER_BYTES:_JFIF_FIXED_BYTES] + b"\0\0"
        elif (marker not in APPLICATION_SEGMENTS and marker != COMMENT) or body.startswith(
            HARMLESS_SIGNATURES.get(marker, _NEVER)
        ):
            yield marker, segment
