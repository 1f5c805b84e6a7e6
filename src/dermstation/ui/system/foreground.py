"""Let a successor's window have the keyboard, which Windows gives to no other process unasked."""

import ctypes
import sys
from contextlib import suppress

_ANY_PROCESS = -1


def let_successor_come_forward() -> None:
    """Allow the next window to come to the front. Never fails; not tested on Windows."""
    if sys.platform == "win32":
        with suppress(OSError, AttributeError):
            ctypes.WinDLL("user32").AllowSetForegroundWindow(_ANY_PROCESS)
