"""Measure the live view: CPU against a bare loop over the same stream, dropped frames, frame age.

Each stream is measured twice: as an attached camera sends it, whose packets are decoded in the
window alone, and as a network camera sends it, whose pictures are decoded in full in the camera
process. The window is also stalled on purpose, for 200 ms each second, to measure the age of the
frame that it shows next.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.attached import attached
from benchmarks.bare import bare_ms_per_frame
from benchmarks.figures import p95, spread
from benchmarks.gate import gate_ms_per_frame
from benchmarks.screen import SIZE
from benchmarks.station import MeasuredView, open_station
from benchmarks.streams import served
from dermstation.imaging.live import LiveAssessor

STALL_S = 0.2
MODES = ((1600, 1200), (1920, 1080))
ATTACHED, NETWORK = "attached", "network"
_WAYS: dict[str, Callable[[str], AbstractContextManager[str]]] = {
    ATTACHED: attached,
    NETWORK: nullcontext,
}


def measure_mode(width: int, height: int, seconds: float, folder: Path) -> list[dict[str, Any]]:
    """Measure one mode by each camera's way, and the bare loop before and after each of them."""
    measured = []
    with served(width, height) as url:
        bare_before = bare_ms_per_frame(url, seconds / 2)
        for way, camera_for in _WAYS.items():
            with camera_for(url) as camera:
                found = _by_way(camera, (width, height), seconds, folder / way)
            bare_after = bare_ms_per_frame(url, seconds / 2)
            bare_ms, bare_before = (bare_before + bare_after) / 2, bare_after
            measured.append(
                {
                    "mode": f"{width}x{height} MJPEG, 30 fps, window {SIZE[0]}x{SIZE[1]}",
                    "camera": way,
                    "bare_cpu_ms_per_frame": round(bare_ms, 2),
                    "live_cpu_ratio": round(found["live_cpu_ms_per_frame"] / bare_ms, 3),
                    **found,
                }
            )
    measured[0]["gate_cpu_ms_per_frame"] = gate_ms_per_frame(width, height)
    return measured


def _by_way(camera: str, mode: tuple[int, int], seconds: float, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    with open_station(folder, camera, *mode) as (station, signed_in, view):
        live = MeasuredView(station)
        live.show(signed_in, view, SIZE)
        try:
            with _timed_scores() as scores:
                found = _steady(live, seconds)
            found.update(scores())
            found.update(_stalled(live, seconds))
        finally:
            live.close()
    return found


def _steady(live: MeasuredView, seconds: float) -> dict[str, Any]:
    live.run(1.0)
    live.forget()
    before = live.cpu_s()
    live.run(seconds)
    after = live.cpu_s()
    shown, ages_ms = list(live.sequences), list(live.ages_ms)
    window_s, camera_s = (new - old for new, old in zip(after, before, strict=True))
    return {
        "live_cpu_ms_per_frame": round((window_s + camera_s) * 1000 / len(shown), 2),
        "of_it_window": round(window_s * 1000 / len(shown), 2),
        "of_it_camera": round(camera_s * 1000 / len(shown), 2),
        "frames_shown": len(shown),
        "frames_dropped": live.lost,
        "paints_every": live.paints_every,  # frames, at the end
        "shown_fps": round(len(shown) / seconds, 1),
        "frame_age": spread(ages_ms),
        "frame_age_p95_ms": round(p95(ages_ms), 1),
    }


def _stalled(live: MeasuredView, seconds: float) -> dict[str, Any]:
    """Stall the window for 200 ms each second, and measure the age of the first frame after it."""
    ages_ms = []
    ends_s = time.perf_counter() + seconds
    while time.perf_counter() < ends_s:
        live.run(0.5 + 0.37 * (len(ages_ms) % 7) / 7)
        live.forget()
        time.sleep(STALL_S)
        while not live.ages_ms:
            live.run(0.02)
        ages_ms.append(live.ages_ms[0])
    return {
        "stalls": len(ages_ms),
        "frame_age_stalled_p95_ms": round(p95(ages_ms), 1),
        "frame_age_stalled_max_ms": round(max(ages_ms), 1),
    }


@contextmanager
def _timed_scores() -> Iterator[Callable[[], dict[str, Any]]]:
    """Time the live scores of the block, without decoding: by the clock, and of the processor."""
    took_ms: list[float] = []
    cpu_ms: list[float] = []
    assess = LiveAssessor.assess

    def timed(*given: Any) -> Any:
        began_s = time.thread_time()
        report = assess(*given)
        cpu_ms.append((time.thread_time() - began_s) * 1000)
        took_ms.append(report.elapsed_ms)
        return report

    with patch.object(LiveAssessor, "assess", timed):
        yield lambda: {"score_ms": spread(took_ms), "score_cpu_ms": spread(cpu_ms)}
