"""Leaner forms of two of the frozen program's parts, without anything that the station uses.

Its spec calls this at each build, so that the sources stay as they were published.
"""

import logging
import re
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from dermstation.handover import faces

_FOR_LINES_DOWNWARDS = ["BASE", "VORG", "vhea", "vmtx"]
_ICU_FORMAT_AT, _ICU_ALIGNED = 12, 16  # bytes
_ICU_KEPT = re.compile(
    rb"icudt\d+l/(coll/.+|[^/]+\.nrm|(ucadata|cnvalias|uemoji|ulayout)\.icu"
    rb"|(root|pool|en|en_GB|res_index|likelySubtags|keyTypeData|supplementalData)\.res)\0"
)


def lean_fonts(files: set[Path], folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each of these fonts with its copy in the folder that has only what is used of it.

    A print takes a character from the first face that has it (`faces.font_files`), so the later
    ones never show theirs. Outlines and weights of what stays are as they were.
    """
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    earlier = set(faces.SIGNS)
    for file in faces.font_files():
        with TTFont(file, recalcTimestamp=False) as font:
            own = set(font.getBestCmap())
            if file in files:
                options = Options(drop_tables=[*Options().drop_tables, *_FOR_LINES_DOWNWARDS])
                options.name_IDs = ["*"]
                subsetter = Subsetter(options)
                subsetter.populate(unicodes=own - earlier)
                subsetter.subset(font)
                lean = folder / file.name
                folder.mkdir(parents=True, exist_ok=True)
                font.save(lean)
                yield file, lean
        earlier |= own


def lean_icu(library: Path, folder: Path) -> Path:
    """Make ICU's data library again with what Qt asks it for: how the languages sort.

    Most of the rest are names of countries, currencies and units, and old encodings.
    """
    version = library.name.rpartition(".")[2]
    symbol = f"icudt{version}_dat=_binary_data_start"
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / library.name
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "data").write_bytes(_lean_data(library.read_bytes()))
        for words in (
            ("-r", "--format=binary", "-z", "noexecstack", "-o", "data.o", "data"),
            ("-shared", "-soname", library.name, "--defsym", symbol, "-o", str(made), "data.o"),
        ):
            subprocess.run(["ld", *words], cwd=scratch, check=True)
    return made


def _lean_data(library: bytes) -> bytes:
    """Return the package of data in a library, with fewer items: header, count, places, names."""
    start = library.index(b"CmnD") - _ICU_FORMAT_AT
    (header_bytes,) = struct.unpack_from("<H", library, start)
    at = start + header_bytes
    (count,) = struct.unpack_from("<I", library, at)
    places = [struct.unpack_from("<II", library, at + 4 + 8 * number) for number in range(count)]
    ends = [place for _, place in places[1:]]  # the last, zoneinfo64.res, is not kept
    kept = []
    for (name_at, first), end in zip(places, ends, strict=False):
        name = library[at + name_at : library.index(b"\0", at + name_at) + 1]
        if _ICU_KEPT.fullmatch(name):
            kept.append((name, library[at + first : at + end]))
    name_at = 4 + 8 * len(kept)
    names = b"".join(name for name, _ in kept)
    data = b"".join((names, bytes(-(header_bytes + name_at + len(names)) % _ICU_ALIGNED)))
    table = struct.pack("<I", len(kept))
    for name, item in kept:
        table += struct.pack("<II", name_at, 4 + 8 * len(kept) + len(data))
        name_at += len(name)
        data += item + bytes(-len(item) % _ICU_ALIGNED)
    return library[start:at] + table + data
