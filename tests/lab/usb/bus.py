"""Plug a device of software into the kernel's own USB bus (vhci_hcd, the protocol of USB/IP).

The kernel sends what a driver asks as packets over a socket; the device answers each. An answer to
a request that the driver has taken back would end the connection, so both happen under one lock.
"""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

_VHCI = Path("/sys/devices/platform/vhci_hcd.0")
_HIGH_SPEED = 3
_PORTS = 8
_SUBMIT, _UNLINK, _SUBMITTED, _UNLINKED = 1, 2, 3, 4
_TAKEN_BACK = -104  # ECONNRESET
_REFUSED = -32  # EPIPE: the device does not know this request
_HEAD_BYTES = 48
_BUFFER_BYTES = 1 << 20


class Device(Protocol):
    """What answers the driver's requests."""

    def control(self, setup: bytes, sent: bytes) -> bytes | None:
        """Return the answer to a control request, or None to refuse it."""

    def lost(self) -> None:
        """Note that the bus is gone."""


class Bus:
    """The connection of one device; each plugging in makes a new one."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._changed = threading.Condition()
        self._waiting: dict[int, dict[int, int]] = {}  # by endpoint: lengths by sequence number
        self._is_open = True
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
        self._socket = ours
        threading.Thread(target=self._serve, daemon=True).start()
        try:
            self.port = _attach(theirs.fileno())
        finally:
            theirs.close()

    @property
    def is_open(self) -> bool:
        """Return whether the device is plugged in."""
        return self._is_open

    def unplug(self) -> None:
        """Take the device out."""
        with suppress(OSError):
            (_VHCI / "detach").write_text(str(self.port))
        self._end()

    def send(self, endpoint: int, fill: Callable[[int], bytes], within_s: float) -> bool:
        """Answer the next request on an endpoint with what `fill` gives for its length.

        Returns False if there was none within this time, or the device was taken out.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: bool(self._waiting.get(endpoint)) or not self._is_open, within_s
            )
            if not self._is_open or not self._waiting.get(endpoint):
                return False
            number = next(iter(self._waiting[endpoint]))
            length = self._waiting[endpoint].pop(number)
            try:
                self._answer(number, 0, fill(length))
            except OSError:  # taken out just now
                return False
            return True

    def _serve(self) -> None:
        try:
            while True:
                head = self._read(_HEAD_BYTES)
                command, number, _device, is_in, endpoint = struct.unpack_from(">5I", head)
                if command == _SUBMIT:
                    (length,) = struct.unpack_from(">I", head, 24)
                    sent = b"" if is_in else self._read(length)
                    self._submit(number, endpoint, length, head[40:48], sent)
                elif command == _UNLINK:
                    self._unlink(number, *struct.unpack_from(">I", head, 20))
        except (EOFError, OSError):
            self._end()

    def _submit(self, number: int, endpoint: int, length: int, setup: bytes, sent: bytes) -> None:
        if endpoint:
            with self._changed:
                self._waiting.setdefault(endpoint | 0x80, {})[number] = length
                self._changed.notify_all()
            return
        answer = self._device.control(setup, sent)
        with self._changed:
            if answer is None:
                self._answer(number, _REFUSED, b"")
            else:
                self._answer(number, 0, answer, len(sent) or None)

    def _unlink(self, number: int, target: int) -> None:
        with self._changed:
            was_waiting = any(one.pop(target, None) is not None for one in self._waiting.values())
            status = _TAKEN_BACK if was_waiting else 0
            self._socket.sendall(struct.pack(">5Ii24x", _UNLINKED, number, 0, 0, 0, status))

    def _answer(self, number: int, status: int, data: bytes, length: int | None = None) -> None:
        head = struct.pack(">5I", _SUBMITTED, number, 0, 0, 0)
        done = len(data) if length is None else length
        self._socket.sendall(head + struct.pack(">iIIiI8x", status, done, 0, 0, 0) + data)

    def _read(self, count: int) -> bytes:
        got = bytearray()
        while len(got) < count:
            piece = self._socket.recv(count - len(got))
            if not piece:
                raise EOFError
            got += piece
        return bytes(got)

    def _end(self) -> None:
        with self._changed:
            was_open, self._is_open = self._is_open, False
            self._changed.notify_all()
        if was_open:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._device.lost()


def _attach(descriptor: int) -> int:
    """Give the kernel its end; return the port. One just left stays taken for a moment."""
    trouble: OSError | None = None
    for port in range(_PORTS):
        try:
            order = f"{port} {descriptor} {0x10001 + port} {_HIGH_SPEED}"
            (_VHCI / "attach").write_text(order)
        except OSError as error:
            trouble = error
        else:
            return port
    raise OSError("no port of the bus is free") from trouble
