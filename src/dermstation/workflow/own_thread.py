"""A thread of its own for what may wait long for the network.

No worker of the station waits for a server: a capture, its score or its save would wait behind it.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def in_a_thread(job: Callable[[], T]) -> Future[T]:
    """Run a job that may wait long for the network, so that no worker of the station does."""
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(job())
        except Exception as error:  # noqa: BLE001 - it is raised on the window's thread
            outcome.set_exception(error)

    threading.Thread(target=run, name="archive", daemon=True).start()
    return outcome
