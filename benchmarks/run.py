"""Measure the promised speeds on the real window and the real vault, and print one JSON object.

python -m benchmarks.run [--quick] [--slow] [--part PART ...]

Only the object goes to standard output; progress goes to standard error. Every ratio compares two
figures of the same run. The keys at the top are live_cpu_ratio (CPU time of both processes for each
frame shown of an attached camera, against a bare read loop over the same stream), the same of a
network camera, frames_dropped, frame_age_p95_ms, frame_age_stalled_p95_ms, press_durable_p95_ms,
press_vs_fsync, rss_growth_mib, burst_gain, score_p95_ms and search_p95_ms (10,000 episodes). Each
is the worst of the modes and cameras below.

The parts run one after another, except two: the three minutes of live view in which memory is
measured run in a separate process while the shutter is pressed with a trembling hand. Neither of
the two measures time.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from benchmarks.burst import measure_burst
from benchmarks.frozen import measure_frozen_start
from benchmarks.held import measure_held
from benchmarks.live import ATTACHED, MODES, NETWORK, measure_mode
from benchmarks.locking import measure_lock
from benchmarks.package import package_vs_encode
from benchmarks.peers import measure_peers
from benchmarks.press import measure_presses
from benchmarks.screen import SIZE, virtual_screen
from benchmarks.search import measure_search
from benchmarks.slowing import halved
from benchmarks.stalls import measure_stalls
from benchmarks.starting import measure_start

Measure = Callable[[float, Path], Any]  # the share of the full time, and a folder of its own

SCRATCH = Path(__file__).parents[1] / "bench-out"  # on a disk; /tmp may be in memory
CAMERAS = ("sim", "sim:jpeg=1")
LOOKS = {"sharp": 0.0, "soft": 4.0}  # radius of the blur in px; soft frames are waited for
_BEGAN_S = time.monotonic()
_MEMORY = """
import json, sys, tempfile
from pathlib import Path
from dermstation.ui.system.interpreter import suit_a_window
suit_a_window()
from benchmarks.memory import measure_memory
with tempfile.TemporaryDirectory(dir="bench-out") as folder:
    is_attached = sys.argv[2] == "attached"
    print(json.dumps(measure_memory(float(sys.argv[1]), Path(folder), is_attached=is_attached)))
"""


def _live(share: float, folder: Path) -> list[dict[str, Any]]:
    found = []
    for width, height in MODES:
        measured = measure_mode(width, height, max(2.0, 8 * share), _fresh(folder, f"{width}"))
        ratios = ", ".join(f"{one['camera']} {one['live_cpu_ratio']}" for one in measured)
        _tell(f"live {width}x{height}, of the bare loop's CPU for each frame: {ratios}")
        found += measured
    return found


def _press(share: float, folder: Path) -> dict[str, Any]:
    presses = max(5, round(30 * share))
    found = {}
    for place, camera in enumerate(CAMERAS):
        found[camera] = measure_presses(camera, presses, _fresh(folder, f"{place}"))
        for look, focus in LOOKS.items():
            aside = _fresh(folder, f"{place}-{look}")
            found[camera][look] = measure_held(camera, max(5, presses // 2), aside, focus)
    return found


PARTS: Mapping[str, tuple[str, Measure]] = {
    "start": ("start_to_window", lambda _, folder: measure_start(folder)),
    "frozen": ("frozen_start_to_window", lambda _, folder: measure_frozen_start(folder)),
    "lock": ("lock", lambda _, folder: measure_lock(folder)),
    "live": ("live", _live),
    "press": ("press", _press),
    "burst": ("burst", lambda share, folder: measure_burst(max(8, round(200 * share)), folder)),
    "peers": ("peers", lambda share, _: measure_peers(5 * share)),
    "package": ("package_vs_encode", lambda *_: package_vs_encode()),
    "memory": ("memory", lambda share, _: _memory(share)),
    "stalls": ("stalls", lambda _, folder: measure_stalls(folder)),
    "search": (
        "search",
        lambda share, folder: measure_search(max(5, round(40 * share)), folder),
    ),
}


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="rough figures in a tenth of the time")
    parser.add_argument("--slow", action="store_true", help="with half of the processor")
    parser.add_argument("--part", action="append", choices=PARTS, help="default: all")
    wanted = parser.parse_args()
    SCRATCH.mkdir(exist_ok=True)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
    with halved() if wanted.slow else nullcontext("all of it") as speed, virtual_screen() as screen:
        found = _measure(wanted.part or list(PARTS), 0.1 if wanted.quick else 1.0)
    report = {
        **_headline(found),
        "screen": f"{SIZE[0]}x{SIZE[1]}, {screen}",
        "processors": os.cpu_count(),
        "processor": speed,
        "seconds": round(time.monotonic() - _BEGAN_S),
        **found,
    }
    print(json.dumps(report, indent=2))


def _measure(parts: list[str], share: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    aside = {"burst", "memory"} <= set(parts)
    for part in parts:
        key, measure = PARTS[part]
        if aside and part == "memory":
            continue
        _tell(part)
        with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
            if aside and part == "burst":
                with _memory_aside(share) as memory:
                    found[key] = measure(share, Path(folder))
                    _tell("burst is done, memory is not")
                found.update(memory)
            else:
                found[key] = measure(share, Path(folder))
    _tell("done")
    return found


@contextmanager
def _memory_aside(share: float) -> Iterator[dict[str, Any]]:
    """Measure memory in a separate process; the figures are available when the block ends.

    How much it grows is measured with the pixels of a network camera; an attached one follows.
    """
    process = _memory_process(180 * share, NETWORK)
    found: dict[str, Any] = {}
    try:
        yield found
        found["memory"] = {NETWORK: _said(process)}
        process = _memory_process(10 * share, ATTACHED)
        found["memory"][ATTACHED] = _said(process)
    finally:
        process.kill()
        process.wait()


def _memory_process(seconds: float, camera: str) -> "subprocess.Popen[bytes]":
    """Start it; its children would load this module and all that it loads if it were their main."""
    command = [sys.executable, "-c", _MEMORY, str(seconds), camera]
    pipe = subprocess.PIPE  # for its warnings too
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, cwd=Path(__file__).parents[1])


def _said(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    said, told = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(told.decode("utf-8", "replace"))
    found: dict[str, Any] = json.loads(said)
    return found


def _memory(share: float) -> dict[str, Any]:
    with _memory_aside(share) as found:
        pass
    measured: dict[str, Any] = found["memory"]
    return measured


def _fresh(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


def _tell(words: str) -> None:
    print(f"bench: {time.monotonic() - _BEGAN_S:4.0f} s  {words}", file=sys.stderr, flush=True)


def _headline(found: dict[str, Any]) -> dict[str, Any]:
    """Return the promised keys: the worst of the modes and cameras; None if not measured."""
    live, press = found.get("live", []), list(found.get("press", {}).values())
    by_camera = {
        camera: [part for part in live if part["camera"] == camera]
        for camera in (ATTACHED, NETWORK)
    }

    def worst(parts: list[dict[str, Any]], key: str) -> float | None:
        return max((part[key] for part in parts), default=None)

    return {
        "live_cpu_ratio": worst(by_camera[ATTACHED], "live_cpu_ratio"),
        "live_network_cpu_ratio": worst(by_camera[NETWORK], "live_cpu_ratio"),
        "frames_dropped": sum(part["frames_dropped"] for part in live) if live else None,
        "frame_age_p95_ms": worst(live, "frame_age_p95_ms"),
        "frame_age_stalled_p95_ms": worst(live, "frame_age_stalled_p95_ms"),
        "press_to_held_p95_ms": worst(
            [part[look] for part in press for look in LOOKS], "press_to_held_p95_ms"
        ),
        "press_durable_p95_ms": worst(press, "press_durable_p95_ms"),
        "press_vs_fsync": worst(press, "press_vs_fsync"),
        "gui_stall_ms": found.get("stalls", {}).get("longest_ms"),
        "memory_pss_mib": _memory_pss_mib(found, ATTACHED),
        "memory_network_pss_mib": _memory_pss_mib(found, NETWORK),
        "rss_growth_mib": found.get("memory", {}).get(NETWORK, {}).get("rss_growth_mib"),
        "burst_gain": found.get("burst", {}).get("burst_gain"),
        "search_p95_ms": found.get("search", {}).get("search_p95_ms"),
        "score_p95_ms": worst([part["score_ms"] for part in live], "p95_ms"),
        "score_cpu_p95_ms": worst([part["score_cpu_ms"] for part in live], "p95_ms"),
    }


def _memory_pss_mib(found: dict[str, Any], camera: str) -> float | None:
    """Return the memory of all processes while the picture is live, with those that wait."""
    live, lock = found.get("memory"), found.get("lock")
    if not live or not lock:
        return None
    return round(live[camera]["live_pss_mib"] + lock["of_it_launcher_and_others"][0], 1)


if __name__ == "__main__":
    main()
