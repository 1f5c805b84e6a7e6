"""Collection of cyclic garbage in the GUI thread only.

Python collects in whichever thread happens to allocate. A page or window in a cycle could then be
destroyed in the scorer's or the watchdog's thread while Qt's own thread uses it, which hangs or
crashes the process.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500


class Collector(QObject):
    """A replacement for Python's own collection: the same thresholds, on a timer of its thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Take over collection from Python; for the GUI thread only."""
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.collect_due)
        self._timer.start()

    def collect_due(self) -> None:
        """Collect the oldest generation that is due, along with the younger ones."""
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
        """Return collection to Python."""
        self._timer.stop()
        gc.enable()
