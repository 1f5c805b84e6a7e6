"""The camera process's end of the pipe: the station's orders, received by a thread."""

import os
import threading
from multiprocessing.connection import Connection

from dermstation.camera.messages import order_of
from dermstation.camera.reports import Adjust, Finish, Turn


class Orders(threading.Thread):
    """Receives the station's orders; ends the process when the station is gone."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(name="orders", daemon=True)
        self._connection = connection
        self._lock = threading.Lock()
        self._turns: dict[str, object] = {}
        self._changes: list[Adjust] = []
        self.arrived = threading.Event()
        self.finish = threading.Event()

    def run(self) -> None:
        """Receive orders until the order to finish."""
        while not self.finish.is_set():
            try:
                order = order_of(self._connection.recv_bytes())
            except (EOFError, OSError):
                os._exit(0)  # at once, even if the driver is blocked
            if isinstance(order, Turn):
                with self._lock:
                    self._turns.update(order.turns)
            elif isinstance(order, Adjust):
                with self._lock:
                    self._changes.append(order)
            elif isinstance(order, Finish):
                self.finish.set()
            self.arrived.set()

    def take(self) -> tuple[dict[str, object], list[Adjust]]:
        """Return the knobs and the control changes ordered since the last call."""
        self.arrived.clear()
        with self._lock:
            turns, self._turns = self._turns, {}
            changes, self._changes = self._changes, []
        return turns, changes
