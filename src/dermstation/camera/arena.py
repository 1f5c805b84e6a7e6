"""Where in the ring's arena the next payload goes. For the one writer only."""

import numpy as np
from numpy.typing import NDArray

from dermstation.camera import layout as at
from dermstation.camera.shared_memory import NamelessMemory
from dermstation.domain.errors import StationError

KEPT_NS = 10**9  # so long frames stay if they fit: a press looks back on 0.4 s of them
_ALIGNMENT = 64


class Arena:
    """The part of the arena that a writer uses: as much as holds the frames of a second.

    Packets need a tenth of what pixels do. What is used is allocated first, and stays allocated.
    """

    def __init__(self, memory: NamelessMemory, table: NDArray[np.int64], arena_bytes: int) -> None:
        self._memory = memory
        self._table = table
        self._arena_bytes = arena_bytes
        self._used_bytes = 0

    def after(self, newest: int, length: int, now_ns: int) -> int:
        """Return the offset for a payload, which never overlaps the newest frame.

        Raises StationError CAMERA_MEMORY if it cannot be allocated.
        """
        offset, end = self._place_of(newest)
        start = -(-end // _ALIGNMENT) * _ALIGNMENT
        may_wrap = length <= offset
        would_grow = start + length > self._used_bytes
        if start + length > self._arena_bytes or (
            would_grow and may_wrap and self._is_old(length, now_ns)
        ):
            start = 0
        if start + length > self._used_bytes:
            try:
                self._memory.allocate(at.TABLE_BYTES + start + length)
                self._used_bytes = start + length
            except StationError:
                if not may_wrap or length > self._used_bytes:
                    raise
                start = 0
        return start

    def _place_of(self, sequence: int) -> tuple[int, int]:
        """Return where a frame begins and ends; (0, 0) if it is not held."""
        held = self._table[sequence % at.ENTRIES]
        if sequence < 0 or int(held[at.SEQUENCE]) != sequence:
            return 0, 0
        offset = int(held[at.OFFSET])
        return offset, offset + int(held[at.LENGTH])

    def _is_old(self, length: int, now_ns: int) -> bool:
        """Return whether no frame in the first `length` bytes is needed any more."""
        there = (self._table[:, at.SEQUENCE] >= 0) & (self._table[:, at.OFFSET] < length)
        return bool((self._table[there, at.INSTANT] < now_ns - KEPT_NS).all())
