"""Detect a barcode scanner: a keyboard faster than a hand that ends with Enter. GUI thread.

What it typed goes to a listener. If the listener takes it, nobody else receives the Enter.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

APART_MS = 80  # between two characters of a scanner; even a quick typist needs longer
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ScannerEar(QObject):
    """A collector of what is typed in one burst, whichever widget has the focus."""

    def __init__(self, heard: Callable[[str], bool], parent: QWidget) -> None:
        """Call `heard` with each burst that ends with Enter; it returns whether it took it."""
        super().__init__(parent)
        self._heard = heard
        self._parent = parent
        self._burst = ""
        self._last_ms = 0

    def listen(self) -> None:
        """Start listening."""
        self._burst = ""
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def stop(self) -> None:
        """Stop listening, and forget what was heard."""
        self._burst = ""
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Collect characters; swallow the Enter of a burst that the listener takes."""
        if (
            event.type() is not QEvent.Type.KeyPress
            or not isinstance(event, QKeyEvent)
            # a key that a widget passes on to its parents arrives again
            or watched is not self._parent.window().focusWidget()
        ):
            return False
        at_ms = event.timestamp() or time.monotonic_ns() // 1_000_000  # if Qt has none
        is_one_burst = at_ms - self._last_ms <= APART_MS
        self._last_ms = at_ms
        if event.key() in _ENTER:
            burst, self._burst = self._burst, ""
            return bool(burst) and is_one_burst and self._heard(burst)
        if event.text().isprintable() and event.text():
            self._burst = (self._burst if is_one_burst else "") + event.text()
        return False
