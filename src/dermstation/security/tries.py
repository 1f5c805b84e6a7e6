"""How long to wait after a wrong secret, and when a slot is locked.

The last way into a vault is never locked: whoever can reach the PC could lock everybody out. Its
waits grow longer. Pure. Time is the PC's uptime (`time.monotonic`, which all processes share),
never the wall clock: setting the clock neither shortens nor lengthens a wait. After a restart of
the PC the uptime is smaller, and the wait starts again.
"""

import math
from dataclasses import dataclass

MOST_TRIES = 10
LONGEST_WAIT_S = 60
LONGEST_LAST_WAIT_S = 900  # of the last way in: a hundred guesses a day
_MOST_STORED = 1_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """How many tries went wrong since the last sign-in, and the uptime at the last of them."""

    count: int = 0
    since_s: float = 0.0

    @classmethod
    def read(cls, count: object, since_s: object) -> "Wrong":
        """Return the record for stored values, within limits. Raises ValueError or TypeError."""
        if not isinstance(count, int) or not isinstance(since_s, int | float):
            raise TypeError("not a count and an uptime")
        if not math.isfinite(since_s):
            raise ValueError("not an uptime")
        return cls(min(max(0, count), _MOST_STORED), float(since_s))

    def and_(self, other: "Wrong") -> "Wrong":
        """Return the larger count of two, with the later beginning of the wait."""
        return Wrong(max(self.count, other.count), max(self.since_s, other.since_s))


def wait_after_s(wrong_tries: int, longest_s: int = LONGEST_WAIT_S) -> int:
    """Return the wait in seconds after so many wrong attempts: 0, 1, 2, 4 ... `longest_s`."""
    return 0 if wrong_tries == 0 else min(1 << min(wrong_tries - 1, MOST_TRIES), longest_s)


def seconds_left(
    wrong_tries: int, waits_since_s: float, uptime_s: float, longest_s: int = LONGEST_WAIT_S
) -> int:
    """Return the whole seconds left to wait at `uptime_s`; never more than the full wait."""
    waited = max(0.0, uptime_s - waits_since_s)
    return max(0, math.ceil(wait_after_s(wrong_tries, longest_s) - waited))


def is_restarted(waits_since_s: float, uptime_s: float) -> bool:
    """Return whether the PC was restarted since the wait began."""
    return uptime_s < waits_since_s
