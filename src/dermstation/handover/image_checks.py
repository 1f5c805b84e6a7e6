"""Check a package's pictures: whole, and free of what a camera writes about place and owner.

Pure functions on bytes.
"""

import struct
from collections.abc import Iterator

from dermstation.domain.errors import StationError
from dermstation.handover import jpeg
from dermstation.handover.findings import PackageFault
from dermstation.imaging.codec import decode
from dermstation.imaging.colour_space import has_profile_text
from dermstation.imaging.exif import SIGNATURE, Directory, Exif

DECODED_SUFFIXES = frozenset({".jpg", ".jpe", ".jpeg", ".png", ".tif", ".tiff"})
_JPEG_SUFFIXES = frozenset({".jpg", ".jpe", ".jpeg"})
_TIFF_SUFFIXES = frozenset({".tif", ".tiff"})
_OWNER_TAGS = {
    0x013B,  # Artist
    0x8298,  # Copyright
    0x9C9D,  # XPAuthor
    0xA430,  # CameraOwnerName
}
_SERIAL_TAGS = {
    0xA431,  # BodySerialNumber
    0xA435,  # LensSerialNumber
    0xC62F,  # CameraSerialNumber (DNG)
    0xA420,  # ImageUniqueID
}
_OTHER_TAGS = {
    0x013C,  # HostComputer
    0x927C,  # MakerNote: undocumented, often with serial number and owner
    0x9286,  # UserComment
    0x9C9B,  # XPTitle
    0x9C9C,  # XPComment
    0x9C9E,  # XPKeywords
    0x9C9F,  # XPSubject
}
_CHECKED = (Directory.PICTURE, Directory.EXIF)
_REDUCTION = 8  # all coded data is read, but decoded at an eighth of the size
_PNG_SIGNATURE_BYTES = 8
_PNG_METADATA = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf"})


def image_faults(data: bytes, suffix: str) -> frozenset[PackageFault]:
    """Return the faults of a JPEG, PNG or TIFF picture."""
    faults = set()
    try:
        decode(data, reduce=_REDUCTION)
    except StationError:
        faults.add(PackageFault.IMAGE_DAMAGED)
    if suffix in _JPEG_SUFFIXES:
        faults.update(_jpeg_faults(data))
    elif suffix in _TIFF_SUFFIXES:
        faults.update(_exif_faults(data))
    else:
        faults.update(_png_faults(data))
    return frozenset(faults)


def _jpeg_faults(data: bytes) -> Iterator[PackageFault]:
    length = 2
    try:
        for marker, segment in jpeg.segments(data):
            length += len(segment)
            yield from _segment_faults(marker, segment)
    except StationError:
        yield PackageFault.IMAGE_DAMAGED
        return
    if has_profile_text(data):
        yield PackageFault.METADATA_OTHER
    if len(data) > length + 2:  # second pictures or trailers: they could hold anything
        yield PackageFault.METADATA_OTHER


def _segment_faults(marker: int, segment: bytes) -> Iterator[PackageFault]:
    body = segment[4:]
    if marker == jpeg.EXIF_OR_XMP and body.startswith(SIGNATURE):
        yield from _exif_faults(body[len(SIGNATURE) :])
    elif marker == jpeg.COMMENT or (
        marker in jpeg.APPLICATION_SEGMENTS
        and not body.startswith(jpeg.HARMLESS_SIGNATURES.get(marker, ()))
    ):
        yield PackageFault.METADATA_OTHER


def _exif_faults(tiff: bytes) -> Iterator[PackageFault]:
    exif = Exif(tiff)
    directories = {one.directory for one in exif.entries}
    if not exif.is_whole or Directory.THUMBNAIL in directories:
        yield PackageFault.METADATA_OTHER
    if Directory.GPS in directories:
        yield PackageFault.METADATA_LOCATION
    tags = {one.tag for one in exif.entries if one.directory in _CHECKED}
    for listed, fault in (
        (_OWNER_TAGS, PackageFault.METADATA_OWNER),
        (_SERIAL_TAGS, PackageFault.METADATA_SERIAL),
        (_OTHER_TAGS, PackageFault.METADATA_OTHER),
    ):
        if tags & listed:
            yield fault


def _png_faults(data: bytes) -> Iterator[PackageFault]:
    at = _PNG_SIGNATURE_BYTES
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind in _PNG_METADATA:
            yield PackageFault.METADATA_OTHER
        at += 12 + length
        if kind == b"IEND":
            break
    if at != len(data):
        yield PackageFault.METADATA_OTHER
