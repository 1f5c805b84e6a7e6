"""Whether the disk under a path is encrypted, as far as the operating system says."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ON, OFF, UNKNOWN = "on", "off", "unknown"
_ASK_WITHIN_S = 10


def encryption_of(path: Path) -> str:
    """Return ON, OFF or UNKNOWN for the disk of a path, which need not exist."""
    if sys.platform == "win32":
        return _bitlocker(path)
    return _luks(path) if sys.platform == "linux" else UNKNOWN


def encryption_of_device(device: int) -> str:
    """Return ON or OFF for a block device of Linux; UNKNOWN if it is none."""
    if sys.platform == "win32":
        return UNKNOWN
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    if not block.exists():
        return UNKNOWN
    return ON if has_crypt(block) else OFF


def has_crypt(block: Path) -> bool:
    """Return whether a block device is an encrypted one, or built on one."""
    with suppress(OSError):
        if (block / "dm" / "uuid").read_text().startswith("CRYPT-"):
            return True
    with suppress(OSError):
        return any(has_crypt(below) for below in (block / "slaves").iterdir())
    return False


def _luks(path: Path) -> str:
    """Return ON if a path lies on an encrypted device-mapper device, or on one built on it.

    A file system that has no block device of its own (overlay, ZFS, a share) stays UNKNOWN.
    """
    with suppress(OSError):
        existing = next(one for one in (path, *path.parents) if one.exists())
        return encryption_of_device(existing.stat().st_dev)
    return UNKNOWN


def _bitlocker(path: Path) -> str:
    """Return the drive's BitLocker state as the shell reports it. Not tested on Windows."""
    script = (
        "(New-Object -ComObject Shell.Application).NameSpace($args[0])"
        ".Self.ExtendedProperty('System.Volume.BitLockerProtection')"
    )
    shell = shutil.which("powershell")
    if shell is None:
        return UNKNOWN
    command = [shell, "-NoProfile", "-NonInteractive", "-Command", script, path.anchor]
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(  # noqa: S603 - a fixed script, and the drive's letter
            command, capture_output=True, text=True, timeout=_ASK_WITHIN_S, check=False
        )
        states = {"1": ON, "3": ON, "5": ON, "2": OFF}
        return states.get(done.stdout.strip(), UNKNOWN)
    return UNKNOWN
