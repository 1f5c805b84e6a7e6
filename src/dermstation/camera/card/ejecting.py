"""Eject a card safely: success is a card that the system no longer lists and that is still there.

Linux: through the desktop (udisks, GVfs), then plain `umount`. Windows: lock, dismount and eject,
as Microsoft documents for removable media. For any thread that may wait some seconds.
"""

import shutil
import subprocess
import sys
from enum import StrEnum

from dermstation.camera.card.places import CardPlace, has_device, is_mounted

_WITHIN_S = 30.0


class Ejected(StrEnum):
    """The result of ejecting a card."""

    SAFE = "safe"  # unmounted: everything is written, the card may be removed
    IN_USE = "in_use"  # some program still has it open
    NOT_KNOWN = "not_known"  # cannot be ejected from here: use the system's own means
    TAKEN_OUT = "taken_out"  # was out before everything was known to be written


def eject(place: CardPlace) -> Ejected:
    """Unmount a card. A folder gives NOT_KNOWN.

    Success is judged by the system's table of mounts, not by what a tool reports, and by the
    device: the table also loses a card that was pulled out.
    """
    if not place.is_card:
        return Ejected.NOT_KNOWN
    if not has_device(place):
        return Ejected.TAKEN_OUT
    if is_mounted(place):
        try:
            if not _unmount(place):
                return Ejected.NOT_KNOWN
        except _TakenOut:
            return Ejected.TAKEN_OUT
        if not _is_still_in(place):
            return Ejected.TAKEN_OUT
    return Ejected.IN_USE if is_mounted(place) else Ejected.SAFE


class _TakenOut(Exception):  # noqa: N818 - it never leaves this module
    """The card was out before it was unmounted."""


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _GENERIC_READ_WRITE = 0xC0000000
    _SHARE_READ_WRITE = 0x3
    _OPEN_EXISTING = 3
    _LOCK_VOLUME = 0x00090018  # FSCTL_LOCK_VOLUME, IOCTL_STORAGE_CHECK_VERIFY,
    _CHECK_VERIFY = 0x002D4800  # FSCTL_DISMOUNT_VOLUME, IOCTL_STORAGE_EJECT_MEDIA: winioctl.h
    _DISMOUNT_VOLUME = 0x00090020
    _EJECT_MEDIA = 0x002D4808
    _INVALID = ctypes.c_void_p(-1).value

    def _unmount(place: CardPlace) -> bool:
        """Try to eject the volume; return whether it could be opened at all.

        Raises _TakenOut if its medium was not there any more once nothing else could use it.
        """
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
            for order in (_LOCK_VOLUME, _CHECK_VERIFY, _DISMOUNT_VOLUME, _EJECT_MEDIA):
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
                    if order == _CHECK_VERIFY:
                        raise _TakenOut
                    break
        finally:
            kernel.CloseHandle(wintypes.HANDLE(handle))
        return True

    def _is_still_in(_place: CardPlace) -> bool:
        """Return True: Windows puts the card out, and was asked about it before."""
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
            if _is_done([found, *words]) and not is_mounted(place):
                break
        return has_tried

    def _is_still_in(place: CardPlace) -> bool:
        """Return whether the card is still there: unmounting leaves it in its reader."""
        return has_device(place)


def _is_done(command: list[str]) -> bool:
    try:
        ended = subprocess.run(  # noqa: S603 - a system tool with a path from the mount table
            command, capture_output=True, timeout=_WITHIN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
