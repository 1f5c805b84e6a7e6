"""The shared memory that carries frames out of the camera process; the newest frame wins.

One writer, any number of readers, no lock between them: each entry of the table is a seqlock
(its version is odd while it is being written). Payloads of any length are stored one after another
in an arena. Before the writer overwrites bytes it withdraws every entry that owned them, so that a
reader in the middle of a copy notices and drops the copy. A reader can therefore never hold up the
camera, nothing can queue, and no frame is ever a mixture of two.

Layout: a header and a table of ENTRIES x FIELDS, both native int64, then the arena. The station's
process owns the memory (`create`, `close`) and hands it to each camera process when that starts.
A camera process attaches and may be killed at any instant; its successor repairs an entry that was
left half written. The memory has no name and is gone with the last process that has it.
"""

import threading

import numpy as np
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.shared_memory import NamelessMemory, free_shared_bytes
from dermstation.camera.source import RawFrame
from dermstation.domain.errors import ErrorCode, StationError

ARENA_BYTES = 96 * 2**20
LEAST_FRAMES = 4
ENTRIES = 64
_HEADER_WORDS = 16
_FIELDS = 10
(
    _VERSION,
    _SEQUENCE,
    _INSTANT,
    _ENCODING,
    _WIDTH,
    _HEIGHT,
    _OFFSET,
    _LENGTH,
    _OF_GENERATION,
) = range(_FIELDS - 1)  # the last word is unused, so that an entry is a multiple of 16 bytes
_NEWEST, _BEAT, _ACTIVITY, _ARENA, _FIRST, _GENERATION = range(6)
_TABLE_BYTES = 8 * (_HEADER_WORDS + ENTRIES * _FIELDS)
_ALIGNMENT = 64
_PAGE_BYTES = 4096
_ATTEMPTS = 64


class FrameRing:
    """One process's view of the shared memory; any of its threads may read."""

    def __init__(self, memory: NamelessMemory, arena_bytes: int, *, owner: bool) -> None:
        self.memory = memory
        self._owner = owner
        self._lock = threading.Lock()  # within this process, keeps `close` out of reads
        self._fence = threading.Lock()
        self._arena_bytes = arena_bytes
        self._header: NDArray[np.int64] | None = _header_of(memory)
        table_words = ENTRIES * _FIELDS
        table = np.frombuffer(memory.buffer, np.int64, table_words, 8 * _HEADER_WORDS)
        self._table = table.reshape(ENTRIES, _FIELDS)
        self._arena = np.frombuffer(memory.buffer, np.uint8, arena_bytes, _TABLE_BYTES)

    @classmethod
    def create(
        cls, width: int, height: int, arena_bytes: int = ARENA_BYTES, first: int = 0
    ) -> "FrameRing":
        """Reserve a ring for at least LEAST_FRAMES pictures of `width` x `height` in BGR.

        `first` is the sequence of its first frame.

        Never takes more than half of the free shared memory, and allocates it at once: memory that
        is promised but missing would kill the process at first use (SIGBUS). Raises StationError
        CAMERA_MEMORY if there is too little.
        """
        least = LEAST_FRAMES * (width * height * 3 + _ALIGNMENT)
        wanted = max(arena_bytes, least)
        allowed = free_shared_bytes() // 2 - _TABLE_BYTES
        size = min(wanted, allowed) // _ALIGNMENT * _ALIGNMENT
        if size < least:
            raise StationError(
                ErrorCode.CAMERA_MEMORY, needed_bytes=least, allowed_bytes=max(0, allowed)
            )
        memory = NamelessMemory.reserve(_TABLE_BYTES + size)
        ring = cls(memory, size, owner=True)
        ring._table[:, _SEQUENCE] = -1
        header = ring._open_header()
        header[_NEWEST] = first - 1
        header[_FIRST] = first
        header[_ARENA] = size
        return ring

    @classmethod
    def attach(cls, memory: NamelessMemory) -> "FrameRing":
        """Open the ring in `memory`, which stays open; for the one process that writes."""
        size = int(_header_of(memory)[_ARENA])
        ring = cls(memory, size, owner=False)
        # the previous process may have been killed while writing
        half_written = ring._table[:, _VERSION] % 2 == 1
        ring._table[half_written, _SEQUENCE] = -1
        ring._table[half_written, _VERSION] += 1
        return ring

    @property
    def largest_payload(self) -> int:
        """Return the largest size of a frame in bytes with which LEAST_FRAMES always fit."""
        return self._arena_bytes // LEAST_FRAMES

    def put(self, raw: RawFrame) -> int:
        """Copy a frame in and return its sequence. For the one writer only.

        Raises ValueError if the payload is empty or longer than `largest_payload`.
        """
        payload = raw.payload.reshape(-1)
        length = payload.size
        if not 0 < length <= self.largest_payload:
            raise ValueError(length)
        header, table = self._open_header(), self._table
        newest = int(header[_NEWEST])
        start = self._room_after(newest, length)
        sequence = newest + 1
        overlaps = (table[:, _OFFSET] < start + length) & (
            table[:, _OFFSET] + table[:, _LENGTH] > start
        )
        table[overlaps, _SEQUENCE] = -1
        table[overlaps, _VERSION] += 2
        entry = table[sequence % ENTRIES]
        entry[_VERSION] += 1
        self._barrier()
        self._arena[start : start + length] = payload
        entry[_SEQUENCE:] = (
            sequence,
            raw.captured_at_ns,
            int(raw.encoding),
            raw.width,
            raw.height,
            start,
            length,
            header[_GENERATION],
            0,
        )
        self._barrier()
        entry[_VERSION] += 1
        header[_NEWEST] = sequence
        return sequence

    def newest(self, after: int = -1) -> Frame | None:
        """Return a copy of the newest frame, or None if no frame is newer than `after`."""
        with self._lock:
            for _ in range(_ATTEMPTS):
                if self._header is None:
                    return None
                sequence = int(self._header[_NEWEST])
                if sequence <= after or sequence < int(self._header[_FIRST]):
                    return None
                if (frame := self._copy(sequence)) is not None:
                    return frame
        return None

    def newest_stamp(self) -> tuple[int, int]:
        """Return the sequence and instant (ns) of the newest frame; (-1, 0) if there is none.

        Raises ValueError if the ring is closed.
        """
        with self._lock:
            header = self._open_header()
            for _ in range(_ATTEMPTS):
                sequence = int(header[_NEWEST])
                instant = int(self._table[sequence % ENTRIES, _INSTANT])
                if int(header[_NEWEST]) == sequence:
                    break
            return (sequence, instant) if sequence >= int(header[_FIRST]) else (-1, 0)

    def sequences_between(self, start_ns: int, end_ns: int) -> list[int]:
        """Return the sequences of frames still held from `start_ns` to `end_ns`, oldest first."""
        with self._lock:
            if self._header is None:
                return []
            held = self._table[:, [_SEQUENCE, _INSTANT]].tolist()
        return sorted(
            sequence
            for sequence, instant in held
            if sequence >= 0 and start_ns <= instant <= end_ns
        )

    def frame(self, sequence: int) -> Frame | None:
        """Return a copy of a frame, or None if it is no longer held or is being overwritten.

        Takes about 1 ms for 1600 x 1200 in BGR.
        """
        with self._lock:
            return self._copy(sequence) if self._header is not None else None

    def begin_generation(self) -> None:
        """Record that the source was reopened. For the one writer only."""
        self._open_header()[_GENERATION] += 1

    def touch(self) -> None:
        """Map all of the memory now (tens of ms) rather than page by page while streaming."""
        with self._lock:
            if self._header is not None:
                self._arena[::_PAGE_BYTES].max()

    def beat(self, activity: int, now_ns: int) -> None:
        """Record that the camera process is alive and what it is about to do."""
        header = self._open_header()
        header[_ACTIVITY] = activity
        header[_BEAT] = now_ns

    def last_beat(self) -> tuple[int, int]:
        """Return what the camera process last said it was about to do, and when (ns)."""
        with self._lock:
            header = self._open_header()
            return int(header[_ACTIVITY]), int(header[_BEAT])

    def close(self) -> None:
        """Let go of the frames; the owner also lets go of the memory. May be called twice."""
        with self._lock:
            if self._header is None:
                return
            self._header = None
            del self._table, self._arena
            if self._owner:
                self.memory.close()

    def _open_header(self) -> NDArray[np.int64]:
        if self._header is None:
            raise ValueError("the ring is closed")
        return self._header

    def _room_after(self, newest: int, length: int) -> int:
        """Return the offset for the next payload; it never overlaps the newest frame."""
        if newest < 0:
            return 0
        held = self._table[newest % ENTRIES]
        if int(held[_SEQUENCE]) != newest:
            return 0
        end = int(held[_OFFSET]) + int(held[_LENGTH])
        start = -(-end // _ALIGNMENT) * _ALIGNMENT
        return start if start + length <= self._arena_bytes else 0

    def _copy(self, sequence: int) -> Frame | None:
        """Return a copy of one frame, or None if the writer changed it meanwhile."""
        entry = self._table[sequence % ENTRIES]
        version = int(entry[_VERSION])
        self._barrier()
        held, instant, encoding, width, height, start, length, generation, _ = entry[
            _SEQUENCE:
        ].tolist()
        if version % 2 or held != sequence or not 0 <= start <= start + length <= self._arena_bytes:
            return None
        payload = self._arena[start : start + length].copy()
        self._barrier()
        if int(entry[_VERSION]) != version:
            return None
        if encoding == Encoding.BGR:
            payload = payload.reshape(height, width, 3)
        payload.flags.writeable = False
        return Frame(sequence, instant, Encoding(encoding), width, height, payload, generation)

    def _barrier(self) -> None:
        """Keep memory accesses before this call from being reordered with those after it.

        Taking a lock executes an atomic instruction. It is needed because large copies may use
        stores that bypass the processor's usual ordering.
        """
        with self._fence:
            pass


def _header_of(memory: NamelessMemory) -> NDArray[np.int64]:
    return np.frombuffer(memory.buffer, np.int64, _HEADER_WORDS)
