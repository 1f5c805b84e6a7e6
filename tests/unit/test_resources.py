"""A checkout and an installed wheel both find the resources, and have the same files."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dermstation.resources import resource_bytes, resource_text, resources

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import sys
sys.path[:0] = sys.argv[1:]
from dermstation.resources import resources
print(resources())
"""


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_a_checkout_uses_its_own_folder() -> None:
    assert resources() == ROOT / "resources"
    assert {folder.name for folder in resources().iterdir()} == {
        "body",
        "guidance",
        "how_to",
        "icons",
        "pathways",
        "print",
        "theme",
    }


def test_a_file_is_read_as_text_and_as_bytes() -> None:
    assert resource_text("icons", "good.svg").encode() == resource_bytes("icons", "good.svg")


def test_a_missing_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        resource_text("icons", "no such icon.svg")


def test_a_wheel_contains_every_resource_and_finds_it(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    installed = tmp_path / "installed"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(installed)
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ASK, installed],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
    )
    found = Path(answer.stdout.rstrip("\n"))
    assert found == (installed / "dermstation" / "_resources").resolve()
    assert files_below(found) == files_below(ROOT / "resources")
