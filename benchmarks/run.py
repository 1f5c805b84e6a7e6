"""Measure what is promised for speed, on the real window and the real vault; print one JSON object.

python -m benchmarks.run [--quick] [--part PART ...]

Nothing but the object goes to standard output; progress goes to standard error. All ratios are of
two figures of the same run. The keys at the top: live_cpu_ratio (CPU of both processes for each
frame shown, against a bare read loop over the same stream), frames_dropped, frame_age_p95_ms,
frame_age_stalled_p95_ms, press_durable_p95_ms, press_vs_fsync, rss_growth_mib, burst_gain,
score_p95_ms, search_p95_ms (of 10,000 episodes), each the worst of the modes and cameras below it.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.burst import measure_burst
from benchmarks.live import MODES, measure_mode
from benchmarks.memory import measure_memory
from benchmarks.package import package_vs_encode
from benchmarks.peers import measure_peers
from benchmarks.press import measure_presses
from benchmarks.screen import SIZE, virtual_screen
from benchmarks.search import measure_search
from benchmarks.starting import measure_start

SCRATCH = Path(__file__).parents[1] / "bench-out"  # a disk: /tmp may be memory
CAMERAS = ("sim", "sim:jpeg=1")
PARTS = ("start", "live", "press", "burst", "peers", "memory", "package", "search")


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the time, rough figures")
    parser.add_argument("--part", action="append", choices=PARTS, help="default: all")
    wanted = parser.parse_args()
    SCRATCH.mkdir(exist_ok=True)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
    with virtual_screen() as screen:
        found = _measure(wanted.part or PARTS, 0.1 if wanted.quick else 1.0)
    report = {
        **_headline(found),
        "screen": f"{SIZE[0]}x{SIZE[1]}, {screen}",
        "processors": os.cpu_count(),
        **found,
    }
    print(json.dumps(report, indent=2))


def _measure(parts: tuple[str, ...], share: float) -> dict[str, Any]:
    def in_folder(measure: Callable[[Path], Any]) -> Any:
        with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
            return measure(Path(folder))

    found: dict[str, Any] = {}
    for part in parts:
        print(f"bench: {part}", file=sys.stderr)
        if part == "start":
            found["start_to_window"] = measure_start(SCRATCH)
        elif part == "live":
            found["live"] = [
                in_folder(lambda folder, mode=mode: measure_mode(*mode, 12 * share, folder))
                for mode in MODES
            ]
        elif part == "press":
            found["press"] = {
                camera: in_folder(
                    lambda folder, camera=camera: measure_presses(
                        camera, max(5, round(40 * share)), folder
                    )
                )
                for camera in CAMERAS
            }
        elif part == "burst":
            found["burst"] = in_folder(
                lambda folder: measure_burst(max(8, round(200 * share)), folder)
            )
        elif part == "peers":
            found["peers"] = measure_peers(10 * share)
        elif part == "memory":
            found["memory"] = in_folder(lambda folder: measure_memory(180 * share, folder))
        else:
            found |= _without_camera(part, share, in_folder)
    return found


def _without_camera(
    part: str, share: float, in_folder: Callable[[Callable[[Path], Any]], Any]
) -> dict[str, Any]:
    if part == "package":
        return {"package_vs_encode": package_vs_encode()}
    rounds = max(5, round(40 * share))
    return {"search": in_folder(lambda folder: measure_search(rounds, folder))}


def _headline(found: dict[str, Any]) -> dict[str, Any]:
    """Give the promised keys: the worst of the modes and cameras; null for what was not asked."""
    live, press = found.get("live", []), list(found.get("press", {}).values())

    def worst(parts: list[dict[str, Any]], key: str) -> float | None:
        return max((part[key] for part in parts), default=None)

    return {
        "live_cpu_ratio": worst(live, "live_cpu_ratio"),
        "frames_dropped": sum(part["frames_dropped"] for part in live) if live else None,
        "frame_age_p95_ms": worst(live, "frame_age_p95_ms"),
        "frame_age_stalled_p95_ms": worst(live, "frame_age_stalled_p95_ms"),
        "press_durable_p95_ms": worst(press, "press_durable_p95_ms"),
        "press_vs_fsync": worst(press, "press_vs_fsync"),
        "rss_growth_mib": found.get("memory", {}).get("rss_growth_mib"),
        "burst_gain": found.get("burst", {}).get("burst_gain"),
        "search_p95_ms": found.get("search", {}).get("search_p95_ms"),
        "score_p95_ms": max((part["score_ms"]["p95_ms"] for part in live), default=None),
    }


if __name__ == "__main__":
    main()
