"""Whether the disk under a path is encrypted, as far as the operating system says."""

import ctypes
import os
import re
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

ON, OFF, UNKNOWN = "on", "off", "unknown"
_ASK_WITHIN_S = 10
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # a console would flash
_LONGEST_PATH = 260
_DRIVE = re.compile("[A-Za-z]:")


def encryption_of(path: Path) -> str:
    """Return ON, OFF or UNKNOWN for the disk of a path, which need not exist."""
    if sys.platform == "win32":
        return _bitlocker(path)
    return _luks(path) if sys.platform == "linux" else UNKNOWN


@cache
def system_disk_is_encrypted() -> bool | None:
    """Return whether the disk with the system's own keys is encrypted; None if it is not known.

    It is asked once in a process, because Windows takes a second or more to answer.
    """
    system = _system_folder() if sys.platform == "win32" else Path("/")
    return {ON: True, OFF: False}.get(encryption_of(system))


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
    if not _DRIVE.fullmatch(path.drive):
        return UNKNOWN  # on another computer
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(  # noqa: S603 - a fixed script, and the drive's letter
            bitlocker_command(path.drive, _system_folder()),
            capture_output=True,
            text=True,
            timeout=_ASK_WITHIN_S,
            check=False,
            stdin=subprocess.DEVNULL,
            creationflags=_NO_WINDOW,
        )
        states = {"1": ON, "3": ON, "5": ON, "2": OFF}
        return states.get(done.stdout.strip(), UNKNOWN)
    return UNKNOWN


def bitlocker_command(drive: str, system: Path) -> list[str]:
    """Return the command that prints the BitLocker state of a drive, such as "C:".

    The script is a block with an argument: `-Command` joins its words to one text. The program is
    named in full, because Windows looks for a name in the current folder first.
    """
    script = (
        "& {(New-Object -ComObject Shell.Application).NameSpace($args[0])"
        ".Self.ExtendedProperty('System.Volume.BitLockerProtection')}"
    )
    shell = system / "WindowsPowerShell" / "v1.0" / "powershell.exe"
    options = ["-NoLogo", "-NoProfile", "-NonInteractive"]
    return [str(shell), *options, "-Command", f"{script} '{drive}\\'"]


def _system_folder() -> Path:
    """Return System32, as Windows itself names it: a variable could be anybody's."""
    if sys.platform == "win32":
        name = ctypes.create_unicode_buffer(_LONGEST_PATH)
        if ctypes.windll.kernel32.GetSystemDirectoryW(name, _LONGEST_PATH):
            return Path(name.value)
    return Path("C:/Windows/System32")
