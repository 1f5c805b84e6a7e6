"""The only cross-thread signals: outcomes of workflow jobs, brought to the window's thread.

Also the press of the button on the camera, which is heard on a thread of its own.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from dermstation.domain.errors import StationError

log = logging.getLogger(__name__)

T = TypeVar("T")


class Bridge(QObject):
    """Hand each outcome to its callback on the thread that owns the bridge.

    An outcome that comes after the session in which its job was asked for belongs to a page that
    is gone and an operator who has left: it is dropped. A bug is told all the same.
    """

    crashed = Signal(object)  # an exception that is a bug of ours
    button_pressed = Signal()  # the button on the camera itself, heard on a thread of its own
    _settled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = 0
        self._settled.connect(self._on_settled)

    def end_session(self) -> None:
        """Drop the outcomes of all jobs asked for so far, but for those that outlive it."""
        self._session += 1

    def watch(
        self,
        future: "Future[T]",
        then: Callable[[T], object],
        otherwise: Callable[[StationError], object],
        *,
        outlives_session: bool = False,
    ) -> None:
        """Call `then` with the result, or `otherwise` with the known trouble, on this thread."""
        session = None if outlives_session else self._session
        future.add_done_callback(lambda done: self._settled.emit((session, done, then, otherwise)))

    @Slot(object)
    def _on_settled(
        self,
        outcome: tuple[
            int | None,
            "Future[Any]",
            Callable[[Any], object],
            Callable[[StationError], object],
        ],
    ) -> None:
        session, future, then, otherwise = outcome
        error = future.exception()
        if error is not None and not isinstance(error, StationError):
            self.crashed.emit(error)
            return
        if error is not None:
            log.info("job ended in %s", error.code.value)
        if session not in (None, self._session):
            log.info("an outcome came after its session and was dropped")
        elif error is None:
            then(future.result())
        else:
            otherwise(error)
