"""A dermatoscope of software on the USB bus: answers the driver, sends pictures, has a button.

Runs as a process of its own, so that nothing of the station slows it: python -m
tests.lab.usb.camera FRAMES [--serial TEXT]. It takes an order in each line of its standard input
(JSON: a list of a word and values) and answers it in a line.
"""

import argparse
import hashlib
import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.lab.usb import descriptors as usb
from tests.lab.usb.bus import Bus
from tests.lab.usb.controls import Controls
from tests.lab.usb.probe import Chosen, Probe

_KNOWN = 4000  # pictures sent last, of which the bytes are known
_GET_DESCRIPTOR, _CLEAR_FEATURE, _GET_CONFIGURATION, _GET_INTERFACE = 6, 1, 8, 10
_STANDARD = 0x60  # bits of the kind of a request that are 0 for a standard one
_TO_ENDPOINT = 2
_END_OF_PICTURE, _END_OF_HEAD = 2, 0x80
_HEAD_BYTES = 2
_WAIT_S = 0.2
HUFFMAN_TABLES = 0xC4  # the marker of their segment


class Camera:
    """One camera: plugged in, taken out, and told to fail in the ways that cameras do."""

    def __init__(self, frames: Path, serial: str) -> None:
        self._pool = _by_size(frames)
        self._serial = serial
        self._controls = Controls()
        self._probe = Probe()
        self._bus: Bus | None = None
        self._lock = threading.Condition()
        self._streaming: Chosen | None = None
        self._is_stalled = False
        self._cut = self._pad = self._lose = 0
        self._has_tables = True
        self._fps = 0.0  # 0: as the driver asks
        self._count = 0
        self._sent: deque[str] = deque(maxlen=_KNOWN)
        self._whole: deque[str] = deque(maxlen=_KNOWN)

    def plug(self) -> str:
        """Put the camera in; it starts with its own values."""
        self._controls, self._probe, self._streaming = Controls(), Probe(), None
        self._bus = bus = Bus(self)
        threading.Thread(target=self._stream, args=(bus,), daemon=True).start()
        return f"port {bus.port}"

    def unplug(self) -> str:
        """Take the camera out."""
        bus, self._bus = self._bus, None
        if bus is not None:
            bus.unplug()
        return "out"

    def obey(self, word: str, *values: Any) -> Any:
        """Carry an order out and return the answer."""
        orders: dict[str, Callable[..., Any]] = {
            "plug": self.plug,
            "unplug": self.unplug,
            "button": self._press,
            "set": self._set,
            "known": lambda hashes: sum(one in self._sent for one in hashes),
            "known whole": lambda hashes: sum(one in self._whole for one in hashes),
            "count": lambda: self._count,
            "controls": self._controls_now,
            "streaming": lambda: self._streaming is not None,
        }
        return orders[word](*values)

    def control(self, setup: bytes, sent: bytes) -> bytes | None:
        """Return the answer to the driver's request on endpoint 0, or None to refuse it."""
        kind, request = setup[0], setup[1]
        value, index, length = (int.from_bytes(setup[at : at + 2], "little") for at in (2, 4, 6))
        if kind & _STANDARD == 0:
            answer = self._standard(kind, request, value, index)
        elif index & 0xFF == usb.STREAM_INTERFACE:
            answer = self._probe.answer(request, sent)
            if self._probe.is_commit(request, value >> 8):
                self._start(self._probe.chosen)
        else:
            answer = self._controls.answer(index >> 8, value >> 8, request, sent)
        return None if answer is None else answer[:length]

    def lost(self) -> None:
        """Stop sending: the bus is gone."""
        self._start(None)

    def _standard(self, kind: int, request: int, value: int, index: int) -> bytes | None:
        if request == _GET_DESCRIPTOR:
            which = value >> 8
            if which == 1:
                return usb.device()
            if which == 2:
                return usb.configuration()
            return usb.text(value & 0xFF, self._serial) if which == 3 else None
        if (kind, request) == (_TO_ENDPOINT, _CLEAR_FEATURE) and index == usb.STREAM_ENDPOINT:
            self._start(None)  # this ends a stream on a bulk endpoint
        return {_GET_CONFIGURATION: b"\1", _GET_INTERFACE: b"\0"}.get(request, bytes(2))

    def _start(self, chosen: Chosen | None) -> None:
        with self._lock:
            self._streaming = chosen
            self._lock.notify_all()

    def _set(self, name: str, value: float) -> str:
        """Set one of the ways to fail: stall, cut, pad, lose (bytes), tables, fps."""
        with self._lock:
            if name == "stall":
                self._is_stalled = bool(value)
            elif name == "tables":
                self._has_tables = bool(value)
            elif name == "fps":
                self._fps = float(value)
            else:
                setattr(self, {"cut": "_cut", "pad": "_pad", "lose": "_lose"}[name], int(value))
            self._lock.notify_all()
        return "set"

    def _controls_now(self) -> dict[str, int]:
        return self._controls.values()

    def _press(self, is_down: int) -> bool:
        """Report the button; return whether the driver was listening."""
        event = bytes((2, usb.STREAM_INTERFACE, 0, is_down))
        return self._bus is not None and self._bus.send(
            usb.STATUS_ENDPOINT, lambda _length: event, within_s=5.0
        )

    def _stream(self, bus: Bus) -> None:
        due, parity = time.monotonic(), 0
        while bus.is_open:
            with self._lock:
                self._lock.wait_for(lambda: self._streaming and not self._is_stalled, _WAIT_S)
                chosen = None if self._is_stalled else self._streaming
            if chosen is None:
                continue
            due += max(chosen.period_s, 1 / self._fps if self._fps else 0.0)
            time.sleep(max(0.0, due - time.monotonic()))
            due = max(due, time.monotonic() - chosen.period_s)  # what is late is not made up for
            parity ^= 1
            self._send(bus, self._picture(chosen), parity)

    def _send(self, bus: Bus, data: bytes, parity: int) -> None:
        sha256 = hashlib.sha256(data).hexdigest()
        self._sent.append(sha256)  # the station may have it at once
        if not (self._cut or self._lose):
            self._whole.append(sha256)
        pieces = self._pieces(data)
        for number, piece in enumerate(pieces):
            flags = _END_OF_HEAD | parity | (_END_OF_PICTURE if number == len(pieces) - 1 else 0)
            packet = bytes((_HEAD_BYTES, flags)) + piece
            while not bus.send(usb.STREAM_ENDPOINT, lambda _length, sent=packet: sent, _WAIT_S):
                if not bus.is_open or self._streaming is None:
                    return

    def _pieces(self, data: bytes) -> list[bytes]:
        step = usb.PAYLOAD_BYTES - _HEAD_BYTES
        pieces = [data[at : at + step] for at in range(0, len(data), step)]
        if self._lose and len(pieces) > 4:
            lost = min(self._lose // step + 1, len(pieces) - 3)
            del pieces[2 : 2 + lost]
        return pieces

    def _picture(self, chosen: Chosen) -> bytes:
        self._count += 1
        mode = chosen.mode
        if not chosen.is_jpeg:
            return bytes(((self._count * 3) & 0xFF, 128)) * (mode.width * mode.height)
        pool = self._pool[mode.width, mode.height]
        data = _numbered(pool[self._count % len(pool)], self._count)
        if not self._has_tables:
            data = b"".join(segments(data, without=HUFFMAN_TABLES))
        return (data[: self._cut] if self._cut else data) + bytes(self._pad)


def _numbered(jpeg: bytes, number: int) -> bytes:
    """Return a picture with a comment, so that no two that are sent have the same bytes."""
    comment = f"{number:012}".encode()
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]


def segments(jpeg: bytes, without: int) -> Iterator[bytes]:
    """Yield the pieces of a JPEG but the segments of one kind."""
    at = 2
    yield jpeg[:2]
    while jpeg[at + 1] != 0xDA:  # the coded data follow
        length = 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] != without:
            yield jpeg[at : at + length]
        at += length
    yield jpeg[at:]


def _by_size(frames: Path) -> dict[tuple[int, int], list[bytes]]:
    """Return the pictures by their size, which their names begin with."""
    pool: dict[tuple[int, int], list[bytes]] = {}
    for file in sorted(frames.glob("*.jpg")):
        width, height = map(int, file.name.split("_")[0].split("x"))
        pool.setdefault((width, height), []).append(file.read_bytes())
    return pool


def main() -> None:
    """Serve orders until the standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("frames", type=Path)
    parser.add_argument("--serial", default="LAB0001")
    wanted = parser.parse_args()
    camera = Camera(wanted.frames, wanted.serial)
    for line in sys.stdin:
        print(json.dumps(camera.obey(*json.loads(line))), flush=True)
    camera.unplug()


if __name__ == "__main__":
    main()
