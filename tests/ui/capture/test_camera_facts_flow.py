"""The button of a camera that is unplugged and plugged in again, on the page and between pages."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dermstation.camera.button import EVENT, KEY_CAMERA
from dermstation.camera.link import LinkState
from dermstation.domain.states import LoopState
from dermstation.ui.capture import camera_facts_flow
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.home.page import HomePage
from dermstation.workflow.camera_facts import CameraFacts
from tests.ui.capture.test_flow import at_the_pictures
from tests.ui.desk import Desk

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs Linux input events")


class Camera:
    """The camera's button: an input device that goes with the camera, and comes back as another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: int | None = None
        self._count = 0
        self.node: Path | None = None
        self.asked = 0
        self.plug()

    def facts_of(self, *_: object) -> CameraFacts:
        self.asked += 1
        return CameraFacts("by-id/usb-Test_scope-7", self.node)

    def plug(self) -> None:
        self._count += 1
        node = self._folder / f"event{self._count}"
        os.mkfifo(node)
        self._writer = os.open(node, os.O_RDWR)
        self.node = node

    def press(self) -> None:
        assert self._writer is not None
        os.write(self._writer, EVENT.pack(1, 2, 1, KEY_CAMERA, 1))

    def unplug(self) -> None:
        assert self._writer is not None
        assert self.node is not None
        os.close(self._writer)
        self.node.unlink()
        self._writer = self.node = None

    def close(self) -> None:
        if self._writer is not None:
            os.close(self._writer)


@pytest.fixture
def camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Camera]:
    made = Camera(tmp_path)
    monkeypatch.setattr(camera_facts_flow, "facts_of", made.facts_of)
    monkeypatch.setattr(camera_facts_flow, "ASK_AGAIN_NS", 0)
    yield made
    made.close()


def take_by_button(desk: Desk, camera: Camera) -> None:
    """Press the camera's button once somebody listens, and take the picture again."""
    page = desk.page(CapturePage)
    desk.until(page.shutter.isEnabled)
    flow = desk.window.walk.capture._aids.camera
    desk.until(lambda: flow._listener is not None and flow._listener.is_alive())
    desk.until(lambda: flow._listener._node == camera.node)
    camera.press()
    desk.until(lambda: desk.loop is LoopState.REVIEWING)
    page.retaken.emit()


def replug(desk: Desk, camera: Camera, *, later: Callable[[], object] = lambda: None) -> None:
    """Unplug the camera and plug it in again; its button comes with it, or `later` makes it."""
    camera.unplug()
    desk.link.set_knobs(fault="absent")
    desk.until(lambda: desk.link.status().state is LinkState.ABSENT)
    later() or camera.plug()
    desk.link.set_knobs(fault="none")


def test_the_button_works_after_every_replug_on_the_page(desk, camera) -> None:
    at_the_pictures(desk)
    take_by_button(desk, camera)
    for _ in range(2):
        replug(desk, camera)
        take_by_button(desk, camera)
    assert desk.window.walk.capture._aids.camera.facts.identity == "by-id/usb-Test_scope-7"


def test_the_button_works_after_a_replug_while_a_picture_is_looked_at(desk, camera) -> None:
    page = at_the_pictures(desk)
    take_by_button(desk, camera)
    desk.take()
    replug(desk, camera)
    page.retaken.emit()
    take_by_button(desk, camera)


def test_the_button_works_after_a_replug_and_a_visit_to_another_page(desk, camera) -> None:
    page = at_the_pictures(desk)
    replug(desk, camera)
    page.back_pressed.emit()
    desk.page(HomePage).rows[0].go_on.click()
    take_by_button(desk, camera)


def test_a_button_that_the_system_gives_late_is_found(desk, camera) -> None:
    at_the_pictures(desk)
    take_by_button(desk, camera)
    asked = camera.asked
    replug(desk, camera, later=lambda: True)  # the picture is back before the button
    desk.until(lambda: camera.asked > asked)
    camera.plug()
    take_by_button(desk, camera)


def test_a_camera_without_a_button_is_asked_only_a_few_times(desk, camera) -> None:
    camera.unplug()
    at_the_pictures(desk)
    desk.until(lambda: camera.asked == camera_facts_flow.MOST_QUESTIONS)
    seen: list[int] = []
    desk.window.walk.capture._live.looked.connect(lambda: seen.append(1))
    desk.until(lambda: len(seen) > 10)
    assert camera.asked == camera_facts_flow.MOST_QUESTIONS
