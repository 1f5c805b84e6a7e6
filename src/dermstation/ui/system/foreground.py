"""Let a successor's window have the keyboard, which Windows gives to no other process unasked."""

import ctypes
import sys

from dermstation.ui.system.adorning import adorning

_ANY_PROCESS = -1


def let_successor_come_forward() -> None:
    """Allow the next window to come to the front. Never fails; not tested on Windows."""
    if sys.platform == "win32":
        with adorning("handing the keyboard on"):
            ctypes.WinDLL("user32").AllowSetForegroundWindow(_ANY_PROCESS)
