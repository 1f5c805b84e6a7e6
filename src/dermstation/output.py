"""How the program's standard streams write, whatever they lead to."""

import io
import sys


def print_in_utf8() -> None:
    """Let both streams carry every name: a pipe of Windows is otherwise in the PC's code page.

    A program without a console has no streams at all.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
