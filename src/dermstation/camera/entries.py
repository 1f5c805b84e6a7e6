"""What the ring says of one frame, and whether a camera process of ours could have written it."""

import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dermstation.camera.admission import MOST_LIVE_PIXELS, is_admissible
from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.layout import LEAST_FRAMES

MOST_FRAMES = 2**40  # in the life of a ring: a thousand years
MOST_GENERATIONS = 2**31
_LONGEST_SIDE = 2**16
_AHEAD_NS = 10**9  # clocks of two processors may differ, though by much less


@dataclass(frozen=True, slots=True)
class RingLimits:
    """What a ring can hold, and which packets its station reads."""

    first: int
    arena_bytes: int
    most_packet_pixels: int = MOST_LIVE_PIXELS

    @property
    def largest_payload(self) -> int:
        """Return the largest size of a frame in bytes with which LEAST_FRAMES always fit."""
        return self.arena_bytes // LEAST_FRAMES


class Entry(NamedTuple):
    """The numbers of one entry, taken out of the shared memory once."""

    sequence: int
    captured_at_ns: int
    encoding: int
    width: int
    height: int
    offset: int
    length: int
    generation: int

    def is_possible(self, limits: RingLimits) -> bool:
        """Return whether a frame of these numbers can be in the ring."""
        pixels = self.width * self.height
        return (
            is_count(self.sequence, limits.first)
            and is_past(self.captured_at_ns)
            and 0 < self.width < _LONGEST_SIDE
            and 0 < self.height < _LONGEST_SIDE
            and 0 < self.length <= limits.largest_payload
            and 0 <= self.offset <= limits.arena_bytes - self.length
            and 0 <= self.generation < MOST_GENERATIONS
            and (
                (self.encoding == Encoding.BGR and self.length == pixels * 3)
                or (self.encoding == Encoding.JPEG and pixels <= limits.most_packet_pixels)
            )
        )

    def frame(self, payload: NDArray[np.uint8], limits: RingLimits) -> Frame | None:
        """Return the frame that `payload` is, or None if it is not what the entry says."""
        if self.encoding == Encoding.BGR:
            payload = payload.reshape(self.height, self.width, 3)
        elif not is_admissible(payload, self.width, self.height, limits.most_packet_pixels):
            return None
        payload.flags.writeable = False
        return Frame(
            self.sequence,
            self.captured_at_ns,
            Encoding(self.encoding),
            self.width,
            self.height,
            payload,
            self.generation,
        )


def is_count(sequence: int, first: int) -> bool:
    """Return whether a frame of a ring can have this sequence."""
    return first <= sequence < first + MOST_FRAMES


def is_past(instant_ns: int) -> bool:
    """Return whether an instant of perf_counter_ns has come."""
    return 0 <= instant_ns <= time.perf_counter_ns() + _AHEAD_NS
