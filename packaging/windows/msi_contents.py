"""The files of the program as rows of the installer's tables, the same for the same files.

Each file is a component of its own, as Microsoft's rules for components want it; its code depends
on its place alone, so that it is the same in every version.
"""

import hashlib
import os
import struct
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pefile
from msi_tables import Database

IS_64_BIT = 256
_COMPRESSED = 16384
_LONGEST_STEM, _LONGEST_SUFFIX = 8, 3
_PROGRAMS = {".exe", ".dll", ".pyd"}


@dataclass(frozen=True)
class Installed:
    """A file in the cabinet: its key in the tables, and where it comes from."""

    key: str
    source: Path


def add_files(database: Database, tree: Path, root: str, space: uuid.UUID) -> list[Installed]:
    """Add every file below `tree`, to be installed below the directory `root`.

    Returns the files in the order of the cabinet; the last one has the highest number.
    """
    directories = {PurePosixPath(): root}
    names = ShortNames()
    installed = []
    for path in walked(tree):
        place = PurePosixPath(path.relative_to(tree).as_posix())
        parent = directories[place.parent]
        name = names.with_short(place)
        if path.is_dir():
            directories[place] = key_of("d", place)
            database.add("Directory", directories[place], parent, name)
            continue
        component, file = key_of("c", place), key_of("f", place)
        code = code_of(space, f"file {place.as_posix().lower()}")
        database.add("Component", component, code, parent, IS_64_BIT, None, file)
        version, language = version_of(path)
        database.add(
            "File",
            file,
            component,
            name,
            path.stat().st_size,
            version,
            language,
            _COMPRESSED,
            len(installed) + 1,
        )
        if not version:
            database.add("MsiFileHash", file, 0, *hash_of(path.read_bytes()))
        database.add("FeatureComponents", "Station", component)
        installed.append(Installed(file, path))
    return installed


def walked(folder: Path) -> Iterator[Path]:
    """Yield folders and files below a folder, each folder before what is in it, sorted by name."""
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        yield Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from walked(Path(entry.path))


def key_of(kind: str, place: PurePosixPath) -> str:
    """Return the key of a file, a component or a directory: letters and digits alone."""
    return f"{kind}_{hashlib.sha256(place.as_posix().encode()).hexdigest()[:32]}"


def code_of(space: uuid.UUID, name: str) -> str:
    """Return the code of something that has this name in every version."""
    return f"{{{str(uuid.uuid5(space, name)).upper()}}}"


def version_of(file: Path) -> tuple[str, str]:
    """Return version and language of a program or library; empty if it does not say them."""
    if file.suffix.lower() not in _PROGRAMS:
        return "", ""
    with pefile.PE(file, fast_load=True) as program:
        program.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
        found = getattr(program, "VS_FIXEDFILEINFO", None)
        if not found:
            return "", ""
        upper, lower = found[0].FileVersionMS, found[0].FileVersionLS
    numbers = (upper >> 16, upper & 0xFFFF, lower >> 16, lower & 0xFFFF)
    return ".".join(map(str, numbers)), "1033"


def hash_of(data: bytes) -> tuple[int, ...]:
    """Return the four numbers of a file's MD5, by which the installer knows an unchanged file."""
    return struct.unpack("<4i", hashlib.md5(data, usedforsecurity=False).digest())


class ShortNames:
    """Short names of the form NAME~1.EXT, which the tables want beside every longer name."""

    def __init__(self) -> None:
        self._taken: set[PurePosixPath] = set()

    def with_short(self, place: PurePosixPath) -> str:
        """Return `SHORT~1.EXT|long name.ext`, or the name itself if it is short."""
        stem, suffix = place.stem, place.suffix[1:]
        plain = all(one.isascii() and (one.isalnum() or one in "_-") for one in stem + suffix)
        if plain and len(stem) <= _LONGEST_STEM and len(suffix) <= _LONGEST_SUFFIX:
            self._taken.add(place.with_name(place.name.upper()))
            return place.name
        letters = "".join(one for one in stem.upper() if one.isascii() and one.isalnum()) or "FILE"
        ending = "".join(one for one in suffix.upper() if one.isascii() and one.isalnum())
        ending = f".{ending[:_LONGEST_SUFFIX]}" if ending else ""
        number = 1
        while True:
            tail = f"~{number}"
            short = f"{letters[: _LONGEST_STEM - len(tail)]}{tail}{ending}"
            if place.with_name(short) not in self._taken:
                self._taken.add(place.with_name(short))
                return f"{short}|{place.name}"
            number += 1
