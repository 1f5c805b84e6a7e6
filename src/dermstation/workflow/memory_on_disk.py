"""How the operating system may write the station's memory to a disk: swap, hibernation, dumps.

The station keeps itself out of crash dumps and its keys out of swap; pictures and names are too
large for that, and hibernation writes everything. So the disk under these has to be encrypted.
"""

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from dermstation.workflow.disk_encryption import (
    OFF,
    ON,
    UNKNOWN,
    encryption_of,
    encryption_of_device,
)

NONE = "none"
_IN_MEMORY = ("/dev/zram", "/dev/ram")  # swap that is compressed memory, and no disk
_PC, _ACCOUNT = 0x80000002, 0x80000001  # roots of Windows' registry: winreg.h
_MEMORY_KEY = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management"
_POWER_KEY = r"SYSTEM\CurrentControlSet\Control\Power"
_FILE_KEY = r"SYSTEM\CurrentControlSet\Control\FileSystem"
_CRASH_KEY = r"SYSTEM\CurrentControlSet\Control\CrashControl"
_EXPLORER_KEY = r"Software\Microsoft\Windows\CurrentVersion\Policies\Explorer"
_WHOLE_MEMORY = {1, 7}  # a complete dump, or an automatic one


def swap() -> str:
    """Return NONE if no swap or page file is on a disk, else whether all of it is encrypted."""
    if sys.platform == "win32":
        return _page_files()
    return _worst(_swap_areas(Path("/proc/swaps"))) if sys.platform == "linux" else UNKNOWN


def page_file_is_cleared() -> bool | None:
    """Return whether Windows overwrites the page file at shutdown; None elsewhere."""
    if sys.platform == "win32":
        return _number(_MEMORY_KEY, "ClearPageFileAtShutdown") == 1
    return None


def hibernates() -> bool | None:
    """Return whether the PC can hibernate, which writes all memory; None if it is not known."""
    if sys.platform == "win32":
        found = _number(_POWER_KEY, "HibernateEnabled")
        return None if found is None else found == 1
    return _can_hibernate(Path("/sys/power")) if sys.platform == "linux" else None


def dumps_whole_memory() -> bool | None:
    """Return whether a crash of Windows may write all memory; None elsewhere, or if not known."""
    found = _number(_CRASH_KEY, "CrashDumpEnabled")
    return None if found is None else found in _WHOLE_MEMORY


def keeps_thumbnails() -> bool | None:
    """Return whether Windows keeps small pictures of what its file browser shows; None elsewhere.

    It does so unless the policy "Turn off the caching of thumbnail pictures" is set.
    """
    if sys.platform == "win32":
        policies = (_value(_EXPLORER_KEY, "NoThumbnailCache", root) for root in (_PC, _ACCOUNT))
        return 1 not in policies
    return None


def _swap_areas(listed: Path) -> list[str]:
    """Return ON, OFF or UNKNOWN for each area that Linux lists, but for those in memory."""
    found = []
    with suppress(OSError):
        for line in listed.read_text().splitlines()[1:]:
            name, kind = line.split()[:2]
            if not name.startswith(_IN_MEMORY):
                found.append(_area(Path(name), is_file=kind == "file"))
    return found


def _area(path: Path, *, is_file: bool) -> str:
    if not is_file and sys.platform != "win32":
        with suppress(OSError):
            return encryption_of_device(path.stat().st_rdev)
        return UNKNOWN
    return encryption_of(path)


def _worst(areas: Iterable[str]) -> str:
    there = set(areas)
    return next((one for one in (OFF, UNKNOWN, ON) if one in there), NONE)


def _can_hibernate(power: Path) -> bool | None:
    try:
        states = (power / "state").read_text().split()
        modes = (power / "disk").read_text().split()
    except FileNotFoundError:
        return False  # the kernel cannot
    except OSError:
        return None
    return "disk" in states and "[disabled]" not in modes


def _page_files() -> str:
    """Return the state of Windows' page files. Not tested on Windows."""
    listed = _texts(_MEMORY_KEY, "ExistingPageFiles") or _texts(_MEMORY_KEY, "PagingFiles")
    files = [one.removeprefix("\\??\\").split(" ")[0] for one in listed]
    if not files:
        return NONE
    if _number(_FILE_KEY, "NtfsEncryptPagingFile") == 1:
        return ON
    system = Path(sys.executable).anchor
    drives = {system if one.startswith("?") else one[:3] for one in files}
    return _worst(encryption_of(Path(one)) for one in drives)


def _number(key: str, name: str) -> int | None:
    found = _value(key, name)
    return found if isinstance(found, int) else None


def _texts(key: str, name: str) -> list[str]:
    found = _value(key, name)
    return [str(one) for one in found if str(one).strip()] if isinstance(found, list) else []


def _value(key: str, name: str, root: int = _PC) -> object:
    """Return a value of Windows' registry, or None."""
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - exists only on Windows

        with suppress(OSError), winreg.OpenKey(root, key) as opened:
            found: object = winreg.QueryValueEx(opened, name)[0]
            return found
    return None
