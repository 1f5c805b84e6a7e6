"""The launcher with real processes: one follows another, and none is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.launcher import Launcher, OneStation, launch
from dermstation.paths import StationPaths
from dermstation.process_messages import LineKind, LineMessage, Wanted
from tests.unit.launched import play


def played(home, part) -> tuple[int, list[str]]:
    """Run the launcher with a part; return the exit status and what the processes noted."""
    status = Launcher(Wanted(home, part), play).run()
    notes = home / "notes"
    return status, notes.read_text().splitlines() if notes.exists() else []


def test_the_exit_status_of_the_window_is_passed_on(tmp_path) -> None:
    assert played(tmp_path, "closes") == (3, [])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_killed_station_is_reported_as_a_shell_would(tmp_path) -> None:
    assert played(tmp_path, "killed") == (128 + signal.SIGKILL, [])


def test_a_successor_gets_what_was_left_and_the_first_one_ends_after_it_is_shown(tmp_path) -> None:
    status, notes = played(tmp_path, "gives way")
    assert status == 5
    assert sorted(notes) == ["began with True True", "end", "successor"]


def test_a_process_that_waits_hears_of_a_wipe_before_it_takes_over(tmp_path) -> None:
    status, notes = played(tmp_path, "has wiped")
    assert status == 5
    assert notes.index("wiped") < notes.index("began with True True")


def test_without_a_spare_the_station_goes_on_by_itself(tmp_path) -> None:
    status, notes = played(tmp_path, "no spare lives")
    assert status == 4
    assert notes[-1] == "refused"


def test_a_successor_that_ends_before_it_is_shown_is_not_missed(tmp_path) -> None:
    status, notes = played(tmp_path, "the successor dies")
    assert status == 4
    assert notes[-1] == "refused"
    assert "end" not in notes


_LAUNCH = """
import sys
from pathlib import Path
from dermstation.launcher import Launcher
from dermstation.process_messages import Wanted
from tests.unit.launched import play
if __name__ == "__main__":
    sys.exit(Launcher(Wanted(Path(sys.argv[1]), "waits"), play).run())
"""


# Windows has one way to end a program from outside, and it is the hardest
SENT = [("SIGTERM", 1)]
if sys.platform != "win32":
    SENT = [("SIGINT", 130), ("SIGKILL", -9), ("SIGTERM", -15)]


@pytest.mark.parametrize(("sent", "status"), SENT)
def test_the_station_ends_with_its_launcher(tmp_path, sent, status) -> None:
    program = tmp_path / "launch.py"
    program.write_text(_LAUNCH)
    notes = tmp_path / "notes"
    root = Path(__file__).parents[2]
    paths = os.pathsep.join(str(one) for one in (root / "src", root))
    environment = os.environ | {"PYTHONPATH": paths}
    command = [sys.executable, str(program), str(tmp_path)]
    with subprocess.Popen(command, env=environment) as launcher:
        while not (notes.exists() and "waits" in notes.read_text()):
            assert launcher.poll() is None
            time.sleep(0.01)
        launcher.send_signal(getattr(signal, sent))
        assert launcher.wait() == status
    while "alone" not in notes.read_text():
        time.sleep(0.01)


def test_only_one_station_is_open_for_a_home(tmp_path) -> None:
    home = tmp_path / "new" / "home"
    first = OneStation(home)
    second = OneStation(home)
    assert (first.is_open_elsewhere, second.is_open_elsewhere) == (False, True)
    second.release()
    first.release()
    third = OneStation(home)
    assert not third.is_open_elsewhere
    third.release()


def test_a_patient_file_goes_to_the_open_station(tmp_path) -> None:
    paths = StationPaths(tmp_path)
    there = OneStation(paths.home)
    file = tmp_path / "patient.json"
    file.write_text("{}")
    assert launch(paths, Wanted(paths.home), file) == 0
    assert len(list(paths.incoming.iterdir())) == 1
    with pytest.raises(StationError) as refused:
        launch(paths, Wanted(paths.home), tmp_path / "absent.json")
    assert refused.value.code is ErrorCode.PATIENT_FILE_UNREADABLE
    there.release()


def test_messages_come_as_they_were_sent() -> None:
    sent = LineMessage(LineKind.GIVE_WAY, {"place": {"screen": "Ä\n"}, "held": None}, b"\n\0\xff\n")
    assert LineMessage.from_bytes(sent.to_bytes()) == sent
    assert "body" not in repr(sent)
    with pytest.raises(ValueError, match="Expecting value"):
        LineMessage.from_bytes(b"no message")
