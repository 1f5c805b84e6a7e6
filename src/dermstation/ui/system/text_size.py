"""How much larger than usual the system shows text, as a scale for the whole window.

Everything grows with the text, so that what was tested on a smaller window holds. It grows no
further than the smallest window for which the pages are made. Before Qt starts.
"""

import ctypes
import sys
from contextlib import suppress

LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 911, 512  # at which every page works
_KEY, _VALUE = r"Software\Microsoft\Accessibility", "TextScaleFactor"  # in per cent
_WIDTH, _HEIGHT = 0, 1  # SM_CXSCREEN, SM_CYSCREEN
_USUAL_DPI = 96


def window_scale() -> float:
    """Return the scale that the system's text size asks for and the screen has room for.

    1 where Qt follows the system by itself: on Linux the desktop's text size reaches it as the
    resolution of the screen.
    """
    if sys.platform == "win32":
        return fitting(_text_percent() / 100, *_screen())
    return 1.0


def fitting(wanted: float, width_px: int, height_px: int) -> float:
    """Return as much of a scale as a screen of this size, at its usual scale, has room for."""
    most = min(width_px / LEAST_WIDTH_PX, height_px / LEAST_HEIGHT_PX)
    return max(1.0, min(wanted, most))


if sys.platform == "win32":
    import winreg

    def _text_percent() -> int:
        with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _KEY) as key:
            found, _kind = winreg.QueryValueEx(key, _VALUE)
            if isinstance(found, int):
                return found
        return 100  # nobody has changed it

    def _screen() -> tuple[int, int]:
        user32 = ctypes.WinDLL("user32")
        dpi = user32.GetDpiForSystem() or _USUAL_DPI
        width, height = (user32.GetSystemMetrics(one) for one in (_WIDTH, _HEIGHT))
        return width * _USUAL_DPI // dpi, height * _USUAL_DPI // dpi
