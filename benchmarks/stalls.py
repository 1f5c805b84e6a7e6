"""Find where the window stands still: play the demonstration, and watch its event loop.

A stall is a time in which the window's thread handles no event. On a busy machine it may be waiting
for the processor: what it used itself is reported as well, and depends little on others.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

STALL_MS = 100.0
_BEAT_MS = 5


def measure_stalls(folder: Path) -> dict[str, Any]:
    """Play the demonstration in a process of its own, and return the stalls of its window."""
    command = [sys.executable, "-m", "benchmarks.stalls", str(folder / "demo")]
    ended = subprocess.run(
        command, capture_output=True, check=True, cwd=Path(__file__).parents[1], env={**os.environ}
    )
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


class _Beats:
    """A watcher of the event loop of a window that is played."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.stalls: list[dict[str, Any]] = []
        self.longest_ms = self.longest_cpu_ms = 0.0
        self._before = (time.perf_counter(), time.thread_time())
        self._page = ""
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start(_BEAT_MS)

    def _on_beat(self) -> None:
        from PySide6.QtWidgets import QApplication

        now = (time.perf_counter(), time.thread_time())
        wall_ms, cpu_ms = ((new - old) * 1000 for new, old in zip(now, self._before, strict=True))
        shells = [one.shell for one in QApplication.topLevelWidgets() if hasattr(one, "shell")]
        page = type(shells[0].page).__name__ if shells else ""
        self.longest_ms = max(self.longest_ms, wall_ms)
        self.longest_cpu_ms = max(self.longest_cpu_ms, cpu_ms)
        if cpu_ms > STALL_MS:
            where = f"{self._page} to {page}" if page != self._page else page
            found = {"where": where, "ms": round(wall_ms), "cpu_ms": round(cpu_ms)}
            self.stalls.append(found)
        self._page = page
        self._before = (time.perf_counter(), time.thread_time())


def _play(out: Path) -> None:
    from dermstation.ui.system.interpreter import suit_a_window

    suit_a_window()
    from dermstation import robot
    from dermstation.demo import run_demo_headless

    beats: list[_Beats] = []
    made = robot.qt_application

    def watched() -> Any:
        application = made()
        beats.append(_Beats())
        return application

    robot.qt_application = watched  # type: ignore[attr-defined]
    # pictures of the window are the robot's work, and would count as the window's
    robot.Robot._screenshot = lambda self, _page, name: self._shown.append(name)  # type: ignore[method-assign]
    report = run_demo_headless(out, camera=None)
    assert report["ok"], "the demonstration failed"
    print(
        json.dumps(
            {
                "stalls": beats[0].stalls,
                "longest_ms": round(beats[0].longest_ms),
                "longest_cpu_ms": round(beats[0].longest_cpu_ms),
            }
        )
    )


if __name__ == "__main__":
    _play(Path(sys.argv[1]))
