"""Whether a frozen program for Windows has everything: each library that one of its files needs is
where Windows looks for it, or on Microsoft's list of what every Windows has.

    python packaging/windows/closure.py dist/dermstation
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

import pefile
from signing import programs

OF_WINDOWS = Path(__file__).with_name("of_windows.txt")
_X64 = 0x8664
_ADDRESS_SPACE_IS_RANDOM, _DATA_IS_NO_CODE = 0x40, 0x100
_PROTECTED = _ADDRESS_SPACE_IS_RANDOM | _DATA_IS_NO_CODE


@dataclass
class Closure:
    """What is wrong with the programs and libraries of a tree."""

    files: int = 0
    missing: dict[str, list[str]] = field(default_factory=dict)  # library: the files that need it
    not_64_bit: list[str] = field(default_factory=list)
    unprotected: list[str] = field(default_factory=list)  # no random addresses, or data as code

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is missing and everything is for 64 bits."""
        return not self.missing and not self.not_64_bit


def closure_of(tree: Path) -> Closure:
    """Read every program and library below a folder."""
    files = programs(tree)
    of_windows = set(OF_WINDOWS.read_text().split())
    there: dict[PurePath, set[str]] = defaultdict(set)
    for file in files:
        there[file.relative_to(tree).parent].add(file.name.lower())
    found = Closure(files=len(files))
    for file in files:
        name = file.relative_to(tree).as_posix()
        present = of_windows.union(*(there[one] for one in _searched(PurePath(name))))
        with pefile.PE(file, fast_load=True) as program:
            if program.FILE_HEADER.Machine != _X64:
                found.not_64_bit.append(name)
            if program.OPTIONAL_HEADER.DllCharacteristics & _PROTECTED != _PROTECTED:
                found.unprotected.append(name)
            for needed in _needed(program) - present:
                if not needed.startswith(("api-ms-win-", "ext-ms-")):
                    found.missing.setdefault(needed, []).append(name)
    return found


def _searched(file: PurePath) -> Iterator[PurePath]:
    """Yield the folders in which a file's libraries are found.

    Windows looks into the file's own and PyInstaller's. What a plug-in needs, its package has
    loaded; PySide6 and the packages with a folder of libraries add that one themselves.
    """
    inside = PurePath("_internal")
    yield from file.parents
    yield inside
    if inside in file.parents:
        package = file.parts[1]
        yield inside / ("shiboken6" if package == "PySide6" else f"{package}.libs")


def _needed(program: pefile.PE) -> set[str]:
    """Return the libraries that a file needs at its start or later, in lower case."""
    kinds = ("IMPORT", "DELAY_IMPORT")
    entries = [pefile.DIRECTORY_ENTRY[f"IMAGE_DIRECTORY_ENTRY_{kind}"] for kind in kinds]
    program.parse_data_directories(entries)
    return {
        entry.dll.decode("ascii", "replace").lower()
        for kind in kinds
        for entry in getattr(program, f"DIRECTORY_ENTRY_{kind}", ())
    }


def main() -> int:
    found = closure_of(Path(sys.argv[1]))
    print(f"{found.files} programs and libraries")
    for name, users in sorted(found.missing.items()):
        print(f"missing: {name}, for {', '.join(users)}")
    for words, names in (("not for 64 bits", found.not_64_bit), ("unprotected", found.unprotected)):
        print(*(f"{words}: {name}" for name in names), sep="\n", end="\n" if names else "")
    return 0 if found.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
