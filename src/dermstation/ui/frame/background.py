"""Jobs in the background, whose outcomes are handled on the window's thread.

One call names the job and its worker, and starts it at once. The handlers of its outcome are added
in the same statement:

    background.on_worker(draw, drawing).then(save).otherwise(refuse)

By default, success does nothing and a known trouble is shown on the current page. An outcome that
arrives after the session in which its job was started belongs to a page that is gone and an
operator who has left, so it is dropped. A bug always leads to the crash page, whatever the handlers
and whether or not anything waits for the job.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from dermstation.domain.errors import StationError
from dermstation.workflow.jobs import Jobs

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Running(Generic[T]):
    """A running job and the handlers of its outcome.

    Handlers run on the window's thread, and only once it is back in its event loop, so one that is
    added in the statement that starts the job is always in time.
    """

    def __init__(self, future: "Future[T]", tell: Callable[[StationError], object]) -> None:
        self.future = future
        self._on_success: Callable[[T], object] = _do_nothing
        self._on_failure = tell
        self._before_failure: Callable[[], object] | None = None
        self._outlives_session = False

    def then(self, success: Callable[[T], object]) -> "Running[T]":
        """Call `success` with the result."""
        self._on_success = success
        return self

    def otherwise(self, failure: Callable[[StationError], object]) -> "Running[T]":
        """Call `failure` with a known trouble, instead of showing it on the current page."""
        self._on_failure = failure
        return self

    def silently(self) -> "Running[T]":
        """Ignore a known trouble; a bug still leads to the crash page."""
        return self.otherwise(_do_nothing)

    def before_failure(self, step: Callable[[], object]) -> "Running[T]":
        """Call `step` before the handler of a known trouble."""
        self._before_failure = step
        return self

    def even_after_session(self) -> "Running[T]":
        """Handle the outcome even if the session has ended by then."""
        self._outlives_session = True
        return self

    def settle(self, future: "Future[T]", *, session_is_over: bool) -> None:
        """Call the handler for the outcome, unless its session is over."""
        error = future.exception()
        if session_is_over and not self._outlives_session:
            log.info("an outcome came after its session and was dropped")
        elif isinstance(error, StationError):
            if self._before_failure is not None:
                self._before_failure()
            self._on_failure(error)
        else:
            self._on_success(future.result())


class Background(QObject):
    """The starter of the window's jobs; each method names the worker and returns at once."""

    crashed = Signal(object)  # an exception that is a bug of ours
    _settled = Signal(object, object, int)  # Running, its Future, the session it was started in

    def __init__(
        self, jobs: Jobs, tell: Callable[[StationError], object], parent: QObject | None = None
    ) -> None:
        """Use these workers; `tell` is the default handler of a known trouble."""
        super().__init__(parent)
        self._jobs = jobs
        self._tell = tell
        self._session = 0
        # queued even if the job is already done: its handlers are still being added
        self._settled.connect(self._on_settled, Qt.ConnectionType.QueuedConnection)

    def end_session(self) -> None:
        """Drop the outcomes of all jobs started so far, except those that outlive the session."""
        self._session += 1

    def on_vault(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Running[T]:
        """Run `job` on the vault's thread, after the jobs already queued there."""
        return self.watch(self._jobs.on_vault(job, *args, **kwargs))

    def on_worker(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Running[T]:
        """Run `job` on the worker for slow work that needs no vault."""
        return self.watch(self._jobs.on_worker(job, *args, **kwargs))

    def at_low_priority(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Running[T]:
        """Run `job` on the low-priority worker, so that it never delays a capture."""
        return self.watch(self._jobs.at_low_priority(job, *args, **kwargs))

    def watch(self, future: "Future[T]") -> Running[T]:
        """Handle the outcome of a job that was started elsewhere, such as on the card's thread."""
        running = Running(future, self._tell)
        session = self._session
        future.add_done_callback(lambda done: self._settled.emit(running, done, session))
        return running

    def not_started(self) -> Running[Any]:
        """Return a stand-in for a job that came too late to be started; it never ends."""
        return Running(Future(), self._tell)

    @Slot(object, object, int)
    def _on_settled(self, running: Running[Any], future: "Future[Any]", session: int) -> None:
        error = future.exception()
        if error is not None and not isinstance(error, StationError):
            self.crashed.emit(error)
            return
        if error is not None:
            log.info("job ended in %s", error.code.value)
        running.settle(future, session_is_over=session != self._session)


def _do_nothing(_outcome: object) -> None:
    """Ignore an outcome."""
