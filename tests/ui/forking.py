"""Fork the camera processes of tests from one that has loaded what they need.

They are as real and as separate as those that the program starts, but take less of the processor.
`tests/unit/camera` starts them as the program does.
"""

import multiprocessing.forkserver
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.reduction import DupFd, ForkingPickler
from types import SimpleNamespace
from typing import Any

import pytest

from dermstation.camera import child
from dermstation.camera.shared_memory import NamelessMemory

_LOADED = ["dermstation.camera.process", "tests.ui.drawn_scenes"]


def received(handle: Any, size: int) -> NamelessMemory:
    """Return memory in the process that it was handed to."""
    return NamelessMemory(handle.detach(), size)


def _handed_over(memory: NamelessMemory) -> tuple[Any, ...]:
    return received, (DupFd(memory._handle), memory.size)


@contextmanager
def fork_server() -> Iterator[Any]:
    """Hold what starts processes by forking; it loads what they need beforehand."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(_LOADED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # it would skip what it cannot find
        multiprocessing.forkserver.ensure_running()
    yield forking
    multiprocessing.forkserver._forkserver._stop()


@contextmanager
def forked_cameras(forking: Any) -> Iterator[None]:
    """Fork camera processes until the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "multiprocessing", SimpleNamespace(get_context=lambda _: forking))
        patch.setitem(ForkingPickler._extra_reducers, NamelessMemory, _handed_over)
        yield
