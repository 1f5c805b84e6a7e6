"""Time the way from a press to the picture in the vault, against plainly writing the same bytes.

The frames of the burst before the press are in focus if the hand is steady, so nothing is waited
for. With a hand that is never steady, the station waits for the frames until 200 ms after the
press; `benchmarks/burst.py` times that.
"""

import os
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import p95, spread, until
from benchmarks.station import open_station
from dermstation.camera.frames import Frame
from dermstation.camera.link import CameraLink
from dermstation.domain.shots import ShotKind
from dermstation.workflow import capturing
from dermstation.workflow.bursting import Press, hold_sharpest

_FULL_WINDOW_NS = 450_000_000


def measure_presses(camera: str, presses: int, folder: Path) -> dict[str, Any]:
    """Press the shutter again and again, and time how long each picture takes to be saved."""
    kinds = ("press_durable", "hold", "save", "plain_write")
    times_ms: dict[str, list[float]] = {kind: [] for kind in kinds}
    stored: list[int] = []
    with open_station(folder, camera) as (station, signed_in, view):
        station.viewfinder.aim(ShotKind.DERMOSCOPIC)
        link = station.viewfinder.link
        assert link is not None
        for number in range(presses):
            frame = _after_a_full_window(link)
            pressed_ns = time.perf_counter_ns()
            press = Press(
                frame, pressed_ns, ShotKind.DERMOSCOPIC, "bench", focus=station.viewfinder.focus
            )
            held = station.jobs.on_worker(hold_sharpest, link, press).result()
            reviewed_ns = time.perf_counter_ns()
            station.jobs.on_vault(
                capturing.save, signed_in.vault, held, view.lesions[0], signed_in.operator, "bench"
            ).result()
            saved_ns = time.perf_counter_ns()
            _plain_write(folder / f"{number}.plain", held.data)
            times_ms["plain_write"].append((time.perf_counter_ns() - saved_ns) / 1e6)
            times_ms["press_durable"].append((saved_ns - pressed_ns) / 1e6)
            times_ms["hold"].append((reviewed_ns - pressed_ns) / 1e6)
            times_ms["save"].append((saved_ns - reviewed_ns) / 1e6)
            stored.append(len(held.data))
    return {
        "presses": presses,
        "stored_bytes": round(median(stored)),
        **{kind: spread(values) for kind, values in times_ms.items()},
        "press_durable_p95_ms": round(p95(times_ms["press_durable"]), 1),
        "press_vs_fsync": _ratio(times_ms, "press_durable"),
        "save_vs_fsync": _ratio(times_ms, "save"),
    }


def _after_a_full_window(link: CameraLink) -> Frame:
    """Wait until the ring holds all the frames that a press may choose from; return the newest."""
    began_ns, sequence = time.perf_counter_ns(), -1
    found: list[Frame] = []

    def arrived() -> bool:
        frame = link.newest(after_sequence=sequence)
        if frame is None or time.perf_counter_ns() - began_ns < _FULL_WINDOW_NS:
            return False
        found.append(frame)
        return True

    until(arrived)
    return found[-1]


def _ratio(times_ms: dict[str, list[float]], kind: str) -> float:
    return round(median(times_ms[kind]) / median(times_ms["plain_write"]), 2)


def _plain_write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
