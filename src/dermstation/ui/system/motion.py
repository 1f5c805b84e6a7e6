"""Whether the system wants things to move on the screen. GUI thread."""

import ctypes
import sys

from PySide6.QtWidgets import QApplication, QStyle

MOTION_MS = 150
_GET_ANIMATION = 0x1042  # SPI_GETCLIENTAREAANIMATION


def is_wanted() -> bool:
    """Return whether the system's setting leaves motion on; a desktop that says nothing does."""
    if sys.platform == "win32":
        is_on = ctypes.c_int(1)
        said = ctypes.WinDLL("user32").SystemParametersInfoW(
            _GET_ANIMATION, 0, ctypes.byref(is_on), 0
        )
        return bool(is_on.value) if said else True
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
