import multiprocessing
import os
import pickle
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from dermstation.camera import layout as at
from dermstation.camera import ring as ring_module
from dermstation.camera.arena import KEPT_NS
from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.ring import LEAST_FRAMES, FrameRing
from dermstation.camera.shared_memory import NamelessMemory
from dermstation.camera.source import RawFrame
from dermstation.domain.errors import ErrorCode, StationError
from tests.unit.camera.writers import write_without_pause

WIDTH, HEIGHT = 32, 24
FRAME_BYTES = WIDTH * HEIGHT * 3


def bgr(value: int, instant: int = 0) -> RawFrame:
    payload = np.full((HEIGHT, WIDTH, 3), value % 256, np.uint8)
    return RawFrame(instant or value, Encoding.BGR, WIDTH, HEIGHT, payload)


def strip(value: int, pixels: int) -> RawFrame:
    payload = np.full((1, pixels, 3), value % 256, np.uint8)
    return RawFrame(value, Encoding.BGR, pixels, 1, payload)


@pytest.fixture
def ring() -> Iterator[FrameRing]:
    """A ring of the smallest size, so that everything is soon overwritten."""
    made = FrameRing.create(WIDTH, HEIGHT, arena_bytes=0)
    yield made
    made.close()


@pytest.fixture
def writer(ring: FrameRing) -> Iterator[FrameRing]:
    attached = FrameRing.attach(ring.memory)
    yield attached
    attached.close()


def held_frames(ring: FrameRing) -> list[Frame]:
    frames = map(ring.frame, ring.sequences_between(0, 10**18))
    return [frame for frame in frames if frame is not None]


def test_an_empty_ring_gives_nothing(ring: FrameRing) -> None:
    assert ring.newest() is None
    assert ring.newest_stamp() == (-1, 0)
    assert held_frames(ring) == []


def test_the_newest_frame_wins(ring: FrameRing, writer: FrameRing) -> None:
    for value in range(200):
        writer.put(bgr(value, instant=1000 + value))
    newest = ring.newest()
    assert newest is not None
    assert (newest.sequence, newest.captured_at_ns) == (199, 1199)
    assert (newest.payload == 199).all()
    assert newest.payload.shape == (HEIGHT, WIDTH, 3)
    assert ring.newest(after=199) is None


def test_a_frame_is_a_read_only_copy(ring: FrameRing, writer: FrameRing) -> None:
    writer.put(bgr(7))
    frame = ring.newest()
    assert frame is not None
    for value in range(50):
        writer.put(bgr(100 + value))
    assert (frame.payload == 7).all()
    with pytest.raises(ValueError, match="read-only"):
        frame.payload[0, 0, 0] = 1


def test_at_least_four_frames_of_full_size_are_held(ring: FrameRing, writer: FrameRing) -> None:
    for value in range(1, 100):
        writer.put(bgr(value))
    held = held_frames(ring)
    assert len(held) >= LEAST_FRAMES - 1  # one frame fewer, as none is left half overwritten
    assert [frame.sequence for frame in held] == list(range(99 - len(held), 99))
    assert all((frame.payload == frame.captured_at_ns).all() for frame in held)


def test_small_payloads_reach_back_further(ring: FrameRing, writer: FrameRing) -> None:
    for value in range(1, 100):
        writer.put(strip(value, 50 + value))
    held = held_frames(ring)
    assert len(held) > 3 * LEAST_FRAMES
    assert all(frame.payload.size == 3 * (50 + frame.captured_at_ns) for frame in held)
    assert ring.sequences_between(95, 97) == [94, 95, 96]


def test_payloads_of_any_length_never_mix(ring: FrameRing, writer: FrameRing) -> None:
    rng = np.random.default_rng(3)
    for value in range(2000):
        pixels = int(rng.integers(1, writer.largest_payload // 3))
        writer.put(strip(value, pixels))
        newest = ring.newest()
        assert newest is not None
        assert newest.sequence == value
        for frame in held_frames(ring):
            assert (frame.payload == frame.captured_at_ns % 256).all()


def packet(number: int, per_second: int, size: int) -> RawFrame:
    payload = np.full(size, number % 256, np.uint8)
    return RawFrame(1 + number * 10**9 // per_second, Encoding.JPEG, WIDTH, HEIGHT, payload)


def used_bytes(ring: FrameRing) -> int:
    return int((ring._table[:, at.OFFSET] + ring._table[:, at.LENGTH]).max())


def test_only_the_frames_of_a_second_take_memory(ring: FrameRing, writer: FrameRing) -> None:
    for number in range(200):
        writer.put(packet(number, per_second=30, size=64))
    assert 30 * 64 <= used_bytes(ring) <= 34 * 64
    last_ns = ring.newest_stamp()[1]
    held = ring.sequences_between(last_ns - KEPT_NS, last_ns)
    assert held == list(range(199 - 30, 200))
    for number in range(400, 800):  # they come faster
        writer.put(packet(number, per_second=60, size=64))
    assert 60 * 64 <= used_bytes(ring) <= 64 * 64


def test_after_a_pause_the_newest_frame_is_not_overwritten_by_the_next(
    ring: FrameRing, writer: FrameRing
) -> None:
    for number in range(20):
        writer.put(packet(number, per_second=1, size=64 * (1 + number % 3)))
        held = ring.sequences_between(0, 10**18)
        assert held[-2:] == [number - 1, number][-len(held) :]


def test_without_memory_for_more_the_frames_reach_back_less_far(
    ring: FrameRing, writer: FrameRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        writer.put(packet(number, per_second=30, size=64))

    def refuse(*_: object) -> None:
        raise StationError(ErrorCode.CAMERA_MEMORY)

    monkeypatch.setattr(NamelessMemory, "allocate", refuse)
    for number in range(10, 30):
        writer.put(packet(number, per_second=30, size=64))
    assert used_bytes(ring) == 10 * 64
    assert ring.newest_stamp()[0] == 29
    with pytest.raises(StationError) as caught:
        writer.put(packet(30, per_second=30, size=11 * 64))
    assert caught.value.code is ErrorCode.CAMERA_MEMORY
    caught.value.__traceback__ = None  # it would keep the memory open
    del caught


@pytest.mark.skipif(sys.platform != "linux", reason="Windows takes memory page by page")
def test_memory_is_allocated_before_it_is_used() -> None:
    def allocated_bytes() -> int:
        return os.fstat(large.memory._handle).st_blocks * 512

    large = FrameRing.create(1600, 1200)
    try:
        assert 0 < allocated_bytes() < 2**16
        large.memory.allocate(2**20)
        assert 2**20 <= allocated_bytes() < 2**20 + 2**16
        with pytest.raises(StationError):
            large.memory.allocate(2 * large.memory.size)  # it cannot grow
    finally:
        large.close()


def test_a_payload_too_large_is_refused(writer: FrameRing) -> None:
    payload = np.zeros(writer.largest_payload + 1, np.uint8)
    with pytest.raises(ValueError, match=str(payload.size)):
        writer.put(RawFrame(1, Encoding.JPEG, WIDTH, HEIGHT, payload))


def test_a_copy_that_the_writer_overtakes_is_dropped(
    ring: FrameRing, writer: FrameRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.put(bgr(1))
    barrier, crossings = ring._barrier, []

    def cross() -> None:
        barrier()
        crossings.append(1)
        if len(crossings) == 2:  # the copy is made but not yet checked
            for value in range(2, 12):
                writer.put(bgr(value))

    monkeypatch.setattr(ring, "_barrier", cross)
    newest = ring.newest()
    assert newest is not None
    assert len(crossings) > 2
    assert newest.sequence == 10
    assert (newest.payload == 11).all()


def test_a_writer_killed_while_writing_leaves_the_last_frame(
    ring: FrameRing, writer: FrameRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.put(bgr(1))
    crossings = []

    def killed() -> None:
        crossings.append(1)
        if len(crossings) == 2:  # the pixels are written, but the entry is still open
            raise KeyboardInterrupt

    monkeypatch.setattr(writer, "_barrier", killed)
    with pytest.raises(KeyboardInterrupt):
        writer.put(bgr(2))
    newest = ring.newest()
    assert newest is not None
    assert (newest.sequence, int(newest.payload[0, 0, 0])) == (0, 1)
    successor = FrameRing.attach(ring.memory)
    assert successor.put(bgr(3)) == 1
    newest = ring.newest(after=0)
    assert newest is not None
    assert (newest.payload == 3).all()
    successor.close()


def test_no_torn_frame_is_returned_while_another_process_writes_without_pause() -> None:
    ring = FrameRing.create(800, 600, arena_bytes=0)
    process = multiprocessing.get_context("spawn").Process(
        target=write_without_pause, args=(ring.memory,)
    )
    process.start()
    try:
        seen, torn, last = set(), [], -1
        while len(seen) < 600 and process.is_alive():
            frames = held_frames(ring)
            if (newest := ring.newest(last)) is not None:
                assert newest.sequence > last
                last = newest.sequence
                frames.append(newest)
            for frame in frames:
                seen.add(frame.sequence)
                # each picture has one value throughout; a torn one ends with a later value
                if frame.payload.min() != frame.payload.max():
                    torn.append(frame.sequence)
                if frame.payload[0, 0, 0] != frame.sequence % 7:
                    torn.append(frame.sequence)
    finally:
        process.kill()
        process.join()
        ring.close()
    assert torn == []
    assert len(seen) >= 600


def test_the_memory_is_given_only_to_a_process_that_is_being_started(ring: FrameRing) -> None:
    with pytest.raises(RuntimeError):
        pickle.dumps(ring.memory)


@pytest.mark.skipif(sys.platform != "linux", reason="seals are a matter of Linux")
def test_no_process_can_shrink_the_memory_below_another(ring: FrameRing) -> None:
    """Reading what was cut off would end the station at once (SIGBUS)."""
    with pytest.raises(PermissionError):
        os.ftruncate(ring.memory._handle, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports free memory")
def test_too_little_memory_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    free = 2 * LEAST_FRAMES * 1600 * 1200 * 3
    monkeypatch.setattr(ring_module, "free_shared_bytes", lambda: free)
    with pytest.raises(StationError) as caught:
        FrameRing.create(1600, 1200)
    assert caught.value.code is ErrorCode.CAMERA_MEMORY


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports free memory")
def test_never_more_than_half_of_the_free_memory_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    free = 70 * 2**20
    monkeypatch.setattr(ring_module, "free_shared_bytes", lambda: free)
    ring = FrameRing.create(1600, 1200)
    try:
        assert ring.memory.size <= free // 2
        assert ring.largest_payload >= 1600 * 1200 * 3
    finally:
        ring.close()
