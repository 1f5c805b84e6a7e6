"""A network camera that speaks rtsp: JPEG in RTP (RFC 2435), within the connection itself."""

import contextlib
import itertools
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dermstation.imaging.jpeg_segments import START_OF_SCAN, frame_of, segments

_TABLES = 0xDB
_BASELINE = 0xC0
_DESCRIPTION = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 26\r\na=rtpmap:26 JPEG/90000\r\na=control:track1\r\n"
)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    packets: list[bytes]
    redirect: str
    asked: list[str]


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while line := self.rfile.readline().decode():
                headers = {}
                while header := self.rfile.readline().decode().strip():
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                method = line.split()[0]
                self.server.asked.append(method)
                self.answer(method, headers["cseq"])

    def answer(self, method: str, number: str) -> None:
        if method == "DESCRIBE" and self.server.redirect:
            self.say("302 Found", number, f"Location: {self.server.redirect}\r\n")
        elif method == "DESCRIBE":
            self.say("200 OK", number, "Content-Type: application/sdp\r\n", _DESCRIPTION)
        elif method == "SETUP":
            self.say("200 OK", number, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n")
        else:
            self.say("200 OK", number)
        if method == "PLAY":
            self.stream()

    def say(self, status: str, number: str, more: str = "", body: str = "") -> None:
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        text = f"RTSP/1.0 {status}\r\nCSeq: {number}\r\nSession: 1\r\n{more}{length}"
        self.wfile.write(f"{text}\r\n{body}".encode())

    def stream(self) -> None:
        packets = self.server.packets
        for number in itertools.count():
            packet = _rtp(packets[number % len(packets)], number)
            self.wfile.write(b"$\0" + struct.pack(">H", len(packet)) + packet)
            threading.Event().wait(0.03)


@contextmanager
def rtsp_server(packets: list[bytes], redirect: str = "") -> Iterator[tuple[int, list[str]]]:
    """Serve JPEG packets in turn until the block ends; yield the port and what was asked."""
    with _Server(("127.0.0.1", 0), _Session) as served:
        served.packets, served.redirect, served.asked = packets, redirect, []
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        try:
            yield served.server_address[1], served.asked
        finally:
            served.shutdown()
            thread.join()


def _rtp(jpeg: bytes, number: int) -> bytes:
    tables = b""
    width = height = 0
    coded = b""
    for segment in segments(jpeg):
        if segment.marker == _TABLES:
            tables += jpeg[segment.begin + 5 : segment.end]
        elif segment.marker == _BASELINE:
            _, height, width, _ = frame_of(jpeg, segment)
        elif segment.marker == START_OF_SCAN:
            head = 2 + int.from_bytes(jpeg[segment.begin + 2 : segment.begin + 4])
            coded = jpeg[segment.begin + head : segment.end]
    header = struct.pack(">BBHII", 0x80, 0x80 | 26, number & 0xFFFF, number * 3000, 7)
    picture = struct.pack(">IBBBB", 0, 1, 255, width // 8, height // 8)
    quantisation = struct.pack(">BBH", 0, 0, len(tables)) + tables
    return header + picture + quantisation + coded
