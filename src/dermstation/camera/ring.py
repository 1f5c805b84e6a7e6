"""The shared memory that carries frames out of the camera process; the newest frame wins.

One writer, any number of readers, no lock between them: each entry of the table is a seqlock
(its version is odd while it is being written). Payloads of any length are stored one after another
in an arena. Before the writer overwrites bytes it withdraws every entry that owned them, so that a
reader in the middle of a copy notices and drops the copy. A reader can therefore never hold up the
camera, nothing can queue, and no frame is ever a mixture of two. The writer takes only as much of
the arena as holds the frames of a second: packets need a tenth of what pixels do.

The station's process owns the memory (`create`, `close`) and hands it to each camera process when
that starts. A camera process attaches and may be killed at any instant; its successor repairs an
entry that was left half written. The memory has no name and goes with the last process that has it.

The camera process is not trusted: by what its camera sent it may have been taken over, and may then
write anything anywhere in this memory at any instant. A reader therefore takes each number once,
checks it, and copies a payload before looking at it. What no camera process of ours writes is never
a frame; it makes the ring unsound, upon which the watchdog replaces the process.
"""

import threading

import numpy as np
from numpy.typing import NDArray

from dermstation.camera import layout as at
from dermstation.camera.admission import MOST_LIVE_PIXELS
from dermstation.camera.arena import Arena
from dermstation.camera.entries import MOST_GENERATIONS, Entry, RingLimits, is_count, is_past
from dermstation.camera.frames import Frame
from dermstation.camera.shared_memory import NamelessMemory, free_shared_bytes
from dermstation.camera.source import RawFrame
from dermstation.domain.errors import ErrorCode, StationError

ARENA_BYTES = 96 * 2**20
LEAST_FRAMES = at.LEAST_FRAMES
_ALIGNMENT = 64
_ATTEMPTS = 4  # a writer that leaves no time for a copy is no camera
_ACTIVITIES = range(4)


class FrameRing:
    """One process's view of the shared memory; any of its threads may read."""

    def __init__(self, memory: NamelessMemory, limits: RingLimits, *, owner: bool) -> None:
        self.memory = memory
        self._is_sound = True
        self._last_seen = limits.first - 1
        self._owner = owner
        self._lock = threading.Lock()  # within this process, keeps `close` out of reads
        self._fence = threading.Lock()
        self._limits = limits
        header = np.frombuffer(memory.buffer, np.int64, at.HEADER_WORDS)
        self._header: NDArray[np.int64] | None = header
        words = at.ENTRIES * at.FIELDS
        table = np.frombuffer(memory.buffer, np.int64, words, 8 * at.HEADER_WORDS)
        self._table = table.reshape(at.ENTRIES, at.FIELDS)
        self._arena = np.frombuffer(memory.buffer, np.uint8, limits.arena_bytes, at.TABLE_BYTES)
        self._places = Arena(memory, self._table, limits.arena_bytes)

    @classmethod
    def create(
        cls,
        width: int,
        height: int,
        arena_bytes: int = ARENA_BYTES,
        first: int = 0,
        most_packet_pixels: int = MOST_LIVE_PIXELS,
    ) -> "FrameRing":
        """Reserve a ring for at least LEAST_FRAMES pictures of `width` x `height` in BGR.

        `first` is the sequence of its first frame. Packets of more pixels than
        `most_packet_pixels` are not read from it.

        Never takes more than half of the free memory; the writer allocates what it uses of it.
        Raises StationError CAMERA_MEMORY if there is too little.
        """
        least = LEAST_FRAMES * (width * height * 3 + _ALIGNMENT)
        wanted = max(arena_bytes, least)
        allowed = free_shared_bytes() // 2 - at.TABLE_BYTES
        size = min(wanted, allowed) // _ALIGNMENT * _ALIGNMENT
        if size < least:
            raise StationError(
                ErrorCode.CAMERA_MEMORY, needed_bytes=least, allowed_bytes=max(0, allowed)
            )
        memory = NamelessMemory.reserve(at.TABLE_BYTES + size)
        memory.allocate(at.TABLE_BYTES)
        ring = cls(memory, RingLimits(first, size, most_packet_pixels), owner=True)
        ring._table[:, at.SEQUENCE] = -1
        ring._open_header()[at.NEWEST] = first - 1
        return ring

    @classmethod
    def attach(cls, memory: NamelessMemory) -> "FrameRing":
        """Open the ring in `memory`, which stays open; for the one process that writes."""
        ring = cls(memory, RingLimits(0, memory.size - at.TABLE_BYTES), owner=False)
        # the previous process may have been killed while writing
        half_written = ring._table[:, at.VERSION] % 2 == 1
        ring._table[half_written, at.SEQUENCE] = -1
        ring._table[half_written, at.VERSION] += 1
        return ring

    @property
    def is_sound(self) -> bool:
        """Return whether all that was read since `mend` is what a camera process writes."""
        return self._is_sound

    def mend(self) -> None:
        """Withdraw what cannot be a frame; for the owner, while no camera process is running."""
        with self._lock:
            header, limits = self._open_header(), self._limits
            newest = limits.first - 1
            for row in self._table:
                entry = Entry(*row[at.SEQUENCE : -1].tolist())
                if row[at.VERSION] % 2 == 0 and entry.is_possible(limits):
                    newest = max(newest, entry.sequence)
                else:
                    row[:] = 0
                    row[at.SEQUENCE] = -1
            header[at.NEWEST] = max(newest, self._last_seen)
            header[at.GENERATION] = int(header[at.GENERATION]) % MOST_GENERATIONS
            self._is_sound = True

    @property
    def largest_payload(self) -> int:
        """Return the largest size of a frame in bytes with which LEAST_FRAMES always fit."""
        return self._limits.largest_payload

    def put(self, raw: RawFrame) -> int:
        """Copy a frame in and return its sequence. For the one writer only.

        Raises ValueError if the payload is empty or longer than `largest_payload`, and StationError
        CAMERA_MEMORY.
        """
        payload = raw.payload.reshape(-1)
        length = payload.size
        if not 0 < length <= self.largest_payload:
            raise ValueError(length)
        header, table = self._open_header(), self._table
        newest = int(header[at.NEWEST])
        start = self._places.after(newest, length, raw.captured_at_ns)
        sequence = newest + 1
        overlaps = (table[:, at.OFFSET] < start + length) & (
            table[:, at.OFFSET] + table[:, at.LENGTH] > start
        )
        table[overlaps, at.SEQUENCE] = -1
        table[overlaps, at.VERSION] += 2
        entry = table[sequence % at.ENTRIES]
        entry[at.VERSION] += 1
        self._barrier()
        self._arena[start : start + length] = payload
        entry[at.SEQUENCE :] = (
            sequence,
            raw.captured_at_ns,
            int(raw.encoding),
            raw.width,
            raw.height,
            start,
            length,
            header[at.GENERATION],
            0,
        )
        self._barrier()
        entry[at.VERSION] += 1
        header[at.NEWEST] = sequence
        return sequence

    def newest(self, after: int = -1) -> Frame | None:
        """Return a copy of the newest frame, or None if no frame is newer than `after`."""
        with self._lock:
            for _ in range(_ATTEMPTS):
                if self._header is None:
                    return None
                sequence = int(self._header[at.NEWEST])
                if sequence <= after or sequence < self._limits.first:
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
                sequence = int(header[at.NEWEST])
                instant = int(self._table[sequence % at.ENTRIES, at.INSTANT])
                if int(header[at.NEWEST]) == sequence:
                    break
            if sequence < self._limits.first:
                return (-1, 0)
            if not (is_count(sequence, self._limits.first) and is_past(instant)):
                self._is_sound = False
                return (-1, 0)
            return sequence, instant

    def sequences_between(self, start_ns: int, end_ns: int) -> list[int]:
        """Return the sequences of frames still held from `start_ns` to `end_ns`, oldest first."""
        return sorted(self.lengths_between(start_ns, end_ns))

    def lengths_between(self, start_ns: int, end_ns: int) -> dict[int, int]:
        """Return the payloads' lengths in bytes of frames still held, by sequence."""
        with self._lock:
            if self._header is None:
                return {}
            held = self._table[:, [at.SEQUENCE, at.INSTANT, at.LENGTH]].tolist()
        return {
            sequence: length
            for sequence, instant, length in held
            if sequence >= self._limits.first and start_ns <= instant <= end_ns
        }

    def frame(self, sequence: int) -> Frame | None:
        """Return a copy of a frame, or None if it is no longer held or is being overwritten.

        Takes about 1 ms for 1600 x 1200 in BGR.
        """
        with self._lock:
            return self._copy(sequence) if self._header is not None else None

    def begin_generation(self) -> None:
        """Record that the source was reopened. For the one writer only."""
        self._open_header()[at.GENERATION] += 1

    def beat(self, activity: int, now_ns: int) -> None:
        """Record that the camera process is alive and what it is about to do."""
        header = self._open_header()
        header[at.ACTIVITY] = activity
        header[at.BEAT] = now_ns

    def last_beat(self) -> tuple[int, int]:
        """Return what the camera process last said it was about to do, and when (ns)."""
        with self._lock:
            header = self._open_header()
            activity, beat_ns = int(header[at.ACTIVITY]), int(header[at.BEAT])
            if activity not in _ACTIVITIES or not is_past(beat_ns):
                self._is_sound = False
            return activity, beat_ns

    def close(self) -> None:
        """Let go of the frames; the owner also lets go of the memory. May be called twice."""
        with self._lock:
            if self._header is None:
                return
            self._header = None
            del self._table, self._arena, self._places
            if self._owner:
                self.memory.close()

    def _open_header(self) -> NDArray[np.int64]:
        if self._header is None:
            raise ValueError("the ring is closed")
        return self._header

    def _copy(self, sequence: int) -> Frame | None:
        """Return a copy of one frame, or None if the writer changed it meanwhile."""
        row = self._table[sequence % at.ENTRIES]
        version = int(row[at.VERSION])
        self._barrier()
        entry = Entry(*row[at.SEQUENCE : -1].tolist())
        if version % 2 or entry.sequence != sequence:
            return None
        payload = None
        if entry.is_possible(self._limits):
            payload = self._arena[entry.offset : entry.offset + entry.length].copy()
        self._barrier()
        if int(row[at.VERSION]) != version:
            return None
        frame = entry.frame(payload, self._limits) if payload is not None else None
        if frame is None:
            self._is_sound = False
            return None
        self._last_seen = max(self._last_seen, sequence)
        return frame

    def _barrier(self) -> None:
        """Keep memory accesses before this call from being reordered with those after it.

        Taking a lock executes an atomic instruction. It is needed because large copies may use
        stores that bypass the processor's usual ordering.
        """
        with self._fence:
            pass
