"""Take out of a copy of a JPEG what decoders remark on and what changes no pixel.

The copy is for decoding only; what is stored are the camera's own bytes. Pure functions on bytes;
any thread or process.
"""

import re

from dermstation.imaging.jpeg_layout import Layout, scans_of
from dermstation.imaging.jpeg_segments import (
    END,
    HEADER_BYTES,
    START,
    START_OF_SCAN,
    MalformedJpegError,
    segments,
)

RESTARTS = re.compile(rb"(\xff[\xd0-\xd7])")
SEQUENTIAL = b"\x00\x3f\x00"  # the end of a scan's header: the whole spectrum, full precision
_JFIF, _ADOBE = b"JFIF\0", b"Adobe"
_JFIF_VERSION = b"\1\1"
_LEFT_OUT = frozenset({*range(0xE0, 0xF0), 0xFE})  # application data and comments
_MARK = 0xFF
_DATA_ZEROS = 3  # at the end of coded data, at most


def mended_copy(data: bytes, layout: Layout) -> bytes:
    """Return a copy without what decoders remark on and what changes no pixel.

    Raises MalformedJpegError.
    """
    try:
        parts = list(segments(data))
    except MalformedJpegError:
        # without an end mark; memory that was reserved for the packet may follow as zeros
        data = _trimmed(data) + END
        parts = list(segments(data))
    copied = [START]
    scans = scans_of(data, parts)
    for part in parts:
        body = data[part.begin : part.end]
        if part.marker == START_OF_SCAN:
            header = data[part.begin : next(scans).end]
            if layout.is_simple:
                header = header[: -len(SEQUENTIAL)] + SEQUENTIAL
            copied.append(header + _without_padding(body[len(header) :]))
        elif part.marker not in _LEFT_OUT:
            copied.append(body)
        elif body.startswith(_JFIF, HEADER_BYTES):
            at = HEADER_BYTES + len(_JFIF)
            copied.append(body[:at] + _JFIF_VERSION + body[at + len(_JFIF_VERSION) :])
        elif body.startswith(_ADOBE, HEADER_BYTES):  # says what the colours are
            copied.append(body)
    return b"".join(copied)


def _without_padding(coded: bytes) -> bytes:
    """Return coded data without what lies between them and each restart marker, and at the end."""
    pieces = RESTARTS.split(coded)
    pieces[::2] = [_trimmed(piece) for piece in pieces[::2]]
    return b"".join(pieces)


def _trimmed(piece: bytes) -> bytes:
    """Return coded data without the fill bytes and all but a few of the zeros at their end.

    A few zeros may be data. If they are not, they are stray bytes.
    """
    filled = piece.rstrip(b"\xff")
    kept = len(filled.rstrip(b"\0"))
    stuffing = kept > 0 and filled[kept - 1] == _MARK
    return filled[: kept + stuffing + _DATA_ZEROS]
