"""What a process loads before the camera, and what before the first page: no more than it needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dermstation
from dermstation.domain.records import Operator, Role, new_id
from dermstation.process_messages import LineKind
from dermstation.security.kdf import KdfParameters
from dermstation.vault.setup import set_up

PASSPHRASE = "four plain words here"
CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)
SOURCE = Path(dermstation.__file__).parents[1]

# Python runs the program's main module again in each child; then comes the camera's own module
CHILD = """
import runpy, sys
sys.path.insert(0, sys.argv[1])
runpy.run_module("dermstation.__main__", run_name="__mp_main__")
import dermstation.camera.process
print("\\n".join(sys.modules))
"""


@pytest.mark.parametrize("folder", [SOURCE])
def test_the_camera_process_loads_nothing_that_it_may_not_need(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)], capture_output=True, text=True, check=True
    )
    loaded = set(ended.stdout.split())
    assert "cv2" in loaded
    unwanted = {"argparse", "ssl", "http.client", "PySide6", "keyring", "psutil"}
    assert not loaded & unwanted
    ours = {name for name in loaded if name.startswith("dermstation.")}
    above = ("cli", "commands", "settings", "workflow", "ui", "vault", "camera.sources.simulated.s")
    assert not {name for name in ours if name.removeprefix("dermstation.").startswith(above)}


# prints what is loaded when the sign-in is on the screen, and then what follows it
WINDOW = """
import sys
from pathlib import Path
from dermstation import app
from dermstation.paths import StationPaths
from dermstation.settings import Settings

application = app.qt_application()
station = app.build_station(StationPaths(Path(sys.argv[1])), Settings(camera="sim"))
window = app.show_window(station)
window.begin()
application.processEvents()
print(type(window.shell.page).__name__, *sys.modules)
window.prepare_rooms()
while window._rooms is None:
    application.processEvents()
print(*sys.modules)
window.close()
station.stop()
"""
# whole libraries: Qt, the vault, and folders
BEFORE_THE_FIRST_PAGE = {
    *("PySide6", "shiboken6", "shibokensupport", "signature_bootstrap", "lazy_importer"),
    *("argon2", "cryptography", "sqlcipher3", "mnemonic", "nhs_number", "platformdirs"),
}


def test_the_first_page_is_shown_before_what_signing_in_does_not_need(tmp_path: Path) -> None:
    operator = Operator(new_id(), "Test Operator", Role.ADMINISTRATOR)
    vault, _ = set_up(tmp_path / "vault", operator, PASSPHRASE, keystore=None, kdf=CHEAP)
    vault.close()
    ended = subprocess.run(
        [sys.executable, "-c", WINDOW, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    first, later = (line.split() for line in ended.stdout.splitlines())
    assert first.pop(0) == "SignInPage"
    assert not {"ssl", "dermstation.vault.backup", "dermstation.workflow.importing"} & set(first)
    whole = {name.partition(".")[0] for name in first if not name.startswith("_")}
    assert whole - sys.stdlib_module_names - {"dermstation"} <= BEFORE_THE_FIRST_PAGE
    assert {"cv2", "numpy", "dermstation.ui.walk"} <= set(later) - set(first)
    assert not {"pypdf", "fontTools", "typst", "pydicom", "fhir"} & set(later)  # of a package


# the launcher goes as soon as the process is ready, so that this one ends
WAITING = """
import linecache, sys, threading
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from dermstation.process_messages import LineKind, LineMessage, Wanted
from dermstation.station_process import run_station

ours, theirs = Pipe()

def launch():
    theirs.send_bytes(Wanted(Path(sys.argv[1])).to_message().to_bytes())
    theirs.recv_bytes()
    for kind in sys.argv[2:]:
        theirs.send_bytes(LineMessage(LineKind(kind)).to_bytes())
    theirs.close()

threading.Thread(target=launch).start()
with suppress(SystemExit):
    run_station(ours)
print("dermstation.ui.rooms" in sys.modules, "numpy" in sys.modules, end=" ")
print(sys.getswitchinterval(), *linecache.cache)
"""


@pytest.mark.parametrize("told", [[], [LineKind.WIPED.value]])
def test_a_process_that_waits_keeps_no_source_and_has_loaded_what_is_wanted_next(
    tmp_path: Path, told: list[str]
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WAITING, str(tmp_path), *told],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    has_rooms, has_numpy, switches_every_s, *read = ended.stdout.split()
    assert has_rooms == has_numpy == str(bool(told))
    assert switches_every_s == "0.001"
    assert not [name for name in read if "dermstation" in name or "cv2" in name]


LAUNCHER = """
import sys
from dermstation import cli, station_child

class Process:
    def __init__(self, _):
        print(*sys.modules)
        sys.exit()

station_child.Child = Process
sys.exit(cli.main(["--home", sys.argv[1], "--camera", "sim"]))
"""


def test_the_launcher_starts_the_window_before_it_knows_any_command_or_home(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LAUNCHER, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(ended.stdout.split())
    # every module here delays the window; the rest comes beside it
    assert {name for name in loaded if name.startswith("dermstation.")} == {
        "dermstation.cli",
        "dermstation.commands",
        "dermstation.commands.printing",
        "dermstation.domain",
        "dermstation.domain.errors",
        "dermstation.media_parts",
        "dermstation.output",
        "dermstation.station_child",
        "dermstation.station_process",
    }
    assert not {"PySide6", "cv2", "numpy", "platformdirs", "dataclasses"} & loaded
