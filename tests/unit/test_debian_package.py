"""The package for Debian asks for what the frozen files ask for, and any reader unpacks it."""

import importlib
import lzma
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"


@pytest.fixture(scope="module")
def deb() -> Iterator[ModuleType]:
    """The program that makes the package, as `make deb` imports it."""
    places = [str(PACKAGING / "linux"), str(PACKAGING)]
    sys.path[:0] = places
    yield importlib.import_module("deb")
    sys.path[:2] = []
    for name in ("deb", "deb_trial", "steps"):
        sys.modules.pop(name, None)


def test_it_needs_the_newest_c_library_that_any_file_asks_for(
    deb: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "inside").mkdir()
    for name, content in {
        "program": b"\x7fELF \0GLIBC_2.9\0GLIBC_2.35\0",
        "inside/library.so": b"\x7fELF \0GLIBC_2.4\0GLIBC_2.36\0GLIBC_PRIVATE\0",
        "inside/words.txt": b"\0GLIBC_2.99\0",
    }.items():
        (tmp_path / name).write_bytes(content)
    assert deb.newest_libc(tmp_path) == 36


@pytest.mark.skipif(shutil.which("xz") is None, reason="packs with xz")
def test_what_it_packs_any_reader_of_xz_unpacks(deb: ModuleType) -> None:
    content = Path(sys.executable).resolve().read_bytes()[:300_000]
    words = ["xz", *deb.PACKED, "--stdout"]
    packed = subprocess.run(words, input=content, capture_output=True, check=True).stdout
    assert lzma.decompress(packed) == content
