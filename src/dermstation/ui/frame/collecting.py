"""Collect cyclic garbage in the GUI thread and in no other.

Python collects in whatever thread happens to allocate. A page or a window in a cycle would then be
destroyed in the scorer's thread or the watchdog's, while Qt's own thread uses it: that hangs or
crashes the process.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500


class Collector(QObject):
    """Does what Python would do by itself, at the same thresholds, by a timer of its thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Take the collection over from Python; for the GUI thread only."""
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.collect_due)
        self._timer.start()

    def collect_due(self) -> None:
        """Collect the oldest generation that is due, and with it the younger ones."""
        due = [
            generation
            for generation, (count, threshold) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if count > threshold
        ]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """Give the collection back to Python."""
        self._timer.stop()
        gc.enable()
