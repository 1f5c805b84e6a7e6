"""Streams that no network camera sends: each is what a server answers to one connection."""

import random
from collections.abc import Callable

import cv2
import numpy as np

from tests.unit.camera.servers import MIXED, Handler, begin, part

Stream = Callable[[Handler], None]
SIZE = (1600, 1200)


def picture(seed: int, *options: int, size: tuple[int, int] = SIZE) -> bytes:
    """Return a JPEG with some detail."""
    small = np.random.default_rng(seed).integers(0, 255, (30, 40, 3), np.uint8)
    return cv2.imencode(".jpg", cv2.resize(small, size), list(options))[1].tobytes()


PLAIN = picture(1)
PROGRESSIVE = picture(2, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)


def good(handler: Handler) -> None:
    """Send good pictures until nobody listens: the way back after all the others."""
    begin(handler)
    pictures = [picture(seed, size=(320, 240)) for seed in range(8)]
    while True:
        for one in pictures:
            handler.wfile.write(part(one))


def streams(count: int) -> list[tuple[str, Stream]]:
    """Return streams of every kind in turn, each with other numbers."""
    chance = random.Random(300)
    kinds = list(_KINDS.items())
    return [
        (f"{name} {number}", make(random.Random(chance.random())))
        for number in range(count)
        for name, make in [kinds[number % len(kinds)]]
    ]


def _parts(*packets: bytes, with_length: bool = True) -> Stream:
    def answer(handler: Handler) -> None:
        begin(handler)
        for packet in packets:
            handler.wfile.write(part(packet, with_length=with_length))

    return answer


def _raw(data: bytes) -> Stream:
    def answer(handler: Handler) -> None:
        handler.wfile.write(data)

    return answer


def _after_head(data: bytes, kind: str = MIXED) -> Stream:
    def answer(handler: Handler) -> None:
        begin(handler, kind)
        handler.wfile.write(data)

    return answer


def _with_scans(packet: bytes, count: int) -> bytes:
    last = packet.rindex(b"\xff\xda")
    return packet[:last] + packet[last:-2] * count + packet[-2:]


def _empty_scans(count: int) -> bytes:
    """Return a progressive JPEG whose scans hold next to nothing, and cost a pass each."""
    last = PROGRESSIVE.rindex(b"\xff\xda")
    head = 2 + int.from_bytes(PROGRESSIVE[last + 2 : last + 4])
    return PROGRESSIVE[:-2] + PROGRESSIVE[last : last + head] * count + b"\xff\xd9"


def _claiming(width: int, height: int) -> bytes:
    place = PLAIN.index(b"\xff\xc0")
    return PLAIN[: place + 5] + height.to_bytes(2) + width.to_bytes(2) + PLAIN[place + 9 :]


def _flipped(chance: random.Random) -> bytes:
    data = bytearray(chance.choice((PLAIN, PROGRESSIVE)))
    for _ in range(chance.randint(1, 40)):
        data[chance.randrange(len(data))] ^= chance.randint(1, 255)
    return bytes(data)


def _cut(chance: random.Random) -> bytes:
    return PLAIN[: chance.randrange(len(PLAIN))] + b"\xff\xd9" * chance.randint(0, 1)


def _elsewhere(status: int) -> Stream:
    def answer(handler: Handler) -> None:
        begin(handler, status=status, Location="file:///etc/passwd")

    return answer


_KINDS: dict[str, Callable[[random.Random], Stream]] = {
    "scans": lambda chance: _parts(_empty_scans(chance.choice((64, 1_500, 20_000)))),
    "flipped": lambda chance: _parts(*(_flipped(chance) for _ in range(5))),
    "repeated scan": lambda chance: _parts(_with_scans(PROGRESSIVE, chance.randint(20, 60))),
    "huge": lambda chance: _parts(_claiming(chance.randint(8_000, 65_535), 65_535)),
    "cut": lambda chance: _parts(*(_cut(chance) for _ in range(5)), with_length=False),
    "noise": lambda chance: _parts(b"\xff\xd8" + chance.randbytes(200_000) + b"\xff\xd9"),
    "length": lambda chance: _after_head(
        b"--part\r\nContent-Length: %d\r\n\r\n" % (chance.choice((-1, 2**31, 10**30)))
    ),
    "headers": lambda chance: _after_head(b"--part\r\n" + b"X: y\r\n" * chance.randint(900, 9_000)),
    "preamble": lambda chance: _after_head(chance.randbytes(chance.randint(70_000, 900_000))),
    "no picture": lambda _: _parts(b"", b"\xff\xd8\xff\xd9", b"\x89PNG\r\n\x1a\n" + bytes(99)),
    "elsewhere": lambda chance: _elsewhere(chance.choice((301, 302, 307, 308))),
    "playlist": lambda _: _after_head(b"#EXTM3U\nfile:///etc/passwd\n", "audio/x-mpegurl"),
    "answer": lambda chance: _raw(chance.randbytes(chance.randint(1, 5_000))),
    "line": lambda _: _raw(b"HTTP/1.1 200 " + b"x" * 70_000),
    "chunks": lambda chance: _raw(
        b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=part\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n" % chance.getrandbits(80)
    ),
    "segments": lambda chance: _parts(
        b"\xff\xd8" + b"\xff\xe2\x00\x02" * chance.randint(65, 50_000) + PLAIN[2:]
    ),
    "coding": lambda chance: _parts(
        PLAIN.replace(b"\xff\xc0", bytes([0xFF, chance.choice((0xC3, 0xC5, 0xC9, 0xCF))]), 1)
    ),
}
