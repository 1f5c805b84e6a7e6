"""Measure the memory of a live view: how much, and how much more after minutes.

All processes run at once, as they do in use, so that what they share is counted once. The window's
process has the benchmark in it, and stands for the launcher too, which `benchmarks/locking.py`
counts. A stream is an attached camera's or a network camera's, as in `benchmarks/live.py`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks.attached import attached
from benchmarks.screen import SIZE
from benchmarks.station import MeasuredView, open_station
from benchmarks.streams import served
from dermstation.process_messages import LineKind, Wanted
from dermstation.station_child import Child
from dermstation.station_process import run_station

WARM_UP_S = 30.0  # until the ring has been filled once and everything made only once exists
_LOOKS = 30


def measure_memory(seconds: float, folder: Path, *, is_attached: bool = False) -> dict[str, Any]:
    """Compare resident memory after the warm-up with that at the end, in MiB."""
    camera_for = attached if is_attached else nullcontext
    with (
        served(1600, 1200) as url,
        camera_for(url) as camera,
        open_station(folder, camera) as (station, signed_in, view),
        _process_that_waits(folder),
    ):
        live = MeasuredView(station)
        live.show(signed_in, view, SIZE)
        try:
            live.run(WARM_UP_S)
            first, private = _resident_mib(live), _private_mib(live)
            looks = [first]
            for _ in range(_LOOKS):
                live.run(seconds / _LOOKS)
                live.forget()  # the benchmark's own notes
                live.stir()
                looks.append(_resident_mib(live))
            private = _private_mib(live) - private
            shares = pss_mib(_family(live))
        finally:
            live.close()
    last = looks[-1]
    return {
        "seconds": seconds,
        "live_pss_mib": round(sum(shares), 1),
        "of_it_window_camera_and_others": [round(one, 1) for one in shares],
        "window_mib": [round(first[0], 1), round(last[0], 1)],
        "camera_mib": [round(first[1], 1), round(last[1], 1)],
        "highest_mib": round(max(map(sum, looks)), 1),
        "private_growth_mib": round(private, 2),
        "rss_growth_mib": round(sum(last) - sum(first), 2),
    }


@contextmanager
def _process_that_waits(folder: Path) -> Iterator[None]:
    """Have a process with everything loaded wait for a lock, in the block."""
    waiting = Child(run_station)
    try:
        waiting.send(Wanted(folder / "waits").to_message())
        ready = waiting.received()
        assert ready is not None
        assert ready.kind is LineKind.READY
        yield
    finally:
        waiting.finish()


def pss_mib(processes: list[psutil.Process]) -> list[float]:
    """Return the memory of each process; what several share is divided among them."""
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            found.append(process.memory_full_info().pss / 2**20)
    return found


def _family(live: MeasuredView) -> list[psutil.Process]:
    """Return window, camera, and what else was started: what waits, spare, resource tracker."""
    window, camera = live.processes()
    ours = [
        one
        for one in window.children(recursive=True)
        if one.pid != camera.pid and any("multiprocessing" in word for word in one.cmdline())
    ]
    return [window, camera, *ours]


def _resident_mib(live: MeasuredView) -> list[float]:
    return [process.memory_info().rss / 2**20 for process in live.processes()]


def _private_mib(live: MeasuredView) -> float:
    """Return the memory that the processes do not share: without the ring and libraries."""
    return sum(process.memory_full_info().uss for process in live.processes()) / 2**20
