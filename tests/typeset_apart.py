"""Let a forked child set prints.

The threads that typst makes at its first print do not survive a fork, so in a child of a process
that has set one the next would wait for ever. The station itself never forks; tests do, to kill.
"""

import os
import pickle
import subprocess
import sys
from typing import Any

import typst

from dermstation.handover.faces import font_files

_PROGRAM = """
import pickle, sys, typst
sources, folders, options = pickle.load(sys.stdin.buffer)
fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
sys.stdout.buffer.write(typst.compile(sources, font_paths=fonts, **options))
"""
_FOLDERS = sorted({str(file.parent) for file in font_files()})  # found once, before any fork


def typeset_apart() -> None:
    """Set all further prints of this process in fresh ones, which no fault of ours reaches."""
    vars(typst)["compile"] = _compiled_apart


def _compiled_apart(sources: dict[str, Any], *, font_paths: object, **options: Any) -> bytes:
    del font_paths  # they cannot be sent, but their folders can
    kept = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    kept["PYTHONPATH"] = os.pathsep.join(sys.path)
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input=pickle.dumps((sources, _FOLDERS, options)),
        stdout=subprocess.PIPE,
        check=True,
        env=kept,
    ).stdout
