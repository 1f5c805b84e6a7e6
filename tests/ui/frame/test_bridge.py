"""Outcomes of jobs come back on the window's thread, each to its own callback."""

import threading

import pytest
from pytestqt.qtbot import QtBot

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.ui.frame.bridge import Bridge
from dermstation.workflow.jobs import Jobs


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.stop()


def never(_outcome: object) -> None:
    raise AssertionError("this callback was not to be called")


def test_a_result_arrives_on_the_thread_of_the_window(qtbot: QtBot, jobs: Jobs) -> None:
    bridge, seen = Bridge(), []
    bridge.watch(
        jobs.on_vault(threading.current_thread),
        lambda worker: seen.append((worker.name, threading.current_thread())),
        never,
    )
    qtbot.waitUntil(lambda: bool(seen))
    worker, here = seen[0]
    assert worker.startswith("vault")
    assert here is threading.main_thread()


def test_a_known_trouble_goes_to_its_own_callback(qtbot: QtBot, jobs: Jobs) -> None:
    def fail() -> None:
        raise StationError(ErrorCode.VAULT_DISK_FULL)

    bridge, seen = Bridge(), []
    bridge.watch(jobs.on_vault(fail), never, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0].code is ErrorCode.VAULT_DISK_FULL


def test_a_bug_is_never_swallowed(qtbot: QtBot, jobs: Jobs) -> None:
    bridge = Bridge()
    with qtbot.waitSignal(bridge.crashed) as crash:
        bridge.watch(jobs.aside(lambda: 1 // 0), never, never)
    assert isinstance(crash.args[0], ZeroDivisionError)


def test_the_vault_has_one_thread_and_keeps_the_order(jobs: Jobs) -> None:
    order: list[int] = []
    threads = {
        future.result()
        for future in [
            jobs.on_vault(lambda i=i: (order.append(i), threading.get_ident())[1])
            for i in range(50)
        ]
    }
    assert order == list(range(50))
    assert len(threads) == 1
