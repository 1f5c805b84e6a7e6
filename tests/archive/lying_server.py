"""A small archive on loopback that speaks DICOMweb over TLS, and lies as it is told."""

import contextlib
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset

from dermstation.archive.connection import ArchiveAccess
from tests.archive.certificates import Authority

JSON = "application/dicom+json"
PART = b"\r\n\r\n"


class _Connections(ThreadingHTTPServer):
    """A server that can break off the connections that are kept open."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def break_off(self) -> None:
        """End what waits for a next request: whoever asked may keep the connection for long."""
        for one in list(self._open):
            with contextlib.suppress(OSError):  # it has just ended
                one.shutdown(socket.SHUT_RDWR)


class LyingServer:
    """An honest archive until one of these is set.

    `status` is answered to everything. `stored_as` changes what a file becomes on the way in (None:
    it is lost), `given_as` on the way out; reading one of `fails` is an error. `told` changes the
    list of what was stored. With `holds`, nothing is answered until it is set; with `meet`, no file
    is given before as many are asked for at once; with `cuts`, an answer breaks off in the middle.
    """

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder / "tls")
        identity = self.authority.issue("server")
        self.files: dict[str, bytes] = {}
        self.sent: list[str] = []
        self.asked: list[str] = []
        self.media_type = 'multipart/related; type="application/dicom"; boundary=b'
        self.encodings: set[str] = set()
        self.fails: set[str] = set()
        self.status = 0
        self.stored_as: Callable[[bytes], bytes | None] = lambda data: data
        self.given_as: Callable[[bytes], bytes] = lambda data: data
        self.told: Callable[[Dataset], Dataset] = lambda answer: answer
        self.holds: threading.Event | None = None
        self.meet: threading.Barrier | None = None
        self.cuts = False
        server = self

        class Handler(_Handler):
            archive = server

        self._http = _Connections(Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity.both)
        self._http.socket = context.wrap_socket(
            self._http.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(target=self._http.serve_forever, name="lying-server")
        self._thread.start()

    def access(self, wait_s: float = 20.0) -> ArchiveAccess:
        address = f"https://localhost:{self._http.server_port}/dicom-web"
        ca_file = str(self.authority.file)
        return ArchiveAccess("DERMSTATION", address, ca_file=ca_file, wait_s=wait_s)

    def close(self) -> None:
        if self.holds is not None:
            self.holds.set()
        self._http.shutdown()
        self._http.break_off()
        self._http.server_close()
        self._thread.join()

    def keep(self, data: bytes) -> Dataset | None:
        """Keep the first file of a UID, as archives do; return what is said of it."""
        sent = pydicom.dcmread(BytesIO(data), stop_before_pixels=True)
        self.sent.append(str(sent.SOPInstanceUID))
        stored = self.stored_as(data)
        if stored is None:
            return None
        self.files.setdefault(str(sent.SOPInstanceUID), stored)
        item = Dataset()
        item.ReferencedSOPClassUID = sent.SOPClassUID
        item.ReferencedSOPInstanceUID = sent.SOPInstanceUID
        return item


class _Handler(BaseHTTPRequestHandler):
    archive: LyingServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # whoever asked has gone
            super().handle()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        boundary = re.search(r"boundary=(\S+)", self.headers["Content-Type"])[1].encode()
        parts = body.split(b"--" + boundary)[1:-1]
        items = [self.archive.keep(part.split(PART, 1)[1][:-2]) for part in parts]
        answer = Dataset()
        answer.ReferencedSOPSequence = [one for one in items if one is not None]
        told = json.dumps(self.archive.told(answer).to_json_dict()).encode()
        self._answer(200, JSON, told)

    def do_GET(self) -> None:
        uid = self.path.rsplit("/", 1)[-1]
        self.archive.asked.append(uid)
        self.archive.encodings.add(self.headers["Accept-Encoding"])
        if self.archive.meet is not None:
            self.archive.meet.wait()
        if uid in self.archive.fails:
            self._answer(500, "text/plain", b"")
            return
        if uid not in self.archive.files:
            self._answer(404, "text/plain", b"")
            return
        data = self.archive.given_as(self.archive.files[uid])
        body = b"--b\r\nContent-Type: application/dicom" + PART + data + b"\r\n--b--\r\n"
        self._answer(200, self.archive.media_type, body)

    def _answer(self, status: int, media_type: str, body: bytes) -> None:
        if self.archive.holds is not None:
            self.archive.holds.wait()
        status = self.archive.status or status
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.archive.cuts:
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)
