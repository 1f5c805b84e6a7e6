"""Ask Windows whether a drive is fixed, removable or on another computer. Reads only.

A USB drive counts as removable even if Windows calls it fixed, as it does for large ones.
"""

import re
import sys
from pathlib import Path

_EXTENDED = re.compile(r"\\\\[?.]\\(?P<drive>[A-Za-z]:)")
_UNKNOWN, _ABSENT, _REMOVABLE, _FIXED, _REMOTE, _OPTICAL = range(6)  # returned by GetDriveTypeW


def drive_letter(drive: str) -> str:
    r"""Return the "C:" of a path's drive, which may be `\\?\C:`; "" on another computer."""
    extended = _EXTENDED.fullmatch(drive)
    if extended is not None:
        return extended["drive"]
    return "" if drive.startswith("\\\\") else drive


def kind_of_drive(number: int, *, is_on_portable_bus: bool) -> str:
    """Return "local", "network" or "removable"; a drive that is not there is not a local one."""
    if number == _REMOTE:
        return "network"
    if number == _FIXED and not is_on_portable_bus:
        return "local"
    # what is not there now, such as E: without its stick, or a drive in memory
    return "removable"


if sys.platform == "win32":
    import ctypes
    import struct

    # winioctl.h: IOCTL_STORAGE_QUERY_PROPERTY, and the offset of the bus type in its answer
    _QUERY_PROPERTY, _BUS_TYPE_AT, _ANSWER_BYTES = 0x002D_1400, 28, 1024
    _PORTABLE_BUSES = frozenset({4, 7, 12, 13})  # STORAGE_BUS_TYPE: IEEE 1394, USB, SD, MMC
    _LABEL_CHARS = 261  # MAX_PATH + 1
    _OPEN_EXISTING, _SHARE_ALL = 3, 7

    def kind_of(folder: Path) -> str:
        """Return "local", "network" or "removable"."""
        drive = drive_letter(folder.absolute().drive)
        if not drive:
            return "network"
        kind = ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\")
        is_portable = kind == _FIXED and _is_on_portable_bus(drive)
        return kind_of_drive(kind, is_on_portable_bus=is_portable)

    def label_of(folder: Path) -> str:
        """Return the label of a folder's drive, by which drives of cloud services are known."""
        label = ctypes.create_unicode_buffer(_LABEL_CHARS)
        root = f"{drive_letter(folder.absolute().drive)}\\"
        told = ctypes.windll.kernel32.GetVolumeInformationW(
            root, label, _LABEL_CHARS, None, None, None, None, 0
        )
        return label.value if told else ""

    def _is_on_portable_bus(drive: str) -> bool:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateFileW.restype = ctypes.c_void_p
        handle = kernel.CreateFileW(f"\\\\.\\{drive}", 0, _SHARE_ALL, None, _OPEN_EXISTING, 0, None)
        if handle in (None, ctypes.c_void_p(-1).value):
            return False
        answer, length = ctypes.create_string_buffer(_ANSWER_BYTES), ctypes.c_ulong(0)
        query = struct.pack("<III", 0, 0, 0)
        try:
            told = kernel.DeviceIoControl(
                ctypes.c_void_p(handle),
                _QUERY_PROPERTY,
                query,
                len(query),
                answer,
                len(answer),
                ctypes.byref(length),
                None,
            )
        finally:
            kernel.CloseHandle(ctypes.c_void_p(handle))
        if not told or length.value < _BUS_TYPE_AT + 4:
            return False
        return struct.unpack_from("<I", answer.raw, _BUS_TYPE_AT)[0] in _PORTABLE_BUSES

else:

    def kind_of(_folder: Path) -> str:
        """Return "local": other systems are judged by their mounts."""
        return "local"

    def label_of(_folder: Path) -> str:
        """Return "": elsewhere a drive is a folder, which has a name."""
        return ""
