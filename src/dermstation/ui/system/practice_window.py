"""Opening the demonstration in a process of its own, for practice. GUI thread."""

import sys

from PySide6.QtCore import QProcess

from dermstation.domain.errors import ErrorCode, StationError


def open_practice_window() -> None:
    """Start the demonstration, whose store is thrown away.

    Raises StationError PRACTICE_NOT_OPENED.
    """
    is_frozen = bool(getattr(sys, "frozen", False))
    arguments = ["demo"] if is_frozen else ["-m", "dermstation", "demo"]
    if not QProcess.startDetached(sys.executable, arguments)[0]:
        raise StationError(ErrorCode.PRACTICE_NOT_OPENED)
