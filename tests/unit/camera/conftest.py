"""Fixtures for the camera tests: links that are always stopped, and waiting for a condition."""

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from dermstation.camera.link import CameraLink
from dermstation.camera.ring import FrameRing
from dermstation.camera.spec import parse_camera

PATIENCE_S = 120.0


@pytest.fixture(scope="session")
def wait_until() -> Callable[[Callable[[], object]], None]:
    """Return a function that waits for a condition and fails only if it never becomes true."""

    def wait(condition: Callable[[], object]) -> None:
        until = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < until, "the condition never became true"
            time.sleep(0.01)

    return wait


@pytest.fixture
def link_of() -> Iterator[Callable[..., CameraLink]]:
    """Return a function that starts links; they are stopped after the test, whatever happens."""
    started = []

    def start(spec: str, width: int = 320, height: int = 240, **more: object) -> CameraLink:
        link = CameraLink(replace(parse_camera(spec), **more), width=width, height=height)
        started.append(link)
        link.start()
        return link

    yield start
    for link in started:
        link.stop()


@pytest.fixture(autouse=True, scope="package")
def nothing_left_behind() -> Iterator[None]:
    """Fail if a thread, a process or shared memory outlives the tests."""
    rings, create = [], FrameRing.create

    def noting(*arguments: int, **named: int) -> FrameRing:
        ring = create(*arguments, **named)
        rings.append(ring)
        return ring

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FrameRing, "create", noting)
        yield
    assert [one.name for one in threading.enumerate() if one.name == "camera watchdog"] == []
    assert [one.name for one in multiprocessing.active_children() if one.name == "camera"] == []
    for ring in rings:
        with pytest.raises(ValueError, match="released"):
            bytes(ring.memory.buffer[:1])
