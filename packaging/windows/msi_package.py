"""Make the installer of a folder with the frozen program: the same files give the same bytes.

    python packaging/windows/msi_package.py dist/dermstation dermstation-0.1.0.msi

On Linux, with `msibuild` (msitools) and `gcab`. The packages of Debian are in debian-packages.txt.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from icon import windows_icon
from msi_contents import Installed, add_files, code_of
from msi_product import NAME, SPACE, Product, add_product
from msi_tables import CODEPAGE, Database

from dermstation import __version__

MANUFACTURER = "dermstation"
SUPPORT = "https://example.invalid/support"  # given by who builds a release
_SUMMARY = "_SummaryInformation"
_CABINET = "station.cab"
_ICON = "station.ico"
_IS_COMPRESSED, _READ_ONLY, _LEAST_INSTALLER = 2, 2, 500
_EPOCH_S = 1_577_836_800  # 2020: files in a cabinet need a date, and their own differ by the build


def build(
    tree: Path,
    target: Path,
    manufacturer: str = MANUFACTURER,
    support: str = SUPPORT,
    version: str = __version__,
) -> None:
    """Write the installer of everything below `tree`. Raises CalledProcessError, ValueError."""
    database = Database()
    files = add_files(database, tree, "INSTALLDIR", SPACE)
    digest = hashlib.sha256("".join(database.texts().values()).encode())
    for one in files:
        digest.update(hashlib.sha256(one.source.read_bytes()).digest())
    code = code_of(SPACE, f"product {version} {digest.hexdigest()}")
    add_product(database, Product(version, manufacturer, support, code))
    database.add("Icon", _ICON, _ICON)
    database.add("Media", 1, len(files), None, f"#{_CABINET}")
    digest.update("".join(database.texts().values()).encode())
    _summary(database, code_of(SPACE, f"package {digest.hexdigest()}"), manufacturer, version)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        _write(database, files, Path(scratch).resolve(), target.resolve())


def _summary(database: Database, package_code: str, manufacturer: str, version: str) -> None:
    """Say what the file is, as Explorer and the installer read it."""
    day = datetime.fromtimestamp(_EPOCH_S, UTC).strftime("%Y/%m/%d %H:%M:%S")
    for number, value in {
        1: str(CODEPAGE),
        2: "Installation Database",
        3: f"{NAME} {version}",
        4: manufacturer,
        5: "Installer",
        7: "x64;2057",
        9: package_code,
        12: day,
        13: day,
        14: str(_LEAST_INSTALLER),
        15: str(_IS_COMPRESSED),
        18: NAME,
        19: str(_READ_ONLY),
    }.items():
        database.add(_SUMMARY, number, value)


def _write(database: Database, files: list[Installed], scratch: Path, target: Path) -> None:
    cabinet = _cabinet(files, scratch)
    icon = scratch / "Icon" / _ICON  # where the table's stream is looked for
    icon.parent.mkdir()
    icon.write_bytes(windows_icon())
    target.unlink(missing_ok=True)
    tables = database.write(scratch)
    words = [word for table in tables for word in ("-i", table.name)]
    _call("msibuild", target, *words, folder=scratch)
    _call("msibuild", target, "-a", _CABINET, cabinet.name, folder=scratch)


def _cabinet(files: list[Installed], scratch: Path) -> Path:
    """Put the files into a cabinet, each under its key, in the order of their numbers."""
    staged = scratch / "staged"
    staged.mkdir()
    for one in files:
        shutil.copyfile(one.source, staged / one.key)
        os.utime(staged / one.key, (_EPOCH_S, _EPOCH_S))
    keys = [one.key for one in files]
    _call("gcab", "-c", "-z", "-n", scratch / _CABINET, *keys, folder=staged)
    shutil.rmtree(staged)
    return scratch / _CABINET


def _call(*words: object, folder: Path) -> None:
    subprocess.run([str(one) for one in words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--manufacturer", default=MANUFACTURER)
    parser.add_argument("--support", default=SUPPORT, help="https address for the installed list")
    wanted = parser.parse_args()
    if not wanted.manufacturer or not wanted.support.startswith("https://"):
        parser.error("the list of installed programs needs a manufacturer and an https address")
    build(wanted.tree, wanted.target, wanted.manufacturer, wanted.support)


if __name__ == "__main__":
    main()
