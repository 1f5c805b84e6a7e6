"""Which colours the numbers of a picture mean, and how they stay the same colours.

The one place that decides it. A picture says it by an ICC profile in the file, or, from a camera
that is set to Adobe RGB, by two tags of EXIF alone (DCF 2.0); one that says nothing is sRGB. A
copy for a file carries the profile along (`encoded`); what is shown, printed or measured is
converted to sRGB (`decode_srgb`). Pure functions; any thread or process.
"""

import struct
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

import cv2
import numpy as np
from PIL import Image, ImageCms

from dermstation.imaging.codec import Bgr, decode, encode_jpeg
from dermstation.imaging.exif import Directory, Tag, exif_of
from dermstation.imaging.icc import GREY, RGB, adobe_rgb_profile, space_of, without_text
from dermstation.imaging.jpeg_segments import (
    FRAMES,
    HEADER_BYTES,
    START,
    MalformedJpegError,
    component_names,
    frame_of,
    header_segments,
)

JFIF_MARKER, ICC_MARKER, ADOBE_MARKER = 0xE0, 0xE2, 0xEE
JFIF_SIGNATURE = b"JFIF\0"
ICC_SIGNATURE = b"ICC_PROFILE\0"
ADOBE_SIGNATURE = b"Adobe"

_TELLING = frozenset({JFIF_MARKER, ICC_MARKER, ADOBE_MARKER})
_ADOBE_TRANSFORM = slice(11, 12)  # in the segment's content; 0 means none: the colours are RGB
_PART_BYTES = 0xFFFF - 2 - len(ICC_SIGNATURE) - 2
_DCF_ADOBE_RGB = "R03"
_ADOBE_RGB = 2  # not in the standard, but some cameras write it
_SPACES = {1: GREY, 3: RGB}  # by the number of a JPEG's colour components
_ROWS = 512  # converted at once: a large picture does not take its memory several times
_STEPS = np.arange(0, 256, 51, dtype=np.uint8)
_SAME_DN = 1  # the most that rounding changes

Profile = bytes | None


def profile_of(data: bytes) -> Profile:
    """Return the ICC profile of a picture's colours, its text left out; None is sRGB.

    A profile that is damaged, or made for another number of colours, says nothing.
    """
    if data[:2] != START:
        return None
    header = _header(data)
    space = _SPACES.get(header.components)
    profile = without_text(header.profile) if header.profile else None
    if not header.profile and space == RGB and _is_adobe_rgb(data):
        profile = adobe_rgb_profile()
    if profile is None or space_of(profile) != space:
        return None
    return profile if _transform(profile) is not None else None


def has_profile_text(data: bytes) -> bool:
    """Return whether a JPEG holds a profile with more in it than its numbers, or only a part."""
    header = _header(data)
    return header.has_parts and header.profile != (without_text(header.profile) or b"none")


def is_rgb_coded(data: bytes) -> bool:
    """Return whether a JPEG holds red, green and blue as they are, as most decoders see it.

    A picture says so by Adobe's segment or by the names of its components, unless it is a JFIF,
    which is never coded so.
    """
    header = _header(data)
    if _SPACES.get(header.components) != RGB or header.is_jfif:
        return False
    if header.adobe_transform is not None:
        return header.adobe_transform == 0
    return header.names == b"RGB"


def decode_srgb(data: bytes, reduce: int = 1) -> Bgr:
    """Decode a picture as `decode` does, with its colours converted to sRGB."""
    return in_srgb(decode(data, reduce), profile_of(data))


def in_srgb(bgr: Bgr, profile: Profile) -> Bgr:
    """Return (height, width, 3) pixels of this profile in sRGB.

    A colour that sRGB does not have becomes the nearest one that it has.
    """
    if profile is None or is_srgb(profile):
        return bgr
    made = np.empty_like(bgr)
    for first in range(0, bgr.shape[0], _ROWS):
        made[first : first + _ROWS] = _converted(bgr[first : first + _ROWS], profile)
    return made


def carried(bgr: Bgr, profile: Profile) -> tuple[Bgr, Profile]:
    """Return pixels and the profile for a JPEG in colour that means the same.

    The numbers of RGB stay as they are. Those of a grey profile are converted to sRGB.
    """
    if profile is not None and space_of(profile) != RGB:
        return in_srgb(bgr, profile), None
    return bgr, profile


def encoded(bgr: Bgr, quality: int, profile: Profile) -> bytes:
    """Encode pixels of this profile as `encode_jpeg` does, as a JPEG that says it."""
    pixels, kept = carried(bgr, profile)
    jpeg = encode_jpeg(pixels, quality)
    at = header_end(jpeg)
    return jpeg[:at] + profile_segments(kept) + jpeg[at:]


def profile_segments(profile: Profile) -> bytes:
    """Return the segments of a JPEG that hold a profile, nothing for None (ICC.1:2010, B.4)."""
    whole = profile or b""
    parts = [whole[at : at + _PART_BYTES] for at in range(0, len(whole), _PART_BYTES)]
    segments = b""
    for number, part in enumerate(parts, start=1):
        content = ICC_SIGNATURE + bytes([number, len(parts)]) + part
        segments += struct.pack(">BBH", 0xFF, ICC_MARKER, len(content) + 2) + content
    return segments


def header_end(jpeg: bytes) -> int:
    """Return where a JPEG's first segment ends if it is JFIF's, which must come first."""
    first = next(header_segments(jpeg))
    is_jfif = jpeg.startswith(JFIF_SIGNATURE, first.begin + HEADER_BYTES)
    return first.end if is_jfif else first.begin


@lru_cache(maxsize=32)
def is_srgb(profile: bytes) -> bool:
    """Return whether a profile means the colours of sRGB, but for rounding."""
    if space_of(profile) != RGB:
        return False
    cube = np.stack(np.meshgrid(_STEPS, _STEPS, _STEPS), axis=-1).reshape(1, -1, 3)
    return bool(np.abs(_converted(cube, profile).astype(int) - cube).max() <= _SAME_DN)


@dataclass(slots=True)
class _Header:
    """The colour information in the segments of a JPEG."""

    components: int = 0
    names: bytes = b""
    is_jfif: bool = False
    adobe_transform: int | None = None
    parts: dict[int, bytes] = field(default_factory=dict)  # of the profile, by their number
    total: int = 0

    @property
    def has_parts(self) -> bool:
        return bool(self.parts)

    @property
    def profile(self) -> bytes:
        """Return the profile as it stands there; empty if there is none, or it is not whole."""
        if set(self.parts) != set(range(1, self.total + 1)):
            return b""
        return b"".join(self.parts[number] for number in sorted(self.parts))

    def note(self, marker: int, content: bytes) -> None:
        """Note what the content of one segment says."""
        if marker == ICC_MARKER and content.startswith(ICC_SIGNATURE):
            number, self.total, *_ = (*content[len(ICC_SIGNATURE) :][:2], 0, 0)
            self.parts.setdefault(number, content[len(ICC_SIGNATURE) + 2 :])
        elif marker == JFIF_MARKER and content.startswith(JFIF_SIGNATURE):
            self.is_jfif = True
        elif marker == ADOBE_MARKER and content.startswith(ADOBE_SIGNATURE):
            transform = content[_ADOBE_TRANSFORM]
            self.adobe_transform = transform[0] if transform else None


def _header(data: bytes) -> _Header:
    header = _Header()
    try:
        for segment in header_segments(data):
            if segment.marker in FRAMES:
                header.components = frame_of(data, segment).components
                header.names = component_names(data, segment)
            elif segment.marker in _TELLING:
                content = data[segment.begin + HEADER_BYTES : segment.end]
                header.note(segment.marker, content)
    except MalformedJpegError:
        return _Header()
    return header


def _is_adobe_rgb(data: bytes) -> bool:
    exif = exif_of(data)
    index = exif.text(Directory.INTEROPERABILITY, Tag.INTEROPERABILITY_INDEX) or ""
    space = exif.number(Directory.EXIF, Tag.COLOUR_SPACE)
    return index.strip() == _DCF_ADOBE_RGB or space == _ADOBE_RGB


def _converted(bgr: Bgr, profile: bytes) -> Bgr:
    transform = _transform(profile)
    if transform is None:
        return bgr
    height, width = bgr.shape[:2]
    if space_of(profile) == GREY:
        source = Image.fromarray(np.ascontiguousarray(bgr[..., 0]))
    else:
        source = Image.frombuffer("RGB", (width, height), bgr.tobytes(), "raw", "BGR", 0, 1)
    rgb = np.asarray(ImageCms.applyTransform(source, transform))
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8)


@lru_cache(maxsize=32)
def _transform(profile: bytes) -> ImageCms.ImageCmsTransform | None:
    """Return the conversion of a profile to sRGB, or None if the profile cannot be used."""
    mode = "RGB" if space_of(profile) == RGB else "L"
    try:
        return ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
    except (ImageCms.PyCMSError, OSError):
        return None
