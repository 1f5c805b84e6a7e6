"""Half of the processor: what a practice's PC has, or what its other programs leave.

By a control group if this system lets us make one (as root on Linux, of either version): it may use
half of all the processors' time, measured in pieces of 10 ms, so that it is slow rather than
stopped now and then. Otherwise by as many busy loops as there are processors, which take half of
each if the system is fair.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PERIOD_US = 10_000
_GROUPS = Path("/sys/fs/cgroup")
_NAME = f"dermstation-bench-{os.getpid()}"
_MEMBERS = "cgroup.procs"


@contextmanager
def halved() -> Iterator[str]:
    """Give this process and all that it starts half of the processor; yield how."""
    quota_us = (os.cpu_count() or 1) * _PERIOD_US // 2
    for root, limits in (
        (_GROUPS, {"cpu.max": f"{quota_us} {_PERIOD_US}"}),
        (_GROUPS / "cpu", {"cpu.cfs_period_us": _PERIOD_US, "cpu.cfs_quota_us": quota_us}),
    ):
        group = root / _NAME
        try:
            group.mkdir()
            for name, value in limits.items():
                _write(group / name, value)
            _write(group / _MEMBERS, os.getpid())
        except OSError:
            with suppress(OSError):
                group.rmdir()
            continue
        try:
            yield f"half of the processor by {', '.join(limits)} of a control group"
        finally:
            _write(root / _MEMBERS, os.getpid())
            with suppress(OSError):  # a program that was started may still be ending
                group.rmdir()
        return
    with _busy_loops() as said:
        yield said


def _write(path: Path, value: object) -> None:
    """Write into a file of the system, which is there already. Raises OSError."""
    with path.open("r+") as file:
        file.write(f"{value}")


@contextmanager
def _busy_loops() -> Iterator[str]:
    count = os.cpu_count() or 1
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield f"{count} busy loops beside it, at equal priority"
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
