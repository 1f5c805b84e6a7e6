"""A network camera that sends MJPEG over http or https. Lives in the camera process.

A thread takes what comes and keeps the newest picture alone, so that a stream that is faster than
this PC never becomes an old one. Nothing is decoded here: what becomes of a packet from the network
is decided where every packet is (`camera.admission`).
"""

import contextlib
import email.message
import socket
import threading
import time
from http.client import HTTPException

import numpy as np

from dermstation.camera.frames import Encoding
from dermstation.camera.packets import jpeg_outline, self_contained
from dermstation.camera.source import Mode, RawFrame
from dermstation.camera.sources.http_access import Address, Stream, request
from dermstation.camera.sources.multipart import MultipartError, MultipartPictures
from dermstation.domain.errors import ErrorCode, StationError

OPEN_WITHIN_S = 5.0
READ_WITHIN_S = 0.8
_SILENT_S = 10.0
_READ_BYTES = 65536
_KIND = "multipart/x-mixed-replace"
_LONGEST_BOUNDARY = 70  # RFC 2046


class HttpCamera:
    """A camera at a URL. The URL may hold a credential, so only its host and port are shown."""

    is_recording = False

    def __init__(self, url: str) -> None:
        self._address = Address.of(url)
        self._receiver: _Receiver | None = None
        self._first: RawFrame | None = None
        port = f":{self._address.port}" if self._address.port else ""
        self.label = f"Network camera at {self._address.host}{port}"

    def open(self) -> Mode:
        """Connect. Raises StationError CAMERA_ABSENT, CAMERA_CERTIFICATE or CAMERA_FAILED."""
        self.close()
        stream = request(self._address, OPEN_WITHIN_S)
        boundary = _boundary(stream.response.headers)
        if boundary is None:
            stream.close()
            raise StationError(ErrorCode.CAMERA_FAILED, reason="not_mjpeg")
        self._receiver = _Receiver(stream, boundary)
        self._receiver.start()
        ends_at = time.monotonic() + OPEN_WITHIN_S
        while (first := self.read()) is None:
            if time.monotonic() > ends_at:
                raise StationError(ErrorCode.CAMERA_FAILED, reason="no_picture")
        self._first = first
        return Mode(first.width, first.height, 0.0)

    def read(self) -> RawFrame | None:
        """Return the next picture, or None if it is damaged or none has come.

        Raises StationError CAMERA_FAILED if the stream has ended.
        """
        if self._receiver is None:
            raise StationError(ErrorCode.CAMERA_FAILED, reason="not_open")
        if self._first is not None:
            first, self._first = self._first, None
            return first
        taken = self._receiver.take(READ_WITHIN_S)
        return _frame(*taken) if taken is not None else None

    def close(self) -> None:
        """Disconnect."""
        if self._receiver is not None:
            self._receiver.end()
        self._receiver = self._first = None


class _Receiver(threading.Thread):
    """Receives one stream; whoever takes its pictures gets the newest one."""

    def __init__(self, stream: Stream, boundary: bytes) -> None:
        super().__init__(name="mjpeg", daemon=True)
        self._stream = stream
        stream.socket.settimeout(_SILENT_S)
        self._pictures = MultipartPictures(boundary)
        self._changed = threading.Condition()
        self._newest: tuple[bytes, int] | None = None
        self._has_ended = False

    def run(self) -> None:
        """Receive until the stream ends, breaks, or is no stream of pictures."""
        with contextlib.suppress(
            OSError, HTTPException, MultipartError, ValueError, AttributeError
        ):
            while data := self._stream.response.read1(_READ_BYTES):
                if (picture := self._pictures.feed(data)) is not None:
                    self._keep(picture)
        with self._changed:
            self._has_ended = True
            self._changed.notify()

    def take(self, within_s: float) -> tuple[bytes, int] | None:
        """Return the newest picture and when it was whole, or None if none comes in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._newest or self._has_ended, within_s)
            newest, self._newest = self._newest, None
            if newest is None and self._has_ended:
                raise StationError(ErrorCode.CAMERA_FAILED, reason="no_more_frames")
            return newest

    def end(self) -> None:
        """Disconnect, and wait until the thread has ended."""
        with contextlib.suppress(OSError):
            self._stream.socket.shutdown(socket.SHUT_RDWR)
        self.join()
        self._stream.close()

    def _keep(self, picture: bytes) -> None:
        with self._changed:
            self._newest = picture, time.perf_counter_ns()
            self._changed.notify()


def _boundary(headers: email.message.Message) -> bytes | None:
    """Return what stands between the pictures, or None if the answer is something else."""
    if headers.get_content_type() != _KIND:
        return None
    boundary = headers.get_boundary("").encode("ascii", "replace")
    return boundary if 0 < len(boundary) <= _LONGEST_BOUNDARY else None


def _frame(picture: bytes, captured_at_ns: int) -> RawFrame | None:
    """Return what came as a frame, a torn one too: the gate refuses it. None if it is no JPEG."""
    outline = jpeg_outline(picture)
    if outline is None:
        return None
    packet = np.frombuffer(self_contained(picture, outline), np.uint8)
    size = (outline.width, outline.height)
    known = outline if outline.is_self_contained else None
    return RawFrame(captured_at_ns, Encoding.JPEG, *size, packet, outline=known)
