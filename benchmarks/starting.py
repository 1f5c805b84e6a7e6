"""Time from starting the program, with its files in the cache, to its window on the screen.

A bare window of the same toolkit is started in turn with it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
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
            ours = ["-m", "dermstation", "--home", home, "--camera", "sim"]
            ours_ms.append(_one_start_ms("^dermstation", ours))
        bare_ms.append(_one_start_ms("^bare window", ["-c", BARE]))
    ours_ms, bare_ms = ours_ms[1:], bare_ms[1:]  # the first fills the cache
    return {
        **spread(ours_ms),
        "bare_window": spread(bare_ms),
        "start_vs_bare_window": round(median(ours_ms) / median(bare_ms), 2),
    }


def _one_start_ms(title: str, arguments: list[str]) -> float:
    # not `search --sync`, which looks only twice a second
    search = ["xdotool", "search", "--onlyvisible", "--name", title]
    started = time.perf_counter()
    program = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
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
