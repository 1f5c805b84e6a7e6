"""How the program's standard streams write, whatever they lead to, and what it says without any."""

import ctypes
import io
import sys

_ERROR_IN_FRONT = 0x10 | 0x10000  # MB_ICONERROR, MB_SETFOREGROUND: winuser.h


def print_in_utf8() -> None:
    """Let both streams carry every name: a pipe of Windows is otherwise in the PC's code page.

    A program without a console has no streams at all.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say_trouble(words: str) -> None:
    """Print a line to standard error; without one, as in a windowed program, show it in a box."""
    if sys.stderr is not None:
        print(words, file=sys.stderr)  # noqa: T201 - the command line's own output
    elif sys.platform == "win32":
        ctypes.windll.user32.MessageBoxW(None, words, "dermstation", _ERROR_IN_FRONT)
