"""Take a card out of the system safely, and say so only where the system says it is out.

Linux: the desktop's own way (udisks, GVfs), then plain `umount`. Windows: lock, dismount, eject, as
Microsoft documents it for removable media. Any thread that may wait some seconds.
"""

import shutil
import subprocess
import sys
from enum import StrEnum

from dermstation.camera.card.places import CardPlace, is_there

_WITHIN_S = 30.0


class Ejected(StrEnum):
    """How a card left the system."""

    SAFE = "safe"  # unmounted: everything is written, it may be pulled out
    IN_USE = "in_use"  # some program still has it open
    NOT_KNOWN = "not_known"  # no way here to take it out: use the system's own


def eject(place: CardPlace) -> Ejected:
    """Unmount a card; a folder is none. Whatever a tool says, the system's table decides."""
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
        """Tell whether the volume could be spoken to at all."""
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
        """Tell whether there was any tool to try."""
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
        ended = subprocess.run(  # noqa: S603 - a tool of the system with a place of its own table
            command, capture_output=True, timeout=_WITHIN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
