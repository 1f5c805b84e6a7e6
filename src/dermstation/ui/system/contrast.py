"""Whether Windows is set to high contrast. GUI thread."""

import ctypes
import sys

_GET_HIGH_CONTRAST = 0x0042  # SPI_GETHIGHCONTRAST
_ON = 0x1  # HCF_HIGHCONTRASTON


class _HighContrast(ctypes.Structure):
    _fields_ = (
        ("size_bytes", ctypes.c_uint),
        ("flags", ctypes.c_uint),
        ("scheme", ctypes.c_wchar_p),
    )


def high_contrast_wanted() -> bool:
    """Return whether the system is set to high contrast; on Linux nobody says so."""
    if sys.platform == "win32":
        found = _HighContrast(ctypes.sizeof(_HighContrast), 0, None)
        said = ctypes.WinDLL("user32").SystemParametersInfoW(
            _GET_HIGH_CONTRAST, found.size_bytes, ctypes.byref(found), 0
        )
        return bool(said) and bool(found.flags & _ON)
    return False
