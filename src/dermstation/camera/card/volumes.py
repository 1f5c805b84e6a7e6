"""Tell whether the device of a mounted card is still there, and one card from another.

The system's table of mounts is no proof: it keeps a card that was pulled out, and its file system
then answers as if it were empty. Asks the system only, never the card. Any process or thread.
"""

import os
import sys
from pathlib import Path

from dermstation.plain_files import real_path

_NO_MEDIUM = "0"

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _SHARE_READ_WRITE = 0x3
    _OPEN_EXISTING = 3
    _CHECK_VERIFY = 0x002D0800  # IOCTL_STORAGE_CHECK_VERIFY2: ntddstor.h; counts changed media
    _INVALID = ctypes.c_void_p(-1).value

    def instance_of(device: str, _sysfs: Path = Path()) -> str:
        """Return the volume's serial number and its count of changed media, or "" without one."""
        serial = serial_of(device)
        count = _changes_of(device) if serial else None
        return f"{serial}#{count}" if count is not None else ""

    def serial_of(device: str, _folder: Path = Path()) -> str:
        """Return the serial number of the file system, or ""; it stays when it is put in again."""
        number = wintypes.DWORD()
        root = os.path.splitdrive(device)[0] + "\\"
        known = ctypes.windll.kernel32.GetVolumeInformationW(
            ctypes.c_wchar_p(root), None, 0, ctypes.byref(number), None, None, None, 0
        )
        return f"{number.value:08X}" if known else ""

    def is_pulled(folder: str, _sysfs: Path = Path()) -> bool:
        """Return whether the volume that holds a folder is not there any more."""
        return not serial_of(folder)

    def _changes_of(device: str) -> int | None:
        """Return how often the drive's medium was changed, or None if there is none in it."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = wintypes.HANDLE
        drive = os.path.splitdrive(device)[0]
        handle = kernel.CreateFileW(
            f"\\\\.\\{drive}", 0, _SHARE_READ_WRITE, None, _OPEN_EXISTING, 0, None
        )
        if handle == _INVALID or handle is None:
            return None
        try:
            count, returned = wintypes.DWORD(), wintypes.DWORD()
            is_in = kernel.DeviceIoControl(
                wintypes.HANDLE(handle),
                _CHECK_VERIFY,
                None,
                0,
                ctypes.byref(count),
                ctypes.sizeof(count),
                ctypes.byref(returned),
                None,
            )
        finally:
            kernel.CloseHandle(wintypes.HANDLE(handle))
        return int(count.value) if is_in else None

else:

    def instance_of(device: str, sysfs: Path = Path("/sys")) -> str:
        """Return the kernel's numbers of a block device as it is plugged in now, or "" without one.

        A device that is pulled out has none, and neither has a reader without a card. The number
        of the disk (`diskseq`) never comes again: another card in the same reader has another one.
        """
        block = sysfs / "class" / "block" / real_path(device).name
        if not _has_medium(block):
            return ""
        return f"{_text(block / 'dev')}#{_text(_disk_of(block) / 'diskseq')}"

    def is_pulled(folder: str, sysfs: Path = Path("/sys")) -> bool:
        """Return whether the device that holds a folder is gone, though the folder still answers.

        False for a file system without a device of its own, of which nothing is known.
        """
        devices = sysfs / "dev" / "block"
        try:
            number = os.stat(folder).st_dev  # noqa: PTH116 - as the reader has it, a text
        except OSError:
            return True
        if os.major(number) == 0 or not devices.is_dir():
            return False
        return not _has_medium(devices / f"{os.major(number)}:{os.minor(number)}")

    def serial_of(device: str, folder: Path = Path("/dev/disk/by-uuid")) -> str:
        """Return the serial number of the file system, or ""; it stays when it is put in again."""
        wanted = real_path(device)
        try:
            links = sorted(folder.iterdir())
        except OSError:
            return ""
        return next((link.name for link in links if real_path(link) == wanted), "")

    def _has_medium(block: Path) -> bool:
        """Return whether a device and the disk that it is part of are there and not empty."""
        sizes = (_text(block / "size"), _text(_disk_of(block) / "size"))
        return bool(_text(block / "dev")) and _NO_MEDIUM not in sizes

    def _disk_of(block: Path) -> Path:
        real = real_path(block)
        return real.parent if (real / "partition").exists() else real

    def _text(file: Path) -> str:
        try:
            return file.read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            return ""
