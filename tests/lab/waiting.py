"""Wait for what has to happen, and say what did not."""

import time
from collections.abc import Callable

PATIENCE_S = 60.0
_POLL_S = 0.01


def until(is_so: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> float:
    """Wait until something is so, and return after how many seconds. Raises AssertionError."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > patience_s:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(_POLL_S)
    return time.monotonic() - began


def came(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> float | None:
    """Wait until something is so, and return after how many seconds, or None if it never was."""
    try:
        return until(is_so, "", patience_s)
    except AssertionError:
        return None
