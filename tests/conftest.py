"""Common fixtures of every test: a home of its own, and failure on what it leaves behind or logs.

A module of tests fails that leaves a thread or a child process running; a test fails that makes
the program log at WARNING or above unless it is marked so:
`@pytest.mark.expects_log("regular expression", ...)`; then each expression must be met and nothing
else may be logged.
"""

import gc
import logging
import multiprocessing.resource_tracker
import os
import re
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import settings as hypothesis_settings

from dermstation.heap import keep_freed_memory
from dermstation.paths import HOME_VARIABLE

PROGRAM_LOG = "dermstation"
SKIPPED = pytest.StashKey[bool]()
OF_PYTEST = "pytest_timeout"  # on Windows it counts in a thread of its own for each test
SECONDS_TO_END = 120.0  # a busy machine takes long to end what was told to

# Of each process that loads NumPy, threads for large matrices would spin for a while at its start.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
keep_freed_memory()  # as the program does in its own processes

# The same examples in every run, and no verdict by the clock of a busy machine.
hypothesis_settings.register_profile("check", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("check")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bundle", type=Path, help="folder of the frozen program (tests/bundle)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "expects_log(*expressions): the program logs these at WARNING or above"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the thousands of tests out of all searches for garbage, which find none among them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped:
        item.stash[SKIPPED] = True
    return report


class _Watch(logging.Handler):
    """Keep what the program logs at WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def station_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the program away from the real station of whoever runs the tests."""
    home = tmp_path / "station-home"
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    return home


@pytest.fixture(autouse=True)
def _log_as_expected(request: pytest.FixtureRequest) -> Iterator[None]:
    program_log = logging.getLogger(PROGRAM_LOG)
    level, propagate, handlers = (
        program_log.level,
        program_log.propagate,
        list(program_log.handlers),
    )
    watch = _Watch()
    program_log.addHandler(watch)
    yield
    for handler in set(program_log.handlers) - set(handlers):
        program_log.removeHandler(handler)
        handler.close()
    program_log.setLevel(level)
    program_log.propagate = propagate
    was_skipped = request.node.stash.get(SKIPPED, False)  # before it came to what is expected
    expected = [
        expression
        for marker in request.node.iter_markers("expects_log")
        for expression in marker.args
    ]
    unexpected = [line for line in watch.lines if not any(re.search(one, line) for one in expected)]
    unmet = [one for one in expected if not any(re.search(one, line) for line in watch.lines)]
    assert not unexpected, f"logged and not expected: {unexpected}"
    assert was_skipped or not unmet, f"expected in the log and not there: {unmet}"


@pytest.fixture(autouse=True, scope="module")  # a module may share a camera between its tests
def _nothing_left_running() -> Iterator[None]:
    threads_before = set(threading.enumerate())
    children_before = set(_children())
    yield
    ends_at = time.monotonic() + SECONDS_TO_END
    threads = [
        thread
        for thread in threading.enumerate()
        if thread not in threads_before and not thread.name.startswith(OF_PYTEST)
    ]
    for thread in threads:
        thread.join(max(0.0, ends_at - time.monotonic()))
    _, children = psutil.wait_procs(
        [child for child in _children() if child not in children_before],
        timeout=max(0.0, ends_at - time.monotonic()),
    )
    left = [thread.name for thread in threads if thread.is_alive()]
    left += [f"process {child.pid}" for child in children]
    for child in children:
        child.kill()
    assert not left, f"left running: {left}"


def _children() -> list[psutil.Process]:
    """List child processes but for Python's own two, which live as long as we do.

    One tracks resources, the other forks further children of ours (tests/ui/forking.py).
    """
    tracker = getattr(multiprocessing.resource_tracker._resource_tracker, "_pid", None)
    loaded = sys.modules.get("multiprocessing.forkserver")  # Windows has none
    forker = getattr(getattr(loaded, "_forkserver", None), "_forkserver_pid", None)
    children = psutil.Process().children()
    for one in [child for child in children if child.pid == forker]:
        children += one.children()
    return [child for child in children if child.pid not in (tracker, forker)]
