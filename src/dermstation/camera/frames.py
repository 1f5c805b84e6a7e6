"""One frame from the camera and the instant it was taken. No Qt, no decoding, no quality check.

Used in the camera process and in the station's own process, from any thread.

All instants are readings of `time.perf_counter_ns()` in the camera process, taken right after the
driver returned the picture. On Linux (CLOCK_MONOTONIC) and on Windows (QueryPerformanceCounter)
the whole system shares that clock, so another process may subtract its own reading.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STALE_AFTER_S = 0.5


class Encoding(IntEnum):
    """The encoding of a frame's payload."""

    BGR = 0
    JPEG = 1


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture, the reader's own read-only copy.

    `payload` is uint8: shape (height, width, 3) in B, G, R order for BGR; shape (bytes,) for JPEG,
    the camera's own packet from its first marker to its last. `captured_at_ns` is a reading of the
    system-wide performance counter. `sequence` increases by one with each frame, also across
    camera restarts. `generation` increases each time the source is opened: frames of different
    generations may show different places.
    """

    sequence: int
    captured_at_ns: int
    encoding: Encoding
    width: int
    height: int
    payload: "NDArray[np.uint8]"
    generation: int = 0

    def age_s(self, now_ns: int) -> float:
        """Return the frame's age in seconds when `time.perf_counter_ns()` is `now_ns`."""
        return (now_ns - self.captured_at_ns) / 1e9

    def is_stale(self, now_ns: int) -> bool:
        """Return whether the picture is too old to count as what the camera sees now."""
        return self.age_s(now_ns) > STALE_AFTER_S
