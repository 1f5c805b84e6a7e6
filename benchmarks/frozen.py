"""Time from starting the frozen program to its window on the screen, by turns with three others.

They are the same program from source, and a bare window of the same toolkit, frozen and from
source. `make package` freezes the program; the bare one is frozen here.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.figures import spread
from benchmarks.starting import BARE, STARTS, one_start_ms

FROZEN = Path(__file__).parents[1] / "dist" / "dermstation" / "dermstation"


def measure_frozen_start(scratch: Path) -> dict[str, object] | None:
    """Start each a few times; return None without a frozen program, an X screen or xdotool."""
    if not FROZEN.exists() or "DISPLAY" not in os.environ or shutil.which("xdotool") is None:
        return None
    python = sys.executable
    bare = _frozen_bare_window(scratch)
    commands = {
        "frozen": [FROZEN],
        "source": [python, "-m", "dermstation"],
        "frozen_bare_window": [bare],
        "bare_window": [python, "-c", BARE],
    }
    times_ms: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(STARTS + 1):
        for name, command in commands.items():
            title = "^bare window" if name.endswith("bare_window") else "^dermstation"
            with tempfile.TemporaryDirectory(dir=scratch) as home:
                more = ["--home", home, "--camera", "sim"] if title == "^dermstation" else []
                times_ms[name].append(one_start_ms(title, [*command, *more]))
    counted = {name: times[1:] for name, times in times_ms.items()}  # the first fills the cache
    middle = {name: median(times) for name, times in counted.items()}
    return {
        **{name: spread(times) for name, times in counted.items()},
        "frozen_vs_source": round(middle["frozen"] / middle["source"], 2),
        "frozen_vs_frozen_bare_window": round(middle["frozen"] / middle["frozen_bare_window"], 2),
    }


def _frozen_bare_window(scratch: Path) -> Path:
    source = scratch / "bare.py"
    source.write_text(BARE)
    folders = [f"--{one}path={scratch / one}" for one in ("dist", "work", "spec")]
    command = [sys.executable, "-m", "PyInstaller", "--log-level=ERROR", *folders, source]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return scratch / "dist" / "bare" / "bare"
