import multiprocessing
import os
import pickle
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from dermstation.camera import ring as ring_module
from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.ring import LEAST_FRAMES, FrameRing
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
