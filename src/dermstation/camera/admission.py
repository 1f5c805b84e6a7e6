"""Which packets may enter the station undecoded, and what becomes of the others.

The station decodes packets thirty times a second, also in the window's thread. It therefore takes
only plain ones, whose cost is known from their header: baseline, one scan, of a bounded size. A
progressive JPEG may hold thousands of scans and take a minute. The camera process turns any other
picture into pixels, and every picture that came from a network; so it is the one that freezes or
falls. The station checks again what it finds in the ring.
"""

from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding
from dermstation.camera.packets import MOST_PIXELS
from dermstation.camera.source import RawFrame
from dermstation.camera.spec import CameraKind
from dermstation.imaging.jpeg_segments import (
    BASELINE_TO_PROGRESSIVE,
    FRAMES,
    START_OF_SCAN,
    MalformedJpegError,
    frame_of,
    header_segments,
)

MOST_LIVE_PIXELS = 20_000_000  # more than any camera gives as a stream
MOST_PACKET_BYTES = 24 * 2**20
MOST_SCANNED_PIXELS = 48_000_000  # pixels x scans that the camera process decodes: about 1 s
_MOST_SEGMENTS = 64
_PROGRESSIVE = 0xC2
_COLOURS = (1, 3)
_BITS = 8  # of each sample
_SCAN = (0xFF, START_OF_SCAN)


def most_packet_pixels(kind: CameraKind) -> int:
    """Return up to which size packets of such a camera enter the station; 0 if none does."""
    return {CameraKind.NETWORK: 0, CameraKind.FILE: MOST_PIXELS}.get(kind, MOST_LIVE_PIXELS)


@dataclass(frozen=True, slots=True)
class Coding:
    """How the pixels of a packet are coded, by its bytes alone."""

    width: int
    height: int
    scans: int
    is_progressive: bool

    @property
    def is_plain(self) -> bool:
        """Return whether it takes one pass over the pixels to decode it."""
        return self.scans == 1 and not self.is_progressive


def coding_of(packet: NDArray[np.uint8]) -> Coding | None:
    """Return the coding of a JPEG of a usual kind, or None; decodes nothing."""
    if packet.size > MOST_PACKET_BYTES:
        return None
    try:
        segments = list(islice(header_segments(packet.data), _MOST_SEGMENTS))
        frames = [one for one in segments if one.marker in FRAMES]
        if len(frames) != 1 or segments[-1].marker != START_OF_SCAN:
            return None
        bits, height, width, components = frame_of(packet.data, frames[0])
    except MalformedJpegError:
        return None
    kind = frames[0].marker
    if kind not in BASELINE_TO_PROGRESSIVE or bits != _BITS or components not in _COLOURS:
        return None
    scans = 1 + _scans_in(packet[segments[-1].end :])
    return Coding(width, height, scans, is_progressive=kind == _PROGRESSIVE)


def is_admissible(packet: NDArray[np.uint8], width: int, height: int, most_pixels: int) -> bool:
    """Return whether the station may decode a packet that is said to be of this size."""
    if width * height > most_pixels:
        return False
    coding = coding_of(packet)
    if coding is None or not coding.is_plain:
        return False
    return (coding.width, coding.height) == (width, height)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A frame that the camera process may decode: no more work than its headers say."""

    raw: RawFrame
    coding: Coding | None  # None if it has pixels already

    def entering(self, most_pixels: int) -> RawFrame | None:
        """Return the frame as it may enter the station, decoded if necessary; None if it cannot."""
        raw, coding = self.raw, self.coding
        if coding is None or (coding.is_plain and coding.width * coding.height <= most_pixels):
            return raw
        try:
            image = simplejpeg.decode_jpeg(raw.payload, "BGR")
        except ValueError:
            return None
        if image.shape != (raw.height, raw.width, 3):
            return None
        return replace(raw, encoding=Encoding.BGR, payload=np.asarray(image, np.uint8))


def arrived(raw: RawFrame) -> Arrived | None:
    """Return a frame for further use; None if decoding it is not worth its time.

    In the camera process, before anything decodes the frame.
    """
    if raw.encoding is not Encoding.JPEG:
        return Arrived(raw, None)
    coding = coding_of(raw.payload)
    if coding is None or (coding.width, coding.height) != (raw.width, raw.height):
        return None
    pixels = coding.width * coding.height
    if not 0 < pixels <= MOST_PIXELS or pixels * coding.scans > MOST_SCANNED_PIXELS:
        return None
    return Arrived(raw, coding)


def _scans_in(coded: NDArray[np.uint8]) -> int:
    """Count the scans that follow the first one; in coded data the mark stands for nothing else."""
    marks = coded[:-1] == _SCAN[0]
    marks &= coded[1:] == _SCAN[1]
    return int(np.count_nonzero(marks))
