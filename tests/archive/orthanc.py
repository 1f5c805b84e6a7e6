"""A real Orthanc on loopback, with the configuration that `packaging/archive` ships, and TLS.

Only places, ports and the index differ: here it is SQLite's, so that it starts in a moment.
"""

import base64
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dermstation.archive.connection import ArchiveAccess
from dermstation.domain.archive_place import DicomNode
from tests.archive.certificates import Authority, Identity
from tests.archive.tls_proxy import TlsProxy

PROGRAM = shutil.which("Orthanc", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PLUGINS = Path("/usr/share/orthanc/plugins")
NEEDED = ("libOrthancDicomWeb.so", "libModalityWorklists.so")
SHIPPED = Path(__file__).parents[2] / "packaging" / "archive" / "orthanc"
TOKEN = "station:test-station-pass"
TITLE, THEIR_TITLE = "DERMSTATION", "DERMARCHIVE"
SECONDS_TO_START = 300.0  # for one that hangs
TRIES = 5  # another program may take a free port first


def why_missing() -> str:
    """Return why no Orthanc can be started here; empty if one can."""
    if PROGRAM is None or any(not (PLUGINS / one).is_file() for one in NEEDED):
        return "needs the Debian packages orthanc and orthanc-dicomweb"
    return ""


def shipped(name: str) -> dict[str, Any]:
    """Return a file of packaging/archive/orthanc, whose comments are whole lines."""
    text = (SHIPPED / name).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(re.sub(r"(?m)^\s*//.*$", "", text))
    return found


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port


def rest(port: int, path: str, data: bytes | None = None, method: str | None = None) -> Any:
    """Ask the interface of an Orthanc on loopback; raises OSError."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, method=method)
    secret = base64.b64encode(TOKEN.encode()).decode()
    request.add_header("Authorization", f"Basic {secret}")
    with urllib.request.urlopen(request, timeout=SECONDS_TO_START) as answer:
        return json.loads(answer.read() or b"null")


class TokenKeystore:
    """A keystore that holds the token of the test's archive, and nothing else."""

    def get_password(self, _service: str, _name: str) -> str | None:
        return TOKEN

    def set_password(self, _service: str, _name: str, _secret: str) -> None:
        raise AssertionError

    def delete_password(self, _service: str, _name: str) -> None:
        raise AssertionError


@dataclass
class Orthanc:
    """An archive in a folder: what it listens on, and how a station reaches it."""

    folder: Path
    authority: Authority
    server: Identity
    station: Identity
    more: dict[str, Any] = field(default_factory=dict)  # over the shipped configuration
    http: int = 0  # plain, for the tests alone
    dimse: int = 0
    proxy: TlsProxy | None = None
    process: subprocess.Popen[bytes] | None = None
    # by it, another Orthanc that took the port first is told apart
    name: str = field(default_factory=lambda: secrets.token_hex(8))

    def start(self) -> None:
        """Start it, again on the ports that it had, and wait until it answers."""
        for _ in range(TRIES):
            self.http = self.http or free_port()
            self.dimse = self.dimse or free_port()
            if self.begin():
                break
            assert self.proxy is None, "another program took its port"
            self.http = self.dimse = 0
        else:
            raise AssertionError(f"Orthanc does not start: {self._log()[-2000:]}")
        if self.proxy is None:
            self.proxy = TlsProxy(self.http, self.server)

    def stop(self) -> None:
        """End it as an administrator would."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """End everything."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        if self.proxy is not None:
            self.proxy.close()

    def access(self, **other: Any) -> ArchiveAccess:
        """Return how a station reaches it, with `other` in place of what is right."""
        assert self.proxy is not None
        node = DicomNode(THEIR_TITLE, "localhost", self.dimse)
        facts = {
            "title": TITLE,
            "address": f"https://localhost:{self.proxy.port}/dicom-web",
            "node": node,
            "worklist": node,
            "ca_file": str(self.authority.file),
            "certificate_file": str(self.station.both),
        }
        return ArchiveAccess(**{**facts, **other})

    def rest(self, path: str, data: bytes | None = None, method: str | None = None) -> Any:
        """Ask Orthanc's own interface, behind the proxy; raises OSError."""
        return rest(self.http, path, data, method)

    @property
    def worklists(self) -> Path:
        """Return the folder whose .wl files are the worklist."""
        return self.folder / "worklists"

    def count(self) -> int:
        """Return how many objects it holds."""
        found: int = self.rest("/statistics")["CountInstances"]
        return found

    def empty(self) -> None:
        """Remove every object."""
        for one in self.rest("/patients"):
            self.rest(f"/patients/{one}", method="DELETE")

    def begin(self, *, apart: bool = False) -> bool:
        """Start the process; return whether it answers. `apart`, it outlives this program."""
        self.worklists.mkdir(parents=True, exist_ok=True)
        file = self.folder / "orthanc.json"
        file.write_text(json.dumps(self._configuration()), encoding="utf-8")
        assert PROGRAM is not None
        with (self.folder / "orthanc.log").open("wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, file], stdout=log, stderr=log, start_new_session=apart
            )
        ends_at = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < ends_at and self.process.poll() is None:
            try:
                if self.rest("/system")["Name"] == self.name:
                    return True
            except OSError:
                pass
            time.sleep(0.02)  # it is asked again, and nothing is judged by it
        self.close_process()
        return False

    def close_process(self) -> None:
        """End a process that did not come up."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def _configuration(self) -> dict[str, Any]:
        modality = shipped("orthanc.json")["DicomModalities"]["station1"]
        ours = {
            "Name": self.name,
            "StorageDirectory": str(self.folder / "storage"),
            "IndexDirectory": str(self.folder / "storage"),
            "Plugins": [str(PLUGINS / one) for one in NEEDED],
            "HttpPort": self.http,
            "DicomPort": self.dimse,
            "DicomTlsCertificate": str(self.server.certificate),
            "DicomTlsPrivateKey": str(self.server.key),
            "DicomTlsTrustedCertificates": str(self.authority.file),
            "DicomModalities": {"station": {**modality, "AET": TITLE}},
            "RegisteredUsers": dict([TOKEN.split(":")]),
            "SyncStorageArea": False,  # a test's disk need not survive a power cut
        }
        worklists = shipped("worklists.json")
        worklists["Worklists"]["Database"] = str(self.worklists)
        merged = {**shipped("orthanc.json"), **shipped("dicomweb.json"), **worklists}
        return {**merged, **ours, **self.more}

    def _log(self) -> str:
        return (self.folder / "orthanc.log").read_text(encoding="utf-8", errors="replace")


def orthanc_in(folder: Path, **more: Any) -> Orthanc:
    """Return an archive that is not started yet, with certificates of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(folder / "tls")
    server, station = authority.issue("server"), authority.issue("station")
    return Orthanc(folder, authority, server, station, more)


def write_settings(home: Path, orthanc: Orthanc, **other: str) -> None:
    """Write the settings of a station that uses this archive by each way."""
    access = orthanc.access()
    node = f"{THEIR_TITLE}@localhost:{orthanc.dimse}"
    lines = {
        "archive_address": access.address,
        "archive_node": node,
        "worklist_node": node,
        "archive_ca_file": access.ca_file,
        "archive_certificate_file": access.certificate_file,
        **other,
    }
    text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())
    (home / "settings.toml").write_text(text, encoding="utf-8")
