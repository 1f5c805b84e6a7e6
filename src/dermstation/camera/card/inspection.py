"""Read a picture from a card in full, check, decode and measure it. Runs in the reader's process.

JPEG only. Before a pixel is decoded, limits on the size in bytes and pixels, the colours and the
scans are checked by the headers. Half a picture is refused; what changes no pixel, such as padding
or a missing end mark, is not.
"""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.card.exif import read_exif
from dermstation.camera.card.opening import open_regular
from dermstation.camera.card.pictures import CardFile, CardThumbnail, Inspected
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import QualityReport
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess, assess_parts
from dermstation.imaging.codec import MAX_PIXELS
from dermstation.imaging.colour_space import Profile, in_srgb, profile_of
from dermstation.imaging.headers import JPEG, ImageInfo, probe
from dermstation.imaging.jpeg_segments import (
    BASELINE_TO_PROGRESSIVE,
    END,
    START_OF_SCAN,
    MalformedJpegError,
    Segment,
    frame_of,
    segments,
)
from dermstation.imaging.kinds import other_kind
from dermstation.imaging.orientation import upright
from dermstation.imaging.scale import small_colour
from dermstation.imaging.wholeness import whole_picture

MAX_BYTES = 40 * 1024 * 1024
LEAST_WIDTH, LEAST_HEIGHT = 320, 240
PREVIEW_PIXELS = 12_000_000  # enough to judge sharpness at 100 % on any screen in a surgery
THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 240, 180
_MOST_SCANS = 64  # each costs a pass over the picture; a camera's progressive JPEG has about ten
_COLOURS = (1, 3)
_READ_BYTES = 1 << 20


def thumbnail(root: str, path: str) -> CardThumbnail:
    """Return a small, upright picture of at most 240 x 180, made from the picture itself.

    The thumbnail inside the file is never used, because it may show something else.
    Raises StationError IMAGE_UNREADABLE or IMAGE_TOO_LARGE, and OSError.
    """
    file, data = _read(root, path)
    check(data)
    small = _decoded(data, 2 * THUMBNAIL_WIDTH, 2 * THUMBNAIL_HEIGHT)
    small = in_srgb(small, profile_of(data))
    exif = read_exif(data)
    return CardThumbnail(file, _hash(data), exif, _fitted(upright(small, exif.orientation)))


def inspect(root: str, path: str, shot: ShotKind) -> Inspected:
    """Decode a picture in full and judge it as a shot of this kind.

    Raises StationError IMAGE_UNREADABLE or IMAGE_TOO_LARGE, and OSError.
    """
    file, data = _read(root, path)
    info = check(data)
    bgr, profile = _decoded(data), profile_of(data)
    shown = in_srgb(_preview(bgr), profile)
    report = _report(bgr, shown, profile, shot)
    exif = read_exif(data)
    return Inspected(
        file=file,
        sha256=_hash(data),
        width=info.width,
        height=info.height,
        exif=exif,
        report=report,
        data=data,
        pixels=upright(shown, exif.orientation),
    )


def check(data: bytes) -> ImageInfo:
    """Check from the headers alone that this is one JPEG of acceptable kind and size.

    Raises StationError IMAGE_UNREADABLE (`reason`; `kind` if it is a file of another kind) or
    IMAGE_TOO_LARGE.
    """
    if kind := other_kind(data):
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="no jpeg", kind=kind)
    info = probe(data)
    if info.media_type != JPEG:
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="no jpeg")
    if info.width * info.height > MAX_PIXELS:
        raise StationError(
            ErrorCode.IMAGE_TOO_LARGE, width=info.width, height=info.height, limit=MAX_PIXELS
        )
    if info.width < LEAST_WIDTH or info.height < LEAST_HEIGHT:
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="small")
    try:
        _check_structure(data)
    except MalformedJpegError:
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="cut short") from None
    return info


def _check_structure(data: bytes) -> None:
    scans = 0
    frames = 0
    for segment in _segments(data):
        if segment.marker == START_OF_SCAN:
            scans += 1
        elif segment.marker in BASELINE_TO_PROGRESSIVE:
            frames += 1
            frame = frame_of(data, segment)
            if frame.bits != 8 or frame.components not in _COLOURS:  # noqa: PLR2004 - bits per sample
                raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="colours")
        if scans > _MOST_SCANS:
            raise StationError(ErrorCode.IMAGE_TOO_LARGE, scans=scans, limit=_MOST_SCANS)
    if frames != 1 or not scans:
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="kind")


def _segments(data: bytes) -> Iterator[Segment]:
    """Yield the segments; a missing end mark is no fault if nothing else is missing.

    Whether anything is missing of the last scan is seen when it is decoded.
    """
    seen = 0
    try:
        for segment in segments(data):
            seen += 1
            yield segment
    except MalformedJpegError:
        yield from islice(segments(data + END), seen, None)


def _read(root: str, path: str) -> tuple[CardFile, bytes]:
    with open_regular(root, path) as file:
        size = file.found.st_size
        if size > MAX_BYTES:
            raise StationError(ErrorCode.IMAGE_TOO_LARGE, size_bytes=size, limit=MAX_BYTES)
        data = bytearray()
        while len(data) <= size and (chunk := os.read(file.descriptor, _READ_BYTES)):
            data += chunk
        if len(data) != size or not size:
            raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="cut short", size_bytes=size)
        return CardFile(path, size, _instant(file.found.st_mtime)), bytes(data)


def _instant(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (OverflowError, OSError, ValueError):
        return None


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _decoded(data: bytes, least_width: int = 0, least_height: int = 0) -> NDArray[np.uint8]:
    """Decode to BGR, at a reduced size not below the given one."""
    bgr = whole_picture(data, least_width, least_height)
    if bgr is None:
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="damaged")
    return bgr


def _report(
    bgr: NDArray[np.uint8], shown: NDArray[np.uint8], profile: Profile, shot: ShotKind
) -> QualityReport:
    """Judge a picture; its colours by the smaller one in sRGB if it has a profile.

    To convert all of a large picture would take most of the time that an answer may take.
    """
    if profile is None:
        return assess(bgr, shot)
    height, width = bgr.shape[:2]
    return assess_parts(bgr, small_colour(shown), shot, width, height)


def _preview(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = bgr.shape[:2]
    if height * width > PREVIEW_PIXELS:
        share = (PREVIEW_PIXELS / (height * width)) ** 0.5
        size = (round(width * share), round(height * share))
        bgr = np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
    return bgr


def _fitted(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = bgr.shape[:2]
    share = min(THUMBNAIL_WIDTH / width, THUMBNAIL_HEIGHT / height, 1.0)
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.ascontiguousarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
