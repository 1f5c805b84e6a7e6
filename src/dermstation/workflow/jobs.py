"""The only thread that touches the vault, and two for other slow work.

A job is a plain function; its outcome is a Future. `ui.frame.background` brings outcomes back to
the window's thread; the demo and the tests simply wait for them.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Jobs:
    """Three executors of one worker each: for the vault, for slow work, and for low priority."""

    def __init__(self) -> None:
        self._vault = ThreadPoolExecutor(1, thread_name_prefix="vault")
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="worker")
        self._low_priority = ThreadPoolExecutor(1, thread_name_prefix="low-priority")

    def on_vault(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `job` on the vault's thread, after the jobs before it."""
        return self._vault.submit(job, *args, **kwargs)

    def on_worker(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `job` on the worker for slow work that needs no vault, such as decoding."""
        return self._worker.submit(job, *args, **kwargs)

    def at_low_priority(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `job` on the low-priority worker, so that it never delays a capture."""
        return self._low_priority.submit(job, *args, **kwargs)

    def stop(self) -> None:
        """Finish all jobs that were started, then end the threads."""
        self._low_priority.shutdown(wait=True)
        self._worker.shutdown(wait=True)
        self._vault.shutdown(wait=True)
