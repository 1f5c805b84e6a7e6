"""What the test rig for Windows installs and skips, as far as that can be tried without wine."""

import importlib.util
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RIG = ROOT / "packaging" / "testrig"


def test_the_lock_gives_windows_its_own_wheels_by_their_hashes() -> None:
    spec = importlib.util.spec_from_file_location("windows", RIG / "windows.py")
    rig = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rig)
    lines = list(rig._locked_for_windows((ROOT / "requirements-dev.lock").read_text()))
    names = {line.partition("==")[0] for line in lines}
    assert {"opencv-python", "colorama", "pywin32-ctypes", "pytest", "numpy"} <= names
    assert not names & {"opencv-python-headless", "jeepney", "secretstorage", "macholib", "mypy"}
    assert all(" --hash=sha256:" in line for line in lines)


def test_each_test_that_wine_cannot_do_exists_and_has_a_reason() -> None:
    for one in tomllib.loads((RIG / "cannot.toml").read_text())["cannot"]:
        assert one["reason"]
        for name in one["tests"]:
            file, _, rest = name.partition("::")
            function = rest.rpartition("::")[2].partition("[")[0]
            assert f"def {function}(" in (ROOT / file).read_text(), name
