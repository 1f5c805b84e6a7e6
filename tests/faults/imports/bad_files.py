"""Make files that no camera writes: broken, hostile, or only named like a picture.

The files are the same in every run. Each is (name, content); special files are made separately.
"""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from tests.unit.camera.card.samples import jpeg

_TIFF_AT = 6  # after "Exif\0\0"


def bad_files() -> Iterator[tuple[str, bytes]]:
    """Yield nearly 300 contents, each under the name of a picture."""
    chance = np.random.default_rng(300)
    yield from _cut(chance)
    yield from _flipped(chance)
    yield from _in_disguise()
    yield from _bombs()
    yield from _wrong_headers()
    yield from _wrong_exif(chance)
    yield from _odd_names()


def special_files(folder: Path, outside: Path) -> int:
    """Make links, pipes, folders and an empty sparse file of 20 GB; return how many."""
    (folder / "loop.jpg").symlink_to("loop.jpg")
    (folder / "out.jpg").symlink_to(outside)
    (folder / "dangling.jpg").symlink_to("nowhere.jpg")
    (folder / "device.jpg").symlink_to("/dev/zero")
    (folder / "round").symlink_to(folder)
    os.mkfifo(folder / "pipe.jpg")
    (folder / "folder.jpg").mkdir()
    with (folder / "hollow.jpg").open("wb") as file:
        file.write(jpeg())
        file.truncate(20 * 1024**3)
    return 8


def _cut(chance: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    whole = {"plain": jpeg(seed=1), "progressive": jpeg(seed=2, progressive=True)}
    for kind, data in whole.items():
        for number in range(30):
            at = int(chance.integers(0, len(data)))
            tail = b"\xff\xd9" if number % 3 == 0 else b""
            yield f"cut-{kind}-{number}.jpg", data[:at] + tail


def _flipped(chance: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    for number in range(90):
        data = bytearray(jpeg(seed=3, progressive=number % 2 == 0))
        reach = 700 if number % 3 == 0 else len(data)  # a third of them in the headers
        for at in chance.integers(2, reach, int(chance.integers(1, 12))):
            data[int(at)] = int(chance.integers(0, 256))
        yield f"flipped-{number}.jpg", bytes(data)


def _in_disguise() -> Iterator[tuple[str, bytes]]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.txt", "text")
    picture = Image.new("RGB", (640, 480))
    for kind in ("PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "PDF"):
        made = io.BytesIO()
        picture.save(made, kind)
        yield f"{kind.lower()}.jpg", made.getvalue()
        yield f"jpeg-then-{kind.lower()}.jpg", jpeg() + made.getvalue()
        yield f"start-of-{kind.lower()}.jpg", b"\xff\xd8\xff" + made.getvalue()
    for name, data in {
        "zip": archive.getvalue(),
        "program": b"MZ" + bytes(4000),
        "elf": b"\x7fELF" + bytes(4000),
        "page": b"<html><script>alert(1)</script>",
        "vector": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "film": b"\0\0\0\x18ftypmp42" + bytes(4000),
    }.items():
        yield f"{name}.jpg", data
        yield f"jpeg-then-{name}.jpg", jpeg() + data
    commented = jpeg(comment=b"<script>" + archive.getvalue())
    yield "page-within.jpg", commented
    for size in (0, 1, 2, 3, 4, 10, 11, 12, 19, 20, 21):
        yield f"first-{size}-bytes.jpg", jpeg()[:size]
        yield f"noise-{size}-bytes.jpg", bytes(range(size))


def _bombs() -> Iterator[tuple[str, bytes]]:
    yield "png-bomb.jpg", _png_bomb(30_000)
    progressive = jpeg(seed=4, progressive=True)
    scan = progressive[progressive.rindex(b"\xff\xda") : -2]
    for count in (60, 63, 200, 5_000):
        yield f"scans-{count}.jpg", progressive[:-2] + scan * count + b"\xff\xd9"
    large = jpeg(4_000, 3_000, seed=5, progressive=True)
    scan = large[large.rindex(b"\xff\xda") : -2]
    yield "slow-scans.jpg", large[:-2] + scan * 50 + b"\xff\xd9"
    yield "comments.jpg", jpeg()[:2] + b"\xff\xfe\xff\xff" * 1 + bytes(65_533) + jpeg()[2:]
    yield "fill.jpg", jpeg()[:2] + b"\xff" * 3_000_000 + jpeg()[2:]
    yield "empty-segments.jpg", jpeg()[:2] + b"\xff\xfe\0\2" * 500_000 + jpeg()[2:]
    yield "41-mb.jpg", jpeg() + bytes(41 * 1024 * 1024)


def _wrong_headers() -> Iterator[tuple[str, bytes]]:
    frame_at = jpeg().index(b"\xff\xc0")
    sizes = ((65_535, 65_535), (65_535, 1), (1, 65_535), (0, 0), (0, 480), (640, 0), (8_000, 5_001))
    for width, height in (*sizes, (1_280, 960), (6_000, 6_000), (16, 16)):
        data = bytearray(jpeg())
        struct.pack_into(">HH", data, frame_at + 5, height, width)
        yield f"says-{width}x{height}.jpg", bytes(data)
    for marker in (0xC1, 0xC2, 0xC3, 0xC5, 0xC9, 0xCA, 0xCF, 0xC8, 0xD9, 0xDA, 0x01):
        data = bytearray(jpeg())
        data[frame_at + 1] = marker
        yield f"frame-{marker:x}.jpg", bytes(data)
    for place, values in {4: (0, 1, 12, 16, 255), 9: (0, 2, 4, 255), 11: (0, 0xFF, 0x44)}.items():
        for value in values:
            data = bytearray(jpeg())
            data[frame_at + place] = value
            yield f"frame-byte-{place}-{value}.jpg", bytes(data)
    for table in (b"\xff\xdb", b"\xff\xc4"):
        at = jpeg().index(table)
        length = struct.unpack(">H", jpeg()[at + 2 : at + 4])[0]
        yield f"without-{table[1]:x}.jpg", jpeg()[:at] + jpeg()[at + 2 + length :]
    yield (
        "two-frames.jpg",
        jpeg()[:frame_at] + jpeg()[frame_at : frame_at + 19] * 2 + jpeg()[frame_at + 19 :],
    )


def _wrong_exif(chance: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    whole = jpeg()
    block = whole.index(b"Exif\0\0")
    tiff = block + _TIFF_AT
    for number in range(40):
        data = bytearray(whole)
        for at in chance.integers(tiff, tiff + 120, 6):
            data[int(at)] = int(chance.choice([0, 1, 8, 0x7F, 0x80, 0xFF]))
        yield f"exif-{number}.jpg", bytes(data)
    loop = b"Exif\0\0MM\0*\0\0\0\x08\0\1\x87\x69\0\4\0\0\0\1\0\0\0\x08\0\0\0\x08"
    count = b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x0f\0\2\xff\xff\xff\xff\0\0\0\x1a\0\0\0\0"
    many = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01\x0f\0\2\0\0\xff\xff\0\0\0\x08" * 5_000
    for name, exif in {"loop": loop, "count": count, "many": many, "none": b"Exif\0\0"}.items():
        segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
        yield f"exif-{name}.jpg", whole[:2] + segment + jpeg(taken=None)[2:]


def _odd_names() -> Iterator[tuple[str, bytes]]:
    for name in (
        "line\nbreak.jpg",
        "colour\x1b[31m.jpg",
        "W" * 251 + ".jpg",
        "-rf.jpg",
        "%s%n.jpg",
        "\u202egpj.exe.jpg",
        " .jpg",
        "'; DROP TABLE captures; --.jpg",
        b"no-utf8-\xff.jpg".decode(errors="surrogateescape"),
    ):
        yield name, jpeg()


def _png_bomb(side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    squeezer = zlib.compressobj(9)
    row = bytes(1 + side * 3)
    body = b"".join(squeezer.compress(row) for _ in range(200)) + squeezer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )
