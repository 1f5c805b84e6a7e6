"""Compare two builds of the frozen program file by file, and name what differs.

    python packaging/compare.py dist/dermstation other/dermstation

The modules in the program's archive are compared one by one; its own bytes hold the order of
building. Exit status 1 if anything differs.
"""

import hashlib
import sys
from pathlib import Path

from PyInstaller.archive.readers import CArchiveReader


def main() -> int:
    one, other = (contents(Path(folder)) for folder in sys.argv[1:3])
    only = sorted(one.keys() ^ other.keys())
    differing = sorted(name for name in one.keys() & other.keys() if one[name] != other[name])
    print(f"{len(one.keys() & other.keys()) - len(differing)} the same, {len(differing)} differ,")
    print(f"{len(only)} in one of them alone")
    print(*(f"differs: {name}" for name in differing), sep="\n", end="\n" if differing else "")
    print(*(f"in one alone: {name}" for name in only), sep="\n", end="\n" if only else "")
    return 1 if differing or only else 0


def contents(folder: Path) -> dict[str, str]:
    """Return the hash of every file, and of every part of the program itself."""
    found = {}
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = file.relative_to(folder).as_posix()
        if "/" not in name and name.startswith("dermstation") and file.suffix != ".json":
            found |= {f"{name}: {part}": digest for part, digest in parts(file).items()}
        else:
            found[name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def parts(program: Path) -> dict[str, str]:
    """Return the hash of every part of the program's archive."""
    archive = CArchiveReader(str(program))
    found = {}
    for name, (*_, kind) in archive.toc.items():
        if kind in "zZ":
            modules = archive.open_embedded_archive(name)
            for module in modules.toc:
                data = modules.extract(module, raw=True)
                found[f"{name}/{module}"] = hashlib.sha256(data or b"").hexdigest()
        else:
            found[name] = hashlib.sha256(archive.extract(name)).hexdigest()
    return found


if __name__ == "__main__":
    sys.exit(main())
