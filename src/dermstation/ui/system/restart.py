"""Come back after an upgrade: Windows closes the station for it, and starts it again if asked."""

import ctypes
import sys

from dermstation.ui.system.adorning import adorning

# not after a crash, a hang or a restart of the PC: only after an installer has closed it
_NO_CRASH, _NO_HANG, _NO_REBOOT = 1, 2, 8


def restart_after_upgrade() -> None:
    """Ask Windows to start the frozen program again after an upgrade. Never fails.

    RegisterApplicationRestart of Windows' Restart Manager; not tested on Windows.
    """
    if sys.platform == "win32" and getattr(sys, "frozen", False):
        with adorning("coming back after an upgrade"):
            register = ctypes.WinDLL("kernel32").RegisterApplicationRestart
            register(None, _NO_CRASH | _NO_HANG | _NO_REBOOT)
