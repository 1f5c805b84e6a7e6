"""The camera is opened for the pictures and closed after them, and nobody has to wait."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from dermstation.camera.controls import Control
from dermstation.camera.frames import Encoding
from dermstation.camera.link import CameraLink, LinkState
from dermstation.camera.spec import parse_camera
from dermstation.domain.shots import ShotKind
from dermstation.workflow.camera_setup import CameraSetup
from dermstation.workflow.viewfinder import Viewfinder

PATIENCE_S = 120.0


def wait_until(condition: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "what was waited for never came"
        time.sleep(0.01)


@pytest.fixture
def viewfinder() -> Iterator[Viewfinder]:
    made = Viewfinder(parse_camera("sim"), 320, 240)
    yield made
    made.close()
    made.wait_closed()


def test_a_closed_viewfinder_looks_at_nothing(viewfinder: Viewfinder) -> None:
    assert viewfinder.link is None
    assert viewfinder.scorer is None
    viewfinder.close()
    viewfinder.wait_closed()


def test_aiming_opens_the_camera_and_scores_that_shot(viewfinder: Viewfinder) -> None:
    viewfinder.aim(ShotKind.CLOSEUP)
    assert viewfinder.scorer is not None
    wait_until(lambda: viewfinder.scorer.latest() is not None)
    assert viewfinder.scorer.latest().shot is ShotKind.CLOSEUP
    viewfinder.aim(ShotKind.GENERAL)
    latest = viewfinder.scorer.latest()
    assert latest is None or latest.shot is ShotKind.GENERAL  # never the score of another shot
    wait_until(lambda: viewfinder.scorer.latest() is not None)
    assert viewfinder.scorer.latest().shot is ShotKind.GENERAL


def test_opening_twice_is_one_camera(viewfinder: Viewfinder) -> None:
    viewfinder.open()
    first = viewfinder.link
    viewfinder.open()
    assert viewfinder.link is first


def test_neither_closing_nor_opening_waits_and_the_old_camera_is_gone_before_the_new_one_opens(
    viewfinder: Viewfinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewfinder.open()
    first = viewfinder.link
    assert first is not None
    may_stop, stopped, stop = threading.Event(), threading.Event(), CameraLink.stop

    def slow_stop(link: CameraLink) -> None:
        if link is first:
            may_stop.wait(PATIENCE_S)
            stopped.set()
        stop(link)

    monkeypatch.setattr(CameraLink, "stop", slow_stop)
    viewfinder.close()
    assert not stopped.is_set()
    assert viewfinder.link is None
    viewfinder.open()
    second = viewfinder.link
    assert second is not None
    assert second is not first
    assert not stopped.is_set()
    assert second.process_id is None
    may_stop.set()
    wait_until(lambda: second.status().state is LinkState.STREAMING)
    assert stopped.is_set()
    assert first.process_id is None


def test_each_shot_has_its_camera_and_frame_numbers_continue(viewfinder: Viewfinder) -> None:
    setup = CameraSetup().with_camera_for(ShotKind.DERMOSCOPIC, "sim:jpeg=1")
    viewfinder.use(setup)
    viewfinder.aim(ShotKind.CLOSEUP)
    first, aimed = viewfinder.link, viewfinder.aimed_at_ns
    assert first is not None
    wait_until(lambda: first.newest() is not None)
    last = first.newest()
    viewfinder.aim(ShotKind.LATERAL)
    assert viewfinder.link is first
    viewfinder.aim(ShotKind.DERMOSCOPIC)
    assert viewfinder.link is not first
    assert viewfinder.aimed_at_ns > aimed
    wait_until(lambda: viewfinder.link.newest() is not None)
    newest = viewfinder.link.newest()
    assert newest.encoding is Encoding.JPEG
    assert newest.sequence > last.sequence


def test_an_unknown_remembered_camera_is_replaced_by_that_of_the_settings(
    viewfinder: Viewfinder,
) -> None:
    viewfinder.use(CameraSetup({ShotKind.CLOSEUP: "a toaster"}))
    viewfinder.aim(ShotKind.CLOSEUP)
    wait_until(lambda: viewfinder.link.newest() is not None)


def test_locked_controls_stay_locked_with_the_next_camera(viewfinder: Viewfinder) -> None:
    def automatic(control: Control) -> bool | None:
        found = [one for one in viewfinder.link.status().controls if one.control is control]
        return found[0].is_auto if found else None

    viewfinder.use(CameraSetup(locks_controls=True))
    viewfinder.open()
    wait_until(lambda: automatic(Control.EXPOSURE) is False)
    assert automatic(Control.FOCUS) is True
    viewfinder.close()
    viewfinder.open()
    wait_until(lambda: automatic(Control.WHITE_BALANCE) is False)
    viewfinder.close()
    viewfinder.use(CameraSetup())
    viewfinder.open()
    wait_until(lambda: automatic(Control.WHITE_BALANCE) is True)
