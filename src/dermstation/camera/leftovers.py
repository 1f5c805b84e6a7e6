"""Remove the frames that killed stations of earlier versions left in shared memory (Linux).

Those versions gave their shared memory a name, which outlived a killed process group. A file is
removed only if it belongs to this user, is named and laid out as such a version did it, and has
had no sign of life from a camera process or a station for a while. Later versions leave nothing.
"""

import contextlib
import logging
import os
import stat
import struct
import sys
import time
from pathlib import Path

log = logging.getLogger(__name__)

_FOLDER = Path("/dev/shm")  # noqa: S108 - where Linux keeps shared memory that has a name
_NAMES = "psm_*"
_HEADER = struct.Struct("=6q")  # newest, beat (ns), activity, arena (bytes), first, generation
_TABLE_BYTES = 8 * (16 + 64 * 10)
_ALIGNMENT = 64
_ACTIVITIES = range(4)
_SILENT_S = 60.0  # a living process gives a sign at least every twenty seconds


def remove_leftovers(folder: Path = _FOLDER) -> int:
    """Remove what is left of processes that are gone; return how many files that were."""
    if sys.platform != "linux":
        return 0
    removed = 0
    with contextlib.suppress(OSError):
        for file in folder.glob(_NAMES):
            if _is_left(file):
                with contextlib.suppress(OSError):
                    file.unlink()
                    removed += 1
    if removed:
        log.info("removed the frames of %d stations that were killed", removed)
    return removed


def _is_left(file: Path) -> bool:
    """Return whether a file holds a ring of this user that nobody uses."""
    if sys.platform == "win32":
        return False
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
            return False
        header = os.read(descriptor, _HEADER.size)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    if len(header) < _HEADER.size:
        return False
    newest, beat_ns, activity, arena, first, _ = _HEADER.unpack(header)
    is_ring = (
        arena > 0
        and arena % _ALIGNMENT == 0
        and found.st_size == _TABLE_BYTES + arena
        and activity in _ACTIVITIES
        and newest >= first - 1
    )
    made_s = time.time() - found.st_ctime
    silent_s = (time.perf_counter_ns() - beat_ns) / 1e9
    return is_ring and made_s > _SILENT_S and silent_s > _SILENT_S and not _is_mapped(file)


def _is_mapped(file: Path) -> bool:
    """Return whether a process that this user may look at has the file in its memory."""
    line_end = f" {file}\n".encode()
    for maps in Path("/proc").glob("[0-9]*/maps"):
        with contextlib.suppress(OSError):  # it has ended, or may not be looked at
            if line_end in maps.read_bytes():
                return True
    return False
