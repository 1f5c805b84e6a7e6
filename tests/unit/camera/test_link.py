"""The link with the real camera process: what it does when the camera misbehaves."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from dermstation.camera.controls import LOCKED_FOR_EPISODE, Control, ControlState
from dermstation.camera.link import CameraLink, LinkState
from dermstation.camera.spec import parse_camera
from dermstation.domain.errors import ErrorCode, StationError

Wait = Callable[[Callable[[], object]], None]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and /dev/shm")


@pytest.fixture(scope="module")
def shared_link() -> Iterator[CameraLink]:
    with CameraLink(parse_camera("sim"), width=320, height=240) as link:
        yield link


@pytest.fixture
def link(shared_link: CameraLink, wait_until: Wait) -> Iterator[CameraLink]:
    """A link that is streaming, and that must be streaming again after the test."""
    wait_until(lambda: shared_link.status().state is LinkState.STREAMING)
    yield shared_link
    shared_link.set_knobs(fault="none", jpeg=0)
    wait_until(lambda: shared_link.status().state is LinkState.STREAMING)


def sequence(link: CameraLink) -> int:
    frame = link.newest()
    assert frame is not None
    return frame.sequence


def test_a_slow_reader_gets_the_newest_frame_not_the_next(
    link: CameraLink, wait_until: Wait
) -> None:
    first = link.newest()
    assert first is not None
    assert link.newest(first.sequence + 10**6) is None
    wait_until(lambda: sequence(link) > first.sequence + 40)
    newest = link.newest(first.sequence)
    assert newest is not None
    assert newest.sequence >= first.sequence + 40
    assert first.payload.flags.writeable is False


def test_the_same_frame_is_copied_once(link: CameraLink) -> None:
    first, second = link.newest(), link.newest()
    assert first is not None
    assert second is not None
    assert first is second or second.sequence > first.sequence


def test_frames_around_an_instant_are_kept_for_about_a_second(
    link: CameraLink, wait_until: Wait
) -> None:
    start = sequence(link)
    wait_until(lambda: sequence(link) > start + 64)
    newest = link.newest()
    assert newest is not None
    pressed_ns = newest.captured_at_ns
    found = [link.frame(one) for one in link.sequences_between(pressed_ns - 10**9, pressed_ns)]
    instants = [frame.captured_at_ns for frame in found if frame is not None]
    assert len(instants) > 10
    assert instants == sorted(instants)
    assert pressed_ns - 10**9 <= instants[0]
    assert instants[-1] == pressed_ns


@pytest.mark.parametrize("fault", ["freeze", "stall", "wrong_size", "partial_jpeg"])
def test_a_camera_without_new_whole_frames_is_stalled_and_comes_back(
    link: CameraLink, wait_until: Wait, fault: str
) -> None:
    restarts = link.status().restarts
    link.set_knobs(fault=fault)
    wait_until(lambda: link.status().state is LinkState.STALLED)
    torn = fault == "partial_jpeg"
    code = ErrorCode.CAMERA_TORN if torn else ErrorCode.CAMERA_STALLED
    wait_until(lambda: link.status().detail_code is code)
    last = link.newest()
    assert last is not None
    assert last.is_stale(time.perf_counter_ns())
    assert last.payload.shape == (240, 320, 3)
    link.set_knobs(fault="none")
    wait_until(lambda: link.newest(last.sequence))
    assert link.status().restarts == restarts


def test_a_freeze_is_still_noticed_after_reopening(link: CameraLink, wait_until: Wait) -> None:
    link.set_knobs(fault="freeze")
    wait_until(lambda: link.status().state is LinkState.STALLED)
    frozen = sequence(link)
    # wait until well after the camera process has closed and reopened the source
    until = time.monotonic() + 2.6
    wait_until(lambda: time.monotonic() > until)
    assert sequence(link) == frozen
    assert link.status().state is LinkState.STALLED


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        ("absent", LinkState.ABSENT, ErrorCode.CAMERA_ABSENT),
        ("busy", LinkState.BUSY, ErrorCode.CAMERA_BUSY),
    ],
)
def test_a_camera_that_was_gone_is_reconnected_when_it_comes_back(
    link: CameraLink, wait_until: Wait, fault: str, state: LinkState, code: ErrorCode
) -> None:
    link.set_knobs(fault=fault)
    wait_until(lambda: link.status().state is state)
    assert link.status().detail_code is code
    last = link.newest()
    assert last is not None
    link.set_knobs(fault="none")
    wait_until(lambda: link.newest(last.sequence))


@pytest.mark.expects_log("camera process .* is replaced")
def test_a_crashed_camera_process_is_replaced_and_the_last_frame_stays(
    link: CameraLink, wait_until: Wait
) -> None:
    restarts, process_id = link.status().restarts, link.process_id
    link.set_knobs(fault="crash")
    wait_until(lambda: link.status().restarts == restarts + 1)
    last = link.newest()
    assert last is not None
    wait_until(lambda: link.newest(last.sequence))
    assert link.process_id != process_id
    assert link.status().restarts == restarts + 1


@pytest.mark.expects_log("camera process hung")
def test_a_hung_camera_process_is_killed_and_replaced(link: CameraLink, wait_until: Wait) -> None:
    restarts, process_id = link.status().restarts, link.process_id
    assert process_id is not None
    link.set_knobs(fault="hang")
    wait_until(lambda: link.status().restarts == restarts + 1)
    assert not psutil.pid_exists(process_id)
    last = sequence(link)
    wait_until(lambda: link.newest(last))


def test_packets_and_pictures_follow_one_another(link: CameraLink, wait_until: Wait) -> None:
    link.set_knobs(jpeg=1)

    def is_packet() -> bool:
        frame = link.newest()
        return frame is not None and frame.payload.ndim == 1

    wait_until(is_packet)
    link.set_knobs(jpeg=0)
    wait_until(lambda: not is_packet())


@pytest.mark.expects_log("camera process hung")
def test_calls_never_wait_for_a_hung_driver(link: CameraLink, wait_until: Wait) -> None:
    restarts = link.status().restarts
    link.set_knobs(fault="hang")
    asked = 0
    while link.status().restarts == restarts:
        link.newest()
        link.set_knobs(focus=asked % 2)
        asked += 1
        time.sleep(0.001)
    assert asked > 100
    link.set_knobs(focus=0)


def control(link: CameraLink, name: Control) -> ControlState | None:
    return next((one for one in link.status().controls if one.control is name), None)


def is_set(link: CameraLink, name: Control, value: float, *, auto: bool) -> bool:
    state = control(link, name)
    return state is not None and (state.value, state.is_auto) == (value, auto)


@pytest.mark.expects_log("camera process ended")
def test_controls_are_set_and_survive_a_crash(link: CameraLink, wait_until: Wait) -> None:
    def brightness() -> float:
        frame = link.newest()
        return float(frame.payload.mean()) if frame is not None else 0.0

    wait_until(lambda: is_set(link, Control.EXPOSURE, 100, auto=True))
    before = brightness()
    link.adjust({Control.EXPOSURE: 25, Control.POWER_LINE: 2})
    wait_until(lambda: is_set(link, Control.EXPOSURE, 25, auto=False))
    wait_until(lambda: brightness() < 0.7 * before)
    restarts = link.status().restarts
    link.set_knobs(fault="crash")
    wait_until(lambda: link.status().restarts == restarts + 1)
    wait_until(lambda: link.status().state is LinkState.STREAMING)
    assert is_set(link, Control.EXPOSURE, 25, auto=False)
    assert brightness() < 0.7 * before
    link.adjust({Control.EXPOSURE: None})
    wait_until(lambda: is_set(link, Control.EXPOSURE, 100, auto=True))
    wait_until(lambda: brightness() > 0.9 * before)


def test_a_value_beyond_the_range_stops_at_its_end(link: CameraLink, wait_until: Wait) -> None:
    link.adjust({Control.WHITE_BALANCE: 99_000})
    wait_until(lambda: is_set(link, Control.WHITE_BALANCE, 6500, auto=False))
    link.adjust({Control.WHITE_BALANCE: None})
    wait_until(lambda: is_set(link, Control.WHITE_BALANCE, 4600, auto=True))


def test_locked_controls_keep_what_the_camera_chose_until_they_are_adjusted(
    link_of: Callable[..., CameraLink], wait_until: Wait
) -> None:
    link = link_of("sim", lock=LOCKED_FOR_EPISODE)
    wait_until(lambda: is_set(link, Control.EXPOSURE, 100, auto=False))
    wait_until(lambda: is_set(link, Control.WHITE_BALANCE, 4600, auto=False))
    assert is_set(link, Control.FOCUS, 50, auto=True)
    link.set_knobs(fault="absent")
    wait_until(lambda: link.status().state is LinkState.ABSENT)
    assert link.status().controls == ()
    link.set_knobs(fault="none")
    wait_until(lambda: is_set(link, Control.EXPOSURE, 100, auto=False))
    link.adjust({Control.EXPOSURE: None})
    wait_until(lambda: is_set(link, Control.EXPOSURE, 100, auto=True))


def test_frames_of_two_openings_have_different_generations(
    link: CameraLink, wait_until: Wait
) -> None:
    before = link.newest()
    assert before is not None
    link.set_knobs(fault="absent")
    wait_until(lambda: link.status().state is LinkState.ABSENT)
    last = sequence(link)
    link.set_knobs(fault="none")
    wait_until(lambda: link.newest(last))
    after = link.newest()
    assert after is not None
    assert after.generation > before.generation


def test_an_unknown_knob_is_refused(link: CameraLink) -> None:
    with pytest.raises(StationError) as caught:
        link.set_knobs(colour=1)
    assert caught.value.code is ErrorCode.SETTING_INVALID


def test_only_the_simulated_dermatoscope_has_knobs() -> None:
    with pytest.raises(StationError) as caught:
        CameraLink(parse_camera("device:0")).set_knobs(focus=1)
    assert caught.value.code is ErrorCode.SETTING_INVALID


def test_a_stopped_link_is_absent_and_can_start_again(
    link_of: Callable[..., CameraLink], wait_until: Wait
) -> None:
    link = link_of("sim")
    wait_until(lambda: link.newest() is not None)
    process_id = link.process_id
    assert process_id is not None
    link.stop()
    link.stop()
    assert link.status().state is LinkState.ABSENT
    assert link.newest() is None
    assert link.sequences_between(0, 10**18) == []
    assert not psutil.pid_exists(process_id)
    link.start()
    wait_until(lambda: link.newest() is not None)


ARENA_BYTES = 4 * 2**20 + 64 * 12_345  # no other program's memory has this size
STATION = """
import sys
from dermstation.camera.link import CameraLink
from dermstation.camera.ring import FrameRing
from dermstation.camera.spec import parse_camera
if __name__ == "__main__":
    create = FrameRing.create
    FrameRing.create = lambda *size, **more: create(*size, int(sys.argv[1]), **more)
    link = CameraLink(parse_camera("sim"), width=320, height=240)
    link.start()
    while link.newest() is None:
        pass
    print(link.process_id, flush=True)
    sys.stdin.readline()
    link.stop()
"""


@pytest.fixture
def station(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[str]", psutil.Process]]:
    """A station with a camera, and its camera process."""
    script = tmp_path / "station.py"
    script.write_text(STATION, encoding="utf-8")
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, script, str(ARENA_BYTES)],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
        env=environment,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        yield process, psutil.Process(int(process.stdout.readline()))
        process.kill()


def test_a_station_that_ends_leaves_no_warning(
    station: tuple["subprocess.Popen[str]", psutil.Process],
) -> None:
    process, camera = station
    _, errors = process.communicate("\n", timeout=600)
    assert (process.returncode, errors) == (0, "")
    assert not camera.is_running()


def memory_with_a_name(process: psutil.Process) -> set[str]:
    """Return the files in /dev/shm that a process has mapped or open."""
    mapped = {one.path for one in process.memory_maps()}
    folder = Path(f"/proc/{process.pid}/fd")
    opened = {str(one.readlink()) for one in folder.iterdir()}
    return {path for path in mapped | opened if path.startswith("/dev/shm/")}


def mapped_frames(process: psutil.Process) -> list[str]:
    return [one.path for one in process.memory_maps() if "memfd:dermstation-frames" in one.path]


def sizes_in_shared_memory() -> list[int]:
    sizes = []
    for file in Path("/dev/shm").iterdir():
        with contextlib.suppress(FileNotFoundError):  # of other programs
            sizes.append(file.stat().st_size)
    return sizes


@linux_only
def test_a_killed_group_leaves_neither_process_nor_shared_memory(
    station: tuple["subprocess.Popen[str]", psutil.Process], wait_until: Wait
) -> None:
    process, camera = station
    group = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    assert camera in group
    assert mapped_frames(group[0])
    assert mapped_frames(camera)
    assert set().union(*map(memory_with_a_name, group)) == set()
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    wait_until(lambda: not any(one.is_running() for one in group))
    assert not [size for size in sizes_in_shared_memory() if 0 <= size - ARENA_BYTES < 2**16]


@linux_only
def test_a_killed_station_takes_its_camera_process_along(
    station: tuple["subprocess.Popen[str]", psutil.Process], wait_until: Wait
) -> None:
    process, camera = station
    process.kill()
    wait_until(lambda: not camera.is_running())


@linux_only
def test_the_camera_process_has_cv2_and_no_qt_in_memory(
    station: tuple["subprocess.Popen[str]", psutil.Process],
) -> None:
    _, camera = station
    loaded = {Path(one.path).name for one in camera.memory_maps()}
    assert any("cv2" in name for name in loaded)
    assert not any("Qt" in name or "pyside" in name.lower() for name in loaded)


def test_the_camera_process_imports_no_qt() -> None:
    script = (
        "import sys, dermstation.camera.process as p; assert p.run_camera;"
        "print([name for name in sys.modules if 'PySide' in name or 'dermstation.ui' in name])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "[]"
