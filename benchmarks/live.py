"""Measure the live view: CPU against a bare loop over the same stream, dropped frames, frame age.

The window is also stalled on purpose, for 200 ms each second, to measure the age of the frame that
it shows next.
"""

import time
from pathlib import Path
from typing import Any

from benchmarks.bare import bare_ms_per_frame
from benchmarks.figures import p95, spread
from benchmarks.gate import gate_ms_per_frame
from benchmarks.screen import SIZE
from benchmarks.station import MeasuredView, open_station
from benchmarks.streams import served

STALL_S = 0.2
MODES = ((1600, 1200), (1920, 1080))


def measure_mode(
    width: int, height: int, seconds: float, folder: Path, screen: tuple[int, int] = SIZE
) -> dict[str, Any]:
    """Measure one mode, and the bare loop before and after it."""
    with served(width, height) as url:
        bare_before = bare_ms_per_frame(url, seconds / 2)
        with open_station(folder, url, width, height) as (station, signed_in, view):
            live = MeasuredView(station)
            live.show(signed_in, view, screen)
            try:
                found = _steady(live, seconds)
                found.update(_stalled(live, seconds))
                found["score_ms"] = _scores(live, seconds / 2)
            finally:
                live.close()
        bare_after = bare_ms_per_frame(url, seconds / 2)
    bare_ms = (bare_before + bare_after) / 2
    return {
        "mode": f"{width}x{height} MJPEG, 30 fps, window {screen[0]}x{screen[1]}",
        "bare_cpu_ms_per_frame": round(bare_ms, 2),
        "live_cpu_ratio": round(found["live_cpu_ms_per_frame"] / bare_ms, 3),
        "gate_cpu_ms_per_frame": gate_ms_per_frame(width, height),
        **found,
    }


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


def _scores(live: MeasuredView, seconds: float) -> dict[str, float]:
    """Return how long a live score took, from the reports, which do not count decoding."""
    times_ms: dict[int, float] = {}
    for _ in range(round(seconds * 10)):
        live.run(0.1)
        scorer = live.station.viewfinder.scorer
        report = scorer.latest() if scorer is not None else None
        if report is not None:
            times_ms[id(report)] = report.elapsed_ms
    return spread(list(times_ms.values()))
