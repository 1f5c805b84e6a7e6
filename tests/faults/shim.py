"""Build the shim, load it before libc, and arm it in a forked child."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
KILL, TORN = 1, 2


def why_not() -> str:
    """Return why no fault can be injected here, empty if it can."""
    if sys.platform != "linux":
        return "LD_PRELOAD needs Linux"
    if shutil.which("cc") is None:
        return "no C compiler (cc) here"
    return ""


def built(folder: Path) -> Path:
    """Compile the shim into `folder` and return its path."""
    target = folder / "shim.so"
    command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(target), str(SOURCE), "-ldl", "-lpthread"]
    subprocess.run(command, check=True, capture_output=True)
    return target


def environment(library: Path) -> dict[str, str]:
    """Return the environment in which Python loads the shim before libc."""
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root / "src"), str(root)])
    return {**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}


class Shim:
    """The shim in this process; arm it only in a forked child."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.fault_count.restype = ctypes.c_long
        self._library.fault_arm.argtypes = [
            ctypes.c_char_p,
            ctypes.c_long,
            ctypes.c_int,
            ctypes.c_int,
            ctypes.c_char_p,
        ]
        self._library.fault_shift.argtypes = [ctypes.c_long]

    def shift(self, seconds: int) -> None:
        """Shift the time of day by this much, for this process and its children."""
        self._library.fault_shift(seconds)

    def arm(
        self, below: Path, at: int = 0, kind: int = 0, *, sticky: bool = False, log: str = ""
    ) -> None:
        """Make operation `at` below a folder fail; with 0, only count and log operations."""
        name = log.encode() if log else None
        self._library.fault_arm(str(below).encode(), at, kind, int(sticky), name)

    def disarm(self) -> None:
        """Make everything succeed from now on."""
        self._library.fault_disarm()

    def count(self) -> int:
        """Return the number of operations since it was armed."""
        return int(self._library.fault_count())

    def mark(self, text: str) -> None:
        """Write a mark into the log between the operations."""
        self._library.fault_mark(text.encode())
