"""What the camera gives: one frame with its instant. No Qt, no decoding, no judging of quality.

Used in the camera process and in the station's own process, from any thread.

All instants are `time.perf_counter_ns()` taken in the camera process right after the driver
handed the picture over. On Linux (CLOCK_MONOTONIC) and on Windows (QueryPerformanceCounter) that
clock is one for the whole system, so that another process may subtract its own reading.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

STALE_AFTER_S = 0.5


class Encoding(IntEnum):
    """How the payload of a frame is to be read."""

    BGR = 0
    JPEG = 1


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture, the reader's own read-only copy.

    `payload` is uint8: shape (height, width, 3) in B, G, R order for BGR; shape (bytes,) for JPEG,
    the camera's own packet from its first marker to its last. `captured_at_ns` is on the
    system-wide performance counter. `sequence` grows by one a frame, across camera restarts too.
    `generation` grows each time the source is opened: frames of two generations may be of two
    places.
    """

    sequence: int
    captured_at_ns: int
    encoding: Encoding
    width: int
    height: int
    payload: NDArray[np.uint8]
    generation: int = 0

    def age_s(self, now_ns: int) -> float:
        """Return the age in seconds at `now_ns` of `time.perf_counter_ns()`."""
        return (now_ns - self.captured_at_ns) / 1e9

    def is_stale(self, now_ns: int) -> bool:
        """Say whether the picture is too old to be taken for what the camera sees now."""
        return self.age_s(now_ns) > STALE_AFTER_S
