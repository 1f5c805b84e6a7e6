"""A second camera process waits while pictures come, and takes over if the first is lost."""

import multiprocessing
from collections.abc import Callable

import psutil
import pytest

from dermstation.camera.link import CameraLink

Wait = Callable[[Callable[[], object]], None]


def camera_processes() -> set[int | None]:
    return {one.pid for one in multiprocessing.active_children() if one.name == "camera"}


@pytest.mark.expects_log("camera process ended and is replaced")
def test_the_replacement_process_was_already_waiting(
    link_of: Callable[..., CameraLink], wait_until: Wait
) -> None:
    others = camera_processes()
    link = link_of("sim")
    wait_until(lambda: link.newest() is not None)
    first = link.process_id
    wait_until(lambda: len(camera_processes() - others) == 2)
    (spare,) = camera_processes() - others - {first}
    link.set_knobs(fault="crash")
    wait_until(lambda: link.status().restarts == 1)
    last = link.newest()
    assert last is not None
    wait_until(lambda: link.newest(last.sequence))
    assert link.process_id == spare
    wait_until(lambda: len(camera_processes() - others) == 2)  # and another one waits
    link.stop()
    assert camera_processes() == others


@pytest.mark.expects_log("camera process ended and is replaced")
def test_a_spare_that_died_while_it_waited_is_not_used(
    link_of: Callable[..., CameraLink], wait_until: Wait
) -> None:
    others = camera_processes()
    link = link_of("sim")
    wait_until(lambda: len(camera_processes() - others) == 2)
    (spare,) = camera_processes() - others - {link.process_id}
    assert spare is not None
    psutil.Process(spare).kill()
    wait_until(lambda: spare not in camera_processes())
    link.set_knobs(fault="crash")
    wait_until(lambda: link.status().restarts == 1)
    last = link.newest()
    assert last is not None
    wait_until(lambda: link.newest(last.sequence))
