"""Eject a card safely, and report success only once the system no longer lists it.

Linux: through the desktop (udisks, GVfs), then plain `umount`. Windows: lock, dismount and eject,
as Microsoft documents for removable media. For any thread that may wait some seconds.
"""

import shutil
import subprocess
import sys
from enum import StrEnum

from dermstation.camera.card.places import CardPlace, is_there

_WITHIN_S = 30.0


class Ejected(StrEnum):
    """The result of ejecting a card."""

    SAFE = "safe"  # unmounted: everything is written, the card may be removed
    IN_USE = "in_use"  # some program still has it open
    NOT_KNOWN = "not_known"  # cannot be ejected from here: use the system's own means


def eject(place: CardPlace) -> Ejected:
    """Unmount a card. A folder gives NOT_KNOWN.

    Success is judged by the system's table of mounts, not by what a tool reports.
    """
    if not place.is_card:
        return Ejected.NOT_KNOWN
    tried = _unmount(place)
    if tried and not is_there(place):
        return Ejected.SAFE
    return Ejected.IN_USE if tried else Ejected.NOT_KNOWN


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _GENERIC_READ_WRITE = 0xC0000000
    _SHARE_READ_WRITE = 0x3
    _OPEN_EXISTING = 3
    _LOCK_VOLUME = 0x00090018  # FSCTL_LOCK_VOLUME, FSCTL_DISMOUNT_VOLUME,
    _DISMOUNT_VOLUME = 0x00090020  # IOCTL_STORAGE_EJECT_MEDIA: winioctl.h
    _EJECT_MEDIA = 0x002D4808
    _INVALID = ctypes.c_void_p(-1).value

    def _unmount(place: CardPlace) -> bool:
        """Try to eject the volume; return whether it could be opened at all."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = wintypes.HANDLE
        drive = place.path.rstrip("\\")
        handle = kernel.CreateFileW(
            f"\\\\.\\{drive}",
            _GENERIC_READ_WRITE,
            _SHARE_READ_WRITE,
            None,
            _OPEN_EXISTING,
            0,
            None,
        )
        if handle == _INVALID or handle is None:
            return False
        try:
            kernel.FlushFileBuffers(wintypes.HANDLE(handle))
            returned = wintypes.DWORD()
            for order in (_LOCK_VOLUME, _DISMOUNT_VOLUME, _EJECT_MEDIA):
                if not kernel.DeviceIoControl(
                    wintypes.HANDLE(handle),
                    order,
                    None,
                    0,
                    None,
                    0,
                    ctypes.byref(returned),
                    None,
                ):
                    break
        finally:
            kernel.CloseHandle(wintypes.HANDLE(handle))
        return True

else:

    def _unmount(place: CardPlace) -> bool:
        """Try to unmount the card; return whether any tool was available."""
        ways = (
            ("udisksctl", ["unmount", "--no-user-interaction", "-b", place.device]),
            ("gio", ["mount", "-u", place.path]),
            ("umount", [place.path]),
        )
        has_tried = False
        for tool, words in ways:
            found = shutil.which(tool)
            if found is None:
                continue
            has_tried = True
            if _is_done([found, *words]) and not is_there(place):
                break
        return has_tried


def _is_done(command: list[str]) -> bool:
    try:
        ended = subprocess.run(  # noqa: S603 - a system tool with a path from the mount table
            command, capture_output=True, timeout=_WITHIN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
