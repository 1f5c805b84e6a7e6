"""Run work in the background, and bring its outcome back to the window's thread.

One call names what runs and on which worker, and at once starts it. What its outcome does is added
to the same statement:

    background.on_worker(draw, drawing).then(save).otherwise(refuse)

What is not said is the default. Success does nothing. A known trouble is told on the page that is
shown. An outcome that comes after the end of the session in which its job was started belongs to
a page that is gone and to an operator who has left, so it is dropped. A bug reaches the crash page,
whatever else is said and whether or not anybody waits for the job.
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
    """A job under way, and what its outcome does.

    Callbacks run on the window's thread, and never before it is back in its event loop: one that is
    added by the statement that started the job is always in time.
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
        """Call `failure` with a known trouble, instead of telling it on the page that is shown."""
        self._on_failure = failure
        return self

    def silently(self) -> "Running[T]":
        """Say nothing of a known trouble; a bug is told all the same."""
        return self.otherwise(_do_nothing)

    def before_failure(self, step: Callable[[], object]) -> "Running[T]":
        """Call `step` ahead of whatever a known trouble does."""
        self._before_failure = step
        return self

    def even_after_session(self) -> "Running[T]":
        """Take the outcome in even if the session has ended by then."""
        self._outlives_session = True
        return self

    def settle(self, future: "Future[T]", *, session_is_over: bool) -> None:
        """Do what is to be done with the outcome, unless its session is over."""
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
    """Start jobs for the window; each call returns at once and names the worker."""

    crashed = Signal(object)  # an exception that is a bug of ours
    _settled = Signal(object, object, int)  # Running, its Future, the session it was started in

    def __init__(
        self, jobs: Jobs, tell: Callable[[StationError], object], parent: QObject | None = None
    ) -> None:
        """Use these workers; `tell` is what a known trouble does by default."""
        super().__init__(parent)
        self._jobs = jobs
        self._tell = tell
        self._session = 0
        # queued also for a job that is done already: its callbacks are still being added
        self._settled.connect(self._on_settled, Qt.ConnectionType.QueuedConnection)

    def end_session(self) -> None:
        """Drop the outcomes of all jobs started so far, except those that outlive the session."""
        self._session += 1

    def on_vault(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Running[T]:
        """Run `job` on the vault's thread, after those before it."""
        return self.watch(self._jobs.on_vault(job, *args, **kwargs))

    def on_worker(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Running[T]:
        """Run `job` on the worker for slow work that needs no vault."""
        return self.watch(self._jobs.on_worker(job, *args, **kwargs))

    def at_low_priority(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Running[T]:
        """Run `job` on the low-priority worker, so that it never delays a capture."""
        return self.watch(self._jobs.at_low_priority(job, *args, **kwargs))

    def watch(self, future: "Future[T]") -> Running[T]:
        """Bring the outcome of a job that was started elsewhere, as by the card's thread."""
        running = Running(future, self._tell)
        session = self._session
        future.add_done_callback(lambda done: self._settled.emit(running, done, session))
        return running

    def not_started(self) -> Running[Any]:
        """Return what stands for a job that came too late to be started; it never ends."""
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
    """Take an outcome that nobody waits for."""
