"""The steps of a trial of an installer: each is run, timed and printed as a line of a table."""

import time
from collections.abc import Callable

_WIDTH = 42


class Steps:
    """The steps so far; a step returns whether it did what it should, and words for its line."""

    def __init__(self) -> None:
        self._outcomes: list[bool] = []

    def run(self, name: str, what: Callable[[], tuple[bool, str]]) -> None:
        """Run a step and print its line; one that cannot be read has failed."""
        started = time.monotonic()
        try:
            is_ok, words = what()
        except (OSError, ValueError, KeyError) as error:
            is_ok, words = False, f"{type(error).__name__}: {error}"
        self._outcomes.append(is_ok)
        outcome = "passed" if is_ok else "FAILED"
        seconds = time.monotonic() - started
        print(f"{outcome}  {seconds:6.1f} s  {name:<{_WIDTH}} {words}", flush=True)

    def end(self) -> int:
        """Print how many passed; return the exit status."""
        passed = sum(self._outcomes)
        print(f"{passed} of {len(self._outcomes)} passed")
        return 0 if passed == len(self._outcomes) else 1
