"""The station's end of the pipe to a child process that may have been taken over.

A child that decodes what a camera, a card or a network sends is not trusted. Nothing it sends is
unpickled. It sends whole messages of bytes, each no longer than was asked for, and it can hold the
station up neither with half a message nor by not reading its orders.
"""

import os
import struct
import sys
import time
from multiprocessing.context import SpawnContext

_LENGTH = struct.Struct("!i")  # in front of each message: `Connection.send_bytes` of POSIX
_READ_BYTES = 1 << 20

if sys.platform == "win32":
    import _winapi  # what multiprocessing itself writes to its pipes with

    _ROOM_WITHIN_MS = 1000  # the pipe holds 8 KiB: some hundred orders

    def _written(handle: int, message: bytes) -> bool:
        """Write a message if the pipe has room for it soon, and return whether it had."""
        writing, state = _winapi.WriteFile(handle, message, overlapped=True)
        if state == _winapi.ERROR_IO_PENDING:
            events = [writing.event]
            if _winapi.WaitForMultipleObjects(events, False, _ROOM_WITHIN_MS) != 0:
                writing.cancel()
        sent, trouble = writing.GetOverlappedResult(True)
        return trouble == 0 and sent == len(message)


class MalformedMessageError(Exception):
    """A child sent what no child of ours sends."""


class ChildPipe:
    """A pipe, both ends of it until the child has `theirs`. For one thread at a time."""

    def __init__(self, context: SpawnContext) -> None:
        self._ours, self.theirs = context.Pipe()
        self._come = bytearray()
        self._has_ended = False
        if sys.platform != "win32":
            os.set_blocking(self._ours.fileno(), False)  # ours alone

    def send(self, message: bytes) -> None:
        """Send an order. Raises OSError if the child has ended or has stopped reading."""
        if sys.platform == "win32":
            has_room = _written(self._ours.fileno(), message)
        else:
            whole = _LENGTH.pack(len(message)) + message
            has_room = os.write(self._ours.fileno(), whole) == len(whole)
        if not has_room:
            raise BlockingIOError("the child does not read")

    def has_message(self, wait_s: float, longest: int) -> bool:
        """Wait at most `wait_s` for a whole message, and return whether there is one.

        Raises EOFError or OSError if the child has closed its end, and MalformedMessageError if the
        message is empty or longer than `longest` bytes, before its content is read.
        """
        if sys.platform == "win32":  # a message never comes in parts
            return self._ours.poll(wait_s)
        ends_at = time.monotonic() + wait_s
        while not self._is_whole(longest):
            if self._has_ended:
                raise EOFError
            if not self._ours.poll(max(0.0, ends_at - time.monotonic())):
                return False
            self._read()
        return True

    def take(self, longest: int) -> bytes:
        """Return the message that is there. Raises what `has_message` raises."""
        if sys.platform == "win32":
            try:
                message = self._ours.recv_bytes(longest)
            except EOFError:
                raise
            except OSError:  # too long, or the child is gone: it is of no more use either way
                raise MalformedMessageError("length") from None
            if not message:
                raise MalformedMessageError("length")
            return message
        if not self._is_whole(longest):
            raise EOFError
        end = _LENGTH.size + self._length()
        message = bytes(memoryview(self._come)[_LENGTH.size : end])
        del self._come[:end]
        return message

    def close(self) -> None:
        """Close the station's end."""
        self._ours.close()
        self._come.clear()

    def _read(self) -> None:
        part = os.read(self._ours.fileno(), _READ_BYTES)
        self._has_ended = not part
        self._come += part

    def _length(self) -> int:
        return int(_LENGTH.unpack_from(self._come)[0])

    def _is_whole(self, longest: int) -> bool:
        if len(self._come) < _LENGTH.size:
            return False
        if not 0 < self._length() <= longest:
            raise MalformedMessageError("length")
        return len(self._come) >= _LENGTH.size + self._length()
