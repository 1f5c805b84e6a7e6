"""Whether the privacy settings of Windows keep desktop programs from the camera. Opens no device.

Windows then refuses the camera without a reason that OpenCV passes on. The settings are in the
registry, for the whole PC and for each account. Not tried on Windows.
"""

import sys
from collections.abc import Callable
from contextlib import suppress

_STORE = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\webcam"
_DESKTOP = _STORE + r"\NonPackaged"
_THIS_PC, _THIS_ACCOUNT = 0x80000002, 0x80000001  # roots of the registry, as in winreg.h
_PLACES = ((_THIS_PC, _STORE), (_THIS_ACCOUNT, _STORE), (_THIS_ACCOUNT, _DESKTOP))
_REFUSED = "deny"


def is_camera_refused(read: Callable[[int, str], str] | None = None) -> bool:
    """Return whether desktop programs may not use a camera; False on other systems.

    `read(root, key)` returns the text "Value" of a key, or "" if there is none.
    """
    read = read or _value
    return any(read(root, key).casefold() == _REFUSED for root, key in _PLACES)


def _value(root: int, key: str) -> str:
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - exists only on Windows

        with suppress(OSError), winreg.OpenKey(root, key) as opened:
            return str(winreg.QueryValueEx(opened, "Value")[0])
    return ""
