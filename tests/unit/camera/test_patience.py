"""How long the watchdog waits for a camera process, and what it writes about the camera."""

import time
from collections.abc import Iterator

import pytest

from dermstation.camera.link_status import LinkState
from dermstation.camera.process import _report_of
from dermstation.camera.reports import Activity, Phase, SourceReport
from dermstation.camera.ring import FrameRing
from dermstation.camera.source import Mode
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.camera.watchdog import HUNG_AFTER_S, OPEN_WITHIN_S, START_WITHIN_S, Watchdog
from dermstation.domain.errors import ErrorCode, StationError

STREAMING = SourceReport(Phase.STREAMING, "Scope", Mode(320, 240, 30.0, "MJPG", keeps_packets=True))


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    """A watchdog that looks after no process."""
    ring = FrameRing.create(320, 240)
    yield Watchdog(ring, CameraSpec(CameraKind.DEVICE, index=0), 320, 240)
    ring.close()


def is_hung(watchdog: Watchdog, activity: Activity, silent_s: float) -> bool:
    watchdog._ring.beat(activity, time.perf_counter_ns() - int(silent_s * 1e9))
    return watchdog._is_hung()


def lose(watchdog: Watchdog, times: int) -> None:
    for _ in range(times):
        watchdog._answered_s = None  # of a new process
        watchdog._replace_child("hung")


@pytest.mark.expects_log("camera process hung")
@pytest.mark.parametrize(
    ("activity", "within_s"),
    [(Activity.STARTING, START_WITHIN_S), (Activity.OPENING, OPEN_WITHIN_S)],
)
def test_each_loss_at_the_start_gives_the_next_process_longer(
    watchdog: Watchdog, activity: Activity, within_s: float
) -> None:
    assert is_hung(watchdog, activity, within_s + 1)
    for losses in range(1, 5):
        lose(watchdog, 1)
        assert not is_hung(watchdog, activity, losses * within_s + 1)
        assert is_hung(watchdog, activity, (losses + 1) * within_s + 1)
    lose(watchdog, 50)
    assert is_hung(watchdog, activity, 6 * within_s + 1)


def test_a_process_whose_libraries_an_antivirus_reads_is_not_killed(watchdog: Watchdog) -> None:
    assert not is_hung(watchdog, Activity.STARTING, 100)
    assert is_hung(watchdog, Activity.OPENING, 100)  # once it is ready, the driver has 20 s


@pytest.mark.expects_log("camera process hung")
def test_a_single_loss_does_not_delay_the_next_restart(watchdog: Watchdog) -> None:
    lose(watchdog, 1)
    assert is_hung(watchdog, Activity.READING, HUNG_AFTER_S)
    lose(watchdog, 9)
    assert not is_hung(watchdog, Activity.READING, HUNG_AFTER_S)


@pytest.mark.expects_log("camera process hung")
def test_a_process_that_has_worked_for_a_while_is_given_no_more_than_at_first(
    watchdog: Watchdog,
) -> None:
    lose(watchdog, 9)
    watchdog._take(STREAMING)
    watchdog._answered_s = time.perf_counter() - 60
    assert is_hung(watchdog, Activity.READING, HUNG_AFTER_S)
    watchdog._replace_child("hung")
    assert watchdog._losses == 1


@pytest.mark.expects_log("camera process hung")
def test_an_opening_that_hangs_every_time_is_a_failure_in_the_end(watchdog: Watchdog) -> None:
    for losses in range(1, 4):
        watchdog._started_s = time.perf_counter() - 60  # it had all the time it may take
        lose(watchdog, 1)
        watchdog._publish()
        is_failed = watchdog.status.state is LinkState.FAILED
        assert is_failed == (losses >= 3)


class SilentChild:
    """A camera process that is there and says nothing."""

    is_alive = True

    def reports(self, _wait_s: float) -> list[SourceReport]:
        return []

    def kill(self) -> None:
        pass


@pytest.mark.expects_log("camera process hung")
@pytest.mark.parametrize(
    ("activity", "silent_s", "goes_on"),
    [(Activity.OPENING, OPEN_WITHIN_S, False), (Activity.READING, HUNG_AFTER_S, True)],
)
def test_after_an_opening_that_hung_packets_are_not_tried_again(
    watchdog: Watchdog, activity: Activity, silent_s: float, goes_on: bool
) -> None:
    watchdog._child = SilentChild()
    watchdog._ring.beat(activity, time.perf_counter_ns() - int((silent_s + 1) * 1e9))
    watchdog._check()
    assert watchdog._child is None
    assert watchdog.spec.tries_packets == goes_on


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (STREAMING.mode, "camera streaming: 320 x 240, 30 a second, MJPG, its own bytes kept"),
        (Mode(640, 480, 0.0, "YUYV"), "camera streaming: 640 x 480, 0 a second, YUYV, decoded"),
        (Mode(640, 480, 7.5), "camera streaming: 640 x 480, 7.5 a second, decoded"),
    ],
)
def test_the_mode_is_in_the_log(
    watchdog: Watchdog, caplog: pytest.LogCaptureFixture, mode: Mode, words: str
) -> None:
    with caplog.at_level("INFO"):
        watchdog._take(SourceReport(Phase.STREAMING, "Scope", mode))
    assert words in caplog.messages


@pytest.mark.parametrize(
    ("code", "phase"),
    [
        (ErrorCode.CAMERA_ABSENT, Phase.ABSENT),
        (ErrorCode.CAMERA_OTHER, Phase.ABSENT),
        (ErrorCode.CAMERA_BUSY, Phase.BUSY),
        (ErrorCode.CAMERA_STALLED, Phase.STALLED),
        (ErrorCode.CAMERA_ALIKE, Phase.FAILED),
        (ErrorCode.CAMERA_FAILED, Phase.FAILED),
    ],
)
def test_a_trouble_becomes_the_state_of_the_link(
    watchdog: Watchdog, code: ErrorCode, phase: Phase
) -> None:
    watchdog._take(_report_of(StationError(code, other="Room camera"), "Scope"))
    watchdog._publish()
    status = watchdog.status
    assert status.state is LinkState(phase.value)
    assert (status.detail_code, status.other, status.label) == (code, "Room camera", "Scope")


def test_a_camera_that_has_just_appeared_is_being_opened(watchdog: Watchdog) -> None:
    watchdog._take(_report_of(StationError(ErrorCode.CAMERA_FAILED, is_new=True), "Scope"))
    watchdog._publish()
    assert watchdog.status.state is LinkState.OPENING
    assert watchdog.status.detail_code is None
