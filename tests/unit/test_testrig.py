"""What the test rig for Windows installs and skips, as far as that can be tried without wine."""

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
RIG = ROOT / "packaging" / "testrig"


@pytest.fixture(scope="module")
def rig() -> ModuleType:
    spec = importlib.util.spec_from_file_location("windows", RIG / "windows.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_lock_gives_windows_its_own_wheels_by_their_hashes(rig: ModuleType) -> None:
    lines = list(rig._wanted((ROOT / "requirements-dev.lock").read_text(), rig.OLDER.read_text()))
    names = {line.partition("==")[0] for line in lines}
    assert {"opencv-python", "colorama", "pywin32-ctypes", "pytest", "numpy"} <= names
    assert not names & {"opencv-python-headless", "jeepney", "secretstorage", "macholib", "mypy"}
    assert all(" --hash=sha256:" in line for line in lines)


def test_what_starts_under_wine_takes_the_place_of_the_locked_version(rig: ModuleType) -> None:
    lock = (
        f"numpy==9.9 \\\n    --hash=sha256:{'a' * 64}\n"
        f"pillow==12.0 ; os_name == 'nt' \\\n    --hash=sha256:{'b' * 64}\n"
    )
    older = f"# why\nnumpy==2.1.3 \\\n    --hash=sha256:{'c' * 64}\nnot-locked==1.0 \\\n"
    assert list(rig._wanted(lock, older)) == [
        f"numpy==2.1.3 --hash=sha256:{'c' * 64}\n",
        f"pillow==12.0 --hash=sha256:{'b' * 64}\n",
    ]


def test_each_older_version_is_of_something_that_is_locked(rig: ModuleType) -> None:
    older = dict(rig._locked_for_windows(rig.OLDER.read_text()))
    assert set(older) <= dict(rig._locked_for_windows(rig.LOCK.read_text())).keys()


def test_each_test_that_wine_cannot_do_exists_and_has_a_reason() -> None:
    for one in tomllib.loads((RIG / "cannot.toml").read_text())["cannot"]:
        assert one["reason"]
        for name in one["tests"]:
            file, _, rest = name.partition("::")
            function = rest.rpartition("::")[2].partition("[")[0]
            assert f"def {function}(" in (ROOT / file).read_text(), name
