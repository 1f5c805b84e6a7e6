"""Make timers. GUI thread."""

from PySide6.QtCore import QObject, QTimer


def timer(parent: QObject, interval_ms: int, *, once: bool = False) -> QTimer:
    """Make a timer that is not started yet.

    Its properties are set by calls: PySide6 looks keyword arguments up in lower case by the rules
    of the locale, and finds no "interval" in Turkish.
    """
    made = QTimer(parent)
    made.setSingleShot(once)
    made.setInterval(interval_ms)
    return made
