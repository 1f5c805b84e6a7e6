"""The only cross-thread signals: outcomes of workflow jobs, brought to the window's thread."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from dermstation.domain.errors import StationError

log = logging.getLogger(__name__)

T = TypeVar("T")


class Bridge(QObject):
    """Hand each outcome to its callback on the thread that owns the bridge."""

    crashed = Signal(object)  # an exception that is a bug of ours
    _settled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settled.connect(self._on_settled)

    def watch(
        self,
        future: "Future[T]",
        then: Callable[[T], object],
        otherwise: Callable[[StationError], object],
    ) -> None:
        """Call `then` with the result, or `otherwise` with the known trouble, on this thread."""
        future.add_done_callback(lambda done: self._settled.emit((done, then, otherwise)))

    @Slot(object)
    def _on_settled(
        self,
        outcome: tuple["Future[Any]", Callable[[Any], object], Callable[[StationError], object]],
    ) -> None:
        future, then, otherwise = outcome
        error = future.exception()
        if error is None:
            then(future.result())
        elif isinstance(error, StationError):
            log.info("job ended in %s", error.code.value)
            otherwise(error)
        else:
            self.crashed.emit(error)
