"""Time from starting the program, with its files in the cache, to its window on the screen."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.figures import spread

STARTS = 5


def measure_start(scratch: Path) -> dict[str, float] | None:
    """Start the program a few times; return None without an X screen or xdotool."""
    if "DISPLAY" not in os.environ or shutil.which("xdotool") is None:
        return None
    times_ms = []
    for _ in range(STARTS + 1):
        with tempfile.TemporaryDirectory(dir=scratch) as home:
            times_ms.append(_one_start_ms(Path(home)))
    return spread(times_ms[1:])  # the first fills the cache


def _one_start_ms(home: Path) -> float:
    # not `search --sync`, which looks only twice a second
    search = ["xdotool", "search", "--onlyvisible", "--name", "^dermstation"]
    started = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, "-m", "dermstation", "--home", str(home), "--camera", "sim"],
        stdout=subprocess.DEVNULL,
    )
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
