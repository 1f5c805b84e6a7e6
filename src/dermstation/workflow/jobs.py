"""The one thread that ever touches the vault, and two for other slow work.

A job is a plain function; its outcome is a Future. The window's bridge brings outcomes back to
the window's thread; the demo and the tests simply wait for them.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Jobs:
    """Three one-worker executors: for the vault; for decoding, scoring and encoding; for looks."""

    def __init__(self) -> None:
        self._vault = ThreadPoolExecutor(1, thread_name_prefix="vault")
        self._work = ThreadPoolExecutor(1, thread_name_prefix="work")
        self._looks = ThreadPoolExecutor(1, thread_name_prefix="looks")

    def on_vault(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `job` on the vault's thread, after those before it."""
        return self._vault.submit(job, *args, **kwargs)

    def aside(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `job` on the thread for slow work that needs no vault."""
        return self._work.submit(job, *args, **kwargs)

    def looking(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `job` on the thread for what can wait: it never holds up a picture being taken."""
        return self._looks.submit(job, *args, **kwargs)

    def stop(self) -> None:
        """Finish what was asked for, then end the threads."""
        self._looks.shutdown(wait=True)
        self._work.shutdown(wait=True)
        self._vault.shutdown(wait=True)
