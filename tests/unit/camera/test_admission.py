"""Only a packet whose cost is known from its header enters the station undecoded."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import simplejpeg

from dermstation.camera.admission import (
    MOST_LIVE_PIXELS,
    MOST_PACKET_BYTES,
    arrived,
    coding_of,
    is_admissible,
    most_packet_pixels,
)
from dermstation.camera.frames import Encoding
from dermstation.camera.layout import ENTRIES
from dermstation.camera.ring import FrameRing
from dermstation.camera.source import RawFrame
from dermstation.camera.spec import CameraKind

WIDTH, HEIGHT = 64, 48
SCENE = cv2.resize(np.random.default_rng(5).integers(0, 255, (6, 8, 3), np.uint8), (WIDTH, HEIGHT))


def encoded(*options: int) -> np.ndarray:
    return cv2.imencode(".jpg", SCENE, list(options))[1]


PLAIN = encoded()
PROGRESSIVE = encoded(cv2.IMWRITE_JPEG_PROGRESSIVE, 1)


def of(data: bytes | np.ndarray) -> RawFrame:
    payload = np.frombuffer(data, np.uint8)
    return RawFrame(1, Encoding.JPEG, WIDTH, HEIGHT, payload)


def with_scans(count: int, packet: np.ndarray = PROGRESSIVE) -> bytes:
    """Repeat the last scan of a packet."""
    data = packet.tobytes()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + data[-2:]


def claiming(width: int, height: int) -> bytes:
    data = PLAIN.tobytes()
    place = data.index(b"\xff\xc0")
    return data[: place + 5] + height.to_bytes(2) + width.to_bytes(2) + data[place + 9 :]


def admitted(raw: RawFrame, most_pixels: int) -> RawFrame | None:
    frame = arrived(raw)
    return frame.entering(most_pixels) if frame is not None else None


def test_a_plain_packet_enters_as_it_is() -> None:
    raw = of(PLAIN)
    assert admitted(raw, MOST_LIVE_PIXELS) is raw
    assert is_admissible(raw.payload, WIDTH, HEIGHT, MOST_LIVE_PIXELS)


def test_a_packet_of_several_scans_enters_as_pixels() -> None:
    raw = admitted(of(PROGRESSIVE), MOST_LIVE_PIXELS)
    assert raw is not None
    assert raw.encoding is Encoding.BGR
    assert np.array_equal(raw.payload, cv2.imdecode(PROGRESSIVE, cv2.IMREAD_COLOR))
    assert not is_admissible(PROGRESSIVE, WIDTH, HEIGHT, MOST_LIVE_PIXELS)


@pytest.mark.parametrize("packet", [PLAIN, PROGRESSIVE], ids=["baseline", "progressive"])
def test_every_scan_is_counted(packet) -> None:
    before = coding_of(packet)
    more = np.frombuffer(with_scans(9, packet), np.uint8)
    after = coding_of(more)
    assert before is not None
    assert after is not None
    assert after.scans == before.scans + 8
    assert not after.is_plain
    assert not is_admissible(more, WIDTH, HEIGHT, MOST_LIVE_PIXELS)


def test_a_network_camera_gives_pixels_only() -> None:
    assert most_packet_pixels(CameraKind.NETWORK) == 0
    raw = admitted(of(PLAIN), most_packet_pixels(CameraKind.NETWORK))
    assert raw is not None
    assert np.array_equal(raw.payload, cv2.imdecode(PLAIN, cv2.IMREAD_COLOR))


def test_pixels_enter_as_they_are() -> None:
    raw = RawFrame(1, Encoding.BGR, WIDTH, HEIGHT, SCENE)
    assert admitted(raw, 0) is raw


@pytest.mark.parametrize(
    "data",
    [
        with_scans(20_000),
        claiming(9000, 9000),
        PLAIN.tobytes() + bytes(MOST_PACKET_BYTES),
        b"\xff\xd8" + b"\xff\xe0\x00\x02" * 65 + PLAIN.tobytes()[2:],
        PLAIN.tobytes().replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc9\x00\x11\x08"),
        PLAIN.tobytes().replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc0\x00\x11\x0c"),
        PLAIN.tobytes()[:300],
        b"",
    ],
    ids=["scans", "pixels", "bytes", "headers", "arithmetic", "bits", "cut", "nothing"],
)
def test_a_packet_beyond_the_limits_is_not_decoded(data, monkeypatch) -> None:
    monkeypatch.setattr(simplejpeg, "decode_jpeg", lambda *_: pytest.fail("decoded"))
    coding = coding_of(np.frombuffer(data, np.uint8))
    raw = of(data)
    if coding is not None:
        raw = replace(raw, width=coding.width, height=coding.height)
    assert admitted(raw, 0) is None
    assert not is_admissible(raw.payload, raw.width, raw.height, MOST_LIVE_PIXELS)


def test_a_packet_of_another_size_than_was_said_does_not_enter() -> None:
    assert admitted(replace(of(PLAIN), width=65), MOST_LIVE_PIXELS) is None
    assert not is_admissible(PLAIN, 65, HEIGHT, MOST_LIVE_PIXELS)


def test_scans_of_a_thumbnail_are_not_counted() -> None:
    exif = b"Exif\0\0" + PLAIN.tobytes()
    head = b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif
    packet = PLAIN.tobytes()[:2] + head + PLAIN.tobytes()[2:]
    coding = coding_of(np.frombuffer(packet, np.uint8))
    assert coding is not None
    assert coding.is_plain


@pytest.mark.parametrize("packet", [PROGRESSIVE, np.frombuffer(claiming(640, 480), np.uint8)])
def test_the_station_reads_no_such_packet_from_the_ring(packet) -> None:
    ring = FrameRing.create(WIDTH, HEIGHT, arena_bytes=0)
    writer = FrameRing.attach(ring.memory)
    writer.put(of(PLAIN))
    assert ring.newest() is not None
    writer.put(of(packet))
    assert ring.is_sound
    assert ring.newest() is None
    assert not ring.is_sound
    writer.close()
    ring.close()


def test_no_number_in_the_ring_makes_a_reader_fail() -> None:
    ring = FrameRing.create(WIDTH, HEIGHT, arena_bytes=0)
    chance = np.random.default_rng(7)
    values = np.array([0, 1, -1, 2, 3, 47, 64, 2**31, 2**40, 2**62, -(2**62), 9216, 4096])
    for number in range(3000):
        row = ring._table[number % ENTRIES]
        row[:] = chance.choice(values, row.size)
        row[1] = number
        row[0] = 0
        ring._header[:] = chance.choice(values, ring._header.size)
        ring._header[0] = number
        frame = ring.newest()
        assert frame is None or frame.payload.size
        ring.newest_stamp()
        ring.last_beat()
        ring.sequences_between(0, 2**62)
    del row
    assert not ring.is_sound
    ring.mend()
    assert ring.is_sound
    assert ring.newest() is None or ring.is_sound
    writer = FrameRing.attach(ring.memory)
    sequence = writer.put(RawFrame(1, Encoding.BGR, WIDTH, HEIGHT, SCENE))
    newest = ring.newest()
    assert newest is not None
    assert newest.sequence == sequence
    writer.close()
    ring.close()
