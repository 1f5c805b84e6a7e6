"""JPEGs with EXIF and colour profiles, made byte by byte, so that a test can damage each part."""

import io
import struct
from collections.abc import Mapping

import numpy as np
from PIL import Image

from dermstation.imaging.exif import Directory

# by tag: its type, and its value as bytes, as one number, or as the two numbers of a fraction
Tags = dict[Directory, dict[int, tuple[int, bytes | int | tuple[int, int]]]]
_POINTERS = {
    Directory.EXIF: (Directory.PICTURE, 0x8769),
    Directory.GPS: (Directory.PICTURE, 0x8825),
    Directory.INTEROPERABILITY: (Directory.EXIF, 0xA005),
}


def tiff_of(tags: Mapping[Directory, Mapping[int, tuple[int, object]]], order: str = "<") -> bytes:
    """Return EXIF with these tags, in little-endian or big-endian order, without its signature."""
    held = {directory: dict(found) for directory, found in tags.items()}
    for directory, (parent, pointer) in _POINTERS.items():
        if directory in held:
            held.setdefault(parent, {})[pointer] = (4, directory)  # type: ignore[assignment]
    places, at = {}, 8
    for directory in (one for one in Directory if one in held):
        places[directory] = at
        at += 2 + 12 * len(held[directory]) + 4
    start = b"II*\0" if order == "<" else b"MM\0*"
    out, values = start + struct.pack(f"{order}I", 8), b""
    for directory in places:
        found = held[directory]
        out += struct.pack(f"{order}H", len(found))
        for tag, (kind, value) in found.items():
            data, count = _packed(order, kind, places.get(value, value))  # type: ignore[call-overload]
            if len(data) > 4:
                where = at + len(values)
                values += data
                data = struct.pack(f"{order}I", where)
            out += struct.pack(f"{order}HHI", tag, kind, count) + data.ljust(4, b"\0")
        out += struct.pack(f"{order}I", 0)
    return out + values


def _packed(order: str, kind: int, value: object) -> tuple[bytes, int]:
    if isinstance(value, bytes):
        return value, len(value)
    if isinstance(value, tuple):
        return struct.pack(f"{order}II", *value), 1
    return struct.pack(order + {1: "B", 3: "H", 4: "I"}[kind], value), 1


def jpeg_with(tiff: bytes, pixels: np.ndarray | None = None, **options: object) -> bytes:
    """Return a JPEG of RGB pixels with this EXIF, or without any."""
    if pixels is None:
        pixels = np.full((60, 80, 3), 120, np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", **{"quality": 95, "subsampling": 0, **options})
    data = file.getvalue()
    if not tiff:
        return data
    content = b"Exif\0\0" + tiff
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + data[2:]


def exif_bytes(
    *,
    picture: Mapping[int, bytes | int | str] = {},
    exif: Mapping[int, bytes | int | str] = {},
    gps: Mapping[int, bytes | int | str] = {},
    thumbnail: bytes = b"",
) -> bytes:
    """Return EXIF with its signature; a thumbnail stands in a directory of its own behind it."""
    parts = {Directory.PICTURE: picture, Directory.EXIF: exif, Directory.GPS: gps}
    tiff = tiff_of(
        {
            directory: {tag: _typed(value) for tag, value in sorted(found.items())}
            for directory, found in parts.items()
            if found or directory is Directory.PICTURE
        },
        ">",
    )
    if thumbnail:
        tiff += bytes(len(tiff) % 2)
        (count,) = struct.unpack_from(">H", tiff, 8)
        next_at = 8 + 2 + 12 * count
        tiff = tiff[:next_at] + struct.pack(">I", len(tiff)) + tiff[next_at + 4 :]
        behind = len(tiff) + 2 + 2 * 12 + 4
        tiff += struct.pack(">HHHIIHHIII", 2, 0x0201, 4, 1, behind, 0x0202, 4, 1, len(thumbnail), 0)
        tiff += thumbnail
    return b"Exif\0\0" + tiff


def with_exif(jpeg: bytes, exif: bytes) -> bytes:
    """Return a JPEG with EXIF put in at its start."""
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def _typed(value: bytes | int | str) -> tuple[int, bytes | int]:
    if isinstance(value, str):
        return 2, value.encode() + b"\0"
    return (7, value) if isinstance(value, bytes) else (3, value)
