"""The window's end of the pipe to the launcher. GUI thread, but for the thread that listens."""

import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, Signal

from dermstation.process_messages import LineKind, LineMessage


class LauncherLine(QObject):
    """The pipe to the launcher; every message becomes a signal."""

    refused = Signal()  # no process can take over
    ended = Signal()  # the successor is on the screen
    lost = Signal()  # the launcher is gone
    successor_known = Signal()
    _ordered = Signal()

    def __init__(self, connection: Connection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self.successor = b""  # the public key of the process that waits; empty if none does
        self._thread = threading.Thread(target=self._listen, name="launcher", daemon=True)

    def order_at_once(self) -> LineMessage | None:
        """Return the order to begin if it is there already."""
        try:
            return self._order(lambda: None) if self._connection.poll() else None
        except OSError:
            return None

    def wait_for_order(self, load: Callable[[], object]) -> LineMessage | None:
        """Return the order to begin once it comes; None if the launcher is gone.

        Meanwhile the events of the window system are answered, if there is a screen, and a thread
        calls `load` if what a session needs will be wanted soon.
        """
        found: list[LineMessage | None] = []
        loop = QEventLoop() if QCoreApplication.instance() is not None else None
        if loop is not None:
            # queued: the order may come before the loop runs
            self._ordered.connect(loop.quit, Qt.ConnectionType.QueuedConnection)

        def wait() -> None:
            found.append(self._order(load))
            self._ordered.emit()

        waiting = threading.Thread(target=wait, name="launcher", daemon=True)
        waiting.start()
        if loop is None:
            waiting.join()
        else:
            loop.exec()  # also ends with the PC's session
        return found[0] if found else None

    def _order(self, load: Callable[[], object]) -> LineMessage | None:
        try:
            message = LineMessage.from_bytes(self._connection.recv_bytes())
            while message.kind is LineKind.WIPED:
                load()
                message = LineMessage.from_bytes(self._connection.recv_bytes())
        except (EOFError, OSError):
            return None
        return message if message.kind is LineKind.BEGIN else None

    def start(self) -> None:
        """Start listening."""
        self._thread.start()

    def stop(self) -> None:
        """Say no more, and stop listening."""
        self.blockSignals(True)

    def tell(self, message: LineMessage) -> None:
        """Send a message; nothing happens if the launcher is gone."""
        with suppress(OSError):
            self._connection.send_bytes(message.to_bytes())

    def _listen(self) -> None:
        while True:
            try:
                message = LineMessage.from_bytes(self._connection.recv_bytes())
            except (EOFError, OSError):
                self.lost.emit()
                return
            if message.kind is LineKind.SUCCESSOR:
                self.successor = bytes.fromhex(message.facts["public"])
                if self.successor:
                    self.successor_known.emit()
            elif message.kind is LineKind.REFUSED:
                self.refused.emit()
            elif message.kind is LineKind.END:
                self.ended.emit()
