"""Find out which program holds a camera. Runs in the camera process; opens no device.

Linux shows the open files of this user's processes. Windows does not; there the message to the
operator names the kinds of programs that usually hold a camera.
"""

import os
from pathlib import Path

_PROCESSES = Path("/proc")
_LONGEST_NAME = 40


def holder_of(node: Path) -> str | None:
    """Return the name of a program that has `node` open, or None if no program is found.

    The name is empty if it cannot be read. Searches the processes that this user may see, except
    this one.
    """
    try:
        processes = [one for one in _PROCESSES.iterdir() if one.name.isdigit()]
    except OSError:
        return None
    for process in processes:
        if int(process.name) == os.getpid():
            continue
        try:
            if any(link.readlink() == node for link in (process / "fd").iterdir()):
                return _name_of(process)
        except OSError:  # it has ended, or belongs to another user
            continue
    return None


def _name_of(process: Path) -> str:
    try:
        name = (process / "comm").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "".join(sign for sign in name if sign.isprintable())[:_LONGEST_NAME]
