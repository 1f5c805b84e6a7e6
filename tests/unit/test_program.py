"""Run the program as a separate process, on a PC without a screen."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import dermstation

SECONDS = 600  # for a program that hangs
SOURCE = Path(dermstation.__file__).parents[1]


def run_without_screen(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    of_a_desktop = ("DISPLAY", "WAYLAND_", "QT_", "XDG_", "DBUS_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(of_a_desktop)}
    return subprocess.run(
        [sys.executable, "-m", "dermstation", *arguments],
        env={**environment, "HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": str(SOURCE)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux starts programs without a screen")
@pytest.mark.parametrize("command", [(), ("demo",)])
def test_without_a_screen_it_prints_a_line_and_exits(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    ended = run_without_screen(*command, home=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith("There is no screen here for the window.")
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""


def test_the_self_test_passes_without_a_screen_and_leaves_nothing(tmp_path: Path) -> None:
    ended = run_without_screen("--selftest", home=tmp_path)
    report = json.loads(ended.stdout)
    assert ended.returncode == 0, report
    assert report["ok"] is True
    assert all(check["ok"] for check in report["checks"])
    assert not report["frozen"]
    assert [check["check"] for check in report["checks"]] == [
        "window",
        "camera",
        "quality",
        "card",
        "vault",
        "package",
        "wipe",
        "archive",
    ]
    assert list(tmp_path.iterdir()) == []


LETTERS = """
from dermstation.app import qt_application
application = qt_application()
from PySide6.QtGui import QFontDatabase
print(len(QFontDatabase.families()))
"""


def test_without_a_screen_there_are_letters_all_the_same(tmp_path: Path) -> None:
    variables = {name: one for name, one in os.environ.items() if not name.startswith("QT_")}
    ended = subprocess.run(
        [sys.executable, "-c", LETTERS],
        env={**variables, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(SOURCE)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    assert int(ended.stdout) > 0
