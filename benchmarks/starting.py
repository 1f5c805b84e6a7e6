"""Time from starting the program, with its files in the cache, to its window on the screen.

A bare window of the same toolkit is started in turn with it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median

import psutil

from benchmarks.figures import spread

STARTS = 5
BARE = """
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget(windowTitle="bare window")
window.showMaximized()
application.exec()
"""


def measure_start(scratch: Path) -> dict[str, object] | None:
    """Start the program a few times; return None without an X screen or xdotool."""
    if "DISPLAY" not in os.environ or shutil.which("xdotool") is None:
        return None
    ours_ms, bare_ms = [], []
    for _ in range(STARTS + 1):
        with tempfile.TemporaryDirectory(dir=scratch) as home:
            ours = [sys.executable, "-m", "dermstation", "--home", home, "--camera", "sim"]
            ours_ms.append(one_start_ms("^dermstation", ours))
        bare_ms.append(one_start_ms("^bare window", [sys.executable, "-c", BARE]))
    ours_ms, bare_ms = ours_ms[1:], bare_ms[1:]  # the first fills the cache
    return {
        **spread(ours_ms),
        "bare_window": spread(bare_ms),
        "start_vs_bare_window": round(median(ours_ms) / median(bare_ms), 2),
    }


def one_start_ms(title: str, command: Sequence[str | Path]) -> float:
    """Start a program and return the time until its window is shown; then end it."""
    # not `search --sync`, which looks only twice a second
    search = ["xdotool", "search", "--onlyvisible", "--name", title]
    started = time.perf_counter()
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while subprocess.run(search, capture_output=True, check=False).returncode != 0:
            assert program.poll() is None, "the program ended"
        return (time.perf_counter() - started) * 1000
    finally:
        family = psutil.Process(program.pid).children(recursive=True)
        program.kill()
        program.wait()
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family)
