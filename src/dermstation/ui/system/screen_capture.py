"""Keeping the window out of screenshots and screen sharing, if the system can. GUI thread.

Only Windows can (SetWindowDisplayAffinity, from Windows 10 2004 on); written from the
documentation and not tested there.
"""

import ctypes
import sys

from dermstation.ui.system.adorning import adorning

_WDA_EXCLUDEFROMCAPTURE = 0x11
_WDA_MONITOR = 0x01  # for older Windows: the window is black


def exclude_from_capture(window_id: int) -> bool:
    """Exclude a window from capture; return whether the system does so."""
    if sys.platform == "win32":
        with adorning("keeping out of screenshots"):
            affinity = ctypes.WinDLL("user32").SetWindowDisplayAffinity
            return any(
                bool(affinity(window_id, how)) for how in (_WDA_EXCLUDEFROMCAPTURE, _WDA_MONITOR)
            )
    return False
