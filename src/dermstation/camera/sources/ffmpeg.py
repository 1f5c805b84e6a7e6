"""Set what OpenCV's FFmpeg reads from the environment. Lives in the camera process.

OpenCV passes options to FFmpeg in no other way. On Windows its FFmpeg is a library with a C runtime
of its own, msvcrt, which copies the environment when it is loaded: what Python sets later does not
reach it.
"""

import ctypes
import os
import sys


def set_options(**options: str) -> None:
    """Set FFmpeg's options for the next video that is opened, in place of the last ones."""
    text = "|".join(f"{name};{value}" for name, value in options.items())
    _set("OPENCV_FFMPEG_CAPTURE_OPTIONS", text)


def be_silent() -> None:
    """Keep FFmpeg from writing messages, which quote URLs."""
    _set("OPENCV_FFMPEG_LOGLEVEL", "-8")


def _set(name: str, value: str) -> None:
    os.environ[name] = value
    if sys.platform == "win32":
        ctypes.CDLL("msvcrt")._putenv(f"{name}={value}".encode())
