"""Make the signed installer for Windows here, with a test authority, or try it out.

    make installer              freeze under wine, sign every program and library, package, sign
    make installer-test         install, use, upgrade, repair and remove it under wine; a table

As root on Debian with Python 3.11, like `make windows`, whose rig it uses. What is signed here is
plainly a test: build.ps1 is the way to a release.
"""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

import msi_package
from closure import closure_of
from signing import Authority, is_signed_by_anyone, programs, sign_unsigned
from trial import try_out

from dermstation import __version__
from windows import ROOT, Rig

_MB = 1_000_000


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rig", type=Path, default=ROOT / "build" / "windows")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "windows")
    parser.add_argument("--try-out", action="store_true", help="try the installer that is there")
    wanted = parser.parse_args()
    if os.geteuid() != 0 or sys.version_info[:2] != (3, 11):
        sys.exit("This needs root (for chroot and mount) and Python 3.11, whose library it takes.")
    rig, out = Rig(wanted.rig.resolve()), wanted.out.resolve()
    authority = Authority(out / "authority")
    installer = out / f"dermstation-{__version__}-TEST.msi"
    if wanted.try_out:
        if not installer.exists():
            sys.exit(f"{installer.name} is not there: make installer")
        return try_out(rig, authority, installer)
    rig.build()
    out.mkdir(parents=True, exist_ok=True)
    return make(rig, authority, installer)


def make(rig: Rig, authority: Authority, installer: Path) -> int:
    """Make the installer and print what was done, with sizes and times; return the exit status."""
    started = time.monotonic()
    tree = freeze(rig)
    told(f"frozen: {size_mb(tree):.0f} MB, {count(tree)} files", started)
    closure = closure_of(tree)
    told(f"{closure.files} programs and libraries, missing: {closure.missing or 'none'}", started)
    authority.make()
    told(f"signed here: {sign_unsigned(tree, authority)}", started)
    list_parts(rig, tree)  # with the hash of each file as it is installed: signing changes it
    unsigned = [one.name for one in programs(tree) if not is_signed_by_anyone(one)]
    msi_package.build(tree, installer)
    authority.sign(installer)
    is_signed = authority.is_signed(installer)
    told(
        f"{installer.name}: {installer.stat().st_size / _MB:.0f} MB, signature"
        f" {'verified' if is_signed else 'WRONG'}, unsigned inside: {unsigned or 'none'}",
        started,
    )
    return 0 if closure.is_whole and is_signed and not unsigned else 1


def freeze(rig: Rig) -> Path:
    """Freeze the program in the rig and return its folder; this takes 5 to 20 minutes."""
    folder = rig.folder / "dist"
    shutil.rmtree(folder, ignore_errors=True)
    words = ["--noconfirm", "--clean", "--log-level", "WARN"]
    words += ["--distpath", rig.of_windows(folder)]
    words += ["--workpath", rig.of_windows(rig.folder / "work"), r"packaging\dermstation.spec"]
    log = rig.out / "freeze.log"
    same = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "946684800"}  # files from the same source
    if rig.run_python("-m", "PyInstaller", *words, log=log, variables=same).returncode:
        sys.exit(f"The program could not be frozen: see {log}")
    return folder / "dermstation"


def list_parts(rig: Rig, tree: Path) -> None:
    """Write the list of the program's parts into its folder."""
    log = rig.out / "parts.log"
    if rig.run_python(r"packaging\sbom.py", rig.of_windows(tree), log=log).returncode:
        sys.exit(f"The list of its parts could not be made: see {log}")


def size_mb(tree: Path) -> float:
    """Return the size of all files below a folder."""
    return sum(one.stat().st_size for one in tree.rglob("*") if one.is_file()) / _MB


def count(tree: Path) -> int:
    """Return how many files are below a folder."""
    return sum(one.is_file() for one in tree.rglob("*"))


def told(words: str, started: float) -> None:
    """Print what was done, after how many seconds."""
    print(f"{time.monotonic() - started:6.0f} s  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
