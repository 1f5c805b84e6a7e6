"""A whole archive on this PC for development: Orthanc on PostgreSQL, behind nginx.

    python -m tests.archive.server up FOLDER | down FOLDER

Plain processes with the configuration that `packaging/archive` ships; only places, ports and
passwords differ. A second `up` starts the same archive again, with what it held.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from dermstation.archive.connection import ArchiveAccess
from dermstation.archive.finding import find_pictures
from dermstation.domain.errors import ErrorCode, StationError
from tests.archive.orthanc import (
    NEEDED,
    PLUGINS,
    THEIR_TITLE,
    TITLE,
    TOKEN,
    TRIES,
    Orthanc,
    free_port,
    orthanc_in,
    rest,
    shipped,
)

PACKAGING = Path(__file__).parents[2] / "packaging" / "archive"
INDEX_PLUGIN = "libOrthancPostgreSQLIndex.so"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SETTINGS = "settings.json"
SECONDS_TO_END = 60.0
_OWNER = "orthanc"


def programs_of_postgresql() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest if there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def why_no_server() -> str:
    """Return why no whole archive can be started here; empty if one can."""
    if not (PLUGINS / INDEX_PLUGIN).is_file() or NGINX is None or programs_of_postgresql() is None:
        return "needs packaging/archive/debian-packages-server.txt"
    return ""


@dataclass
class Postgres:
    """PostgreSQL on loopback, run by an ordinary account: it refuses to be run by root."""

    folder: Path
    port: int

    @property
    def account(self) -> list[str]:
        """Return the words before a command that make it run as an ordinary account."""
        return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    @property
    def variables(self) -> dict[str, str]:
        """Return where PostgreSQL's own programs find this one."""
        return {"PGHOST": str(self.folder), "PGPORT": str(self.port), "PGUSER": _OWNER}

    def start(self) -> None:
        """Start it, and make its files and the database at the first time."""
        data = self.folder / "data"
        if not data.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            if self.account:
                shutil.chown(self.folder, "postgres")
            how = ["--username", _OWNER, "--auth", "trust", "--encoding", "UTF8"]
            self.run("initdb", "--pgdata", data, *how)
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port}"
        options += f" -c unix_socket_directories={self.folder}"
        log = self.folder / "log"
        self.run("pg_ctl", "--pgdata", data, "--log", log, "--wait", "-o", options, "start")
        told = self.run("psql", "-Atc", "select datname from pg_database", "postgres")
        if _OWNER not in told.split():
            self.run("createdb", "--template", "template0", _OWNER)

    def stop(self) -> None:
        """End it; what was committed is on the disk."""
        self.run("pg_ctl", "--pgdata", self.folder / "data", "--mode", "fast", "stop")

    def run(self, program: str, *words: str | Path) -> str:
        """Run one of PostgreSQL's programs against it, and return what it prints."""
        programs = programs_of_postgresql()
        assert programs is not None
        # a server that stays inherits them: a pipe would stay open as long as it runs
        stdout = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        done = subprocess.run(
            [*self.account, programs / program, *words],
            env={**os.environ, **self.variables},
            cwd="/",
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            check=True,
            text=True,
        )
        return done.stdout or ""


@dataclass
class Archive:
    """The three processes, and where they listen."""

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "ports.json"
        if file.exists():
            self.ports = json.loads(file.read_text(encoding="utf-8"))
        else:
            self.ports = {name: free_port() for name in ("http", "dimse", "https", "postgresql")}
            file.write_text(json.dumps(self.ports), encoding="utf-8")
        self.postgres = Postgres(self.folder / "postgresql", self.ports["postgresql"])

    def up(self) -> None:
        """Start PostgreSQL, then Orthanc, then nginx; whatever of it runs already ends first."""
        self.down()
        self.postgres.start()
        orthanc = self._orthanc()
        assert orthanc.begin(apart=True), f"Orthanc does not start: {self.folder}"
        assert orthanc.process is not None
        (self.folder / "orthanc.pid").write_text(str(orthanc.process.pid), encoding="utf-8")
        file = self.folder / "nginx.conf"
        file.write_text(nginx_conf(orthanc, self.ports["https"], self.folder), "utf-8")
        assert NGINX is not None
        subprocess.run([NGINX, "-c", file, "-p", self.folder], check=True)
        self._note_settings(orthanc)

    def down(self) -> None:
        """End nginx, then Orthanc, then PostgreSQL: without it, Orthanc would hang."""
        for name in ("nginx.pid", "orthanc.pid"):
            file = self.folder / name
            if file.exists():
                _end(int(file.read_text(encoding="utf-8")))
                file.unlink(missing_ok=True)
        if (self.folder / "postgresql" / "data" / "postmaster.pid").exists():
            self.postgres.stop()

    @property
    def settings(self) -> dict[str, str]:
        """Return the settings of a station for this archive, as the last `up` left them."""
        found: dict[str, str] = json.loads((self.folder / SETTINGS).read_text(encoding="utf-8"))
        return found

    def rest(self, path: str) -> Any:
        """Ask Orthanc's own interface, behind nginx."""
        return rest(self.ports["http"], path)

    def _note_settings(self, orthanc: Orthanc) -> None:
        node = f"{THEIR_TITLE}@localhost:{orthanc.dimse}"
        settings = {
            "archive_address": f"https://localhost:{self.ports['https']}/dicom-web",
            "archive_node": node,
            "worklist_node": node,
            "station_title": TITLE,
            "archive_ca_file": str(orthanc.authority.file),
            "archive_certificate_file": str(orthanc.station.both),
        }
        (self.folder / SETTINGS).write_text(json.dumps(settings), encoding="utf-8")

    def _orthanc(self) -> Orthanc:
        made = orthanc_on(self.postgres, self.folder / "orthanc")
        made.http, made.dimse = self.ports["http"], self.ports["dimse"]
        return made


def orthanc_on(postgres: Postgres, folder: Path) -> Orthanc:
    """Return an archive whose index is in PostgreSQL, not started yet."""
    ours = {"Port": postgres.port, "Password": "trusted"}
    more = {
        "PostgreSQL": {**shipped("postgresql.json")["PostgreSQL"], **ours},
        "Plugins": [str(PLUGINS / one) for one in (*NEEDED, INDEX_PLUGIN)],
        "SyncStorageArea": True,
    }
    return orthanc_in(folder, **more)


@contextmanager
def site_of(orthanc: Orthanc, folder: Path) -> Iterator[ArchiveAccess]:
    """Hold nginx before an Orthanc, with the site that is shipped, and yield how to reach it."""
    file = folder / "nginx.conf"
    alone = "daemon off; master_process off;"
    process = None
    assert NGINX is not None
    try:
        for _ in range(TRIES):
            port = free_port()
            access = orthanc.access(address=f"https://localhost:{port}/dicom-web")
            file.write_text(nginx_conf(orthanc, port, folder), encoding="utf-8")
            process = subprocess.Popen([NGINX, "-c", file, "-p", folder, "-g", alone])
            while process.poll() is None and not _answers(access):
                pass
            if process.poll() is None:
                break  # otherwise another program took its port
        yield access
    finally:
        if process is not None:
            process.terminate()
            process.wait()


def _answers(access: ArchiveAccess) -> bool:
    try:
        find_pictures(access, TOKEN, "9990000018")
    except StationError as trouble:
        if trouble.code not in (ErrorCode.ARCHIVE_UNREACHABLE, ErrorCode.ARCHIVE_FAILED):
            raise
        return False  # not yet
    return True


def nginx_conf(orthanc: Orthanc, port: int, folder: Path) -> str:
    """Return a whole configuration of nginx around the site that is shipped."""
    text = (PACKAGING / "nginx" / "dermstation-archive.conf").read_text(encoding="utf-8")
    for shipped_words, ours in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/orthanc/tls/server.pem", str(orthanc.server.certificate)),
        ("/etc/orthanc/tls/server.key", str(orthanc.server.key)),
        ("/etc/orthanc/tls/ca.pem", str(orthanc.authority.file)),
        ("127.0.0.1:8042", f"127.0.0.1:{orthanc.http}"),
        ("/var/log/nginx/dermstation-archive.log", f"{folder}/site.log"),
    ):
        assert shipped_words in text
        text = text.replace(shipped_words, ours)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{one}_temp_path {folder}/nginx-{one};\n" for one in kinds)
    return (
        f"pid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nworker_processes 1;\n"
        f"events {{}}\nhttp {{\n{places}{text}}}\n"
    )


def _end(pid: int) -> None:
    try:
        process = psutil.Process(pid)
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS_TO_END)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        process.kill()
        process.wait()


def main(words: Sequence[str] | None = None) -> int:
    """Start or end the archive of a folder, and print what a station's settings need."""
    parser = argparse.ArgumentParser(prog="python -m tests.archive.server")
    parser.add_argument("what", choices=["up", "down"])
    parser.add_argument("folder", type=Path)
    wanted = parser.parse_args(words)
    if missing := why_no_server():
        print(missing)
        return 1
    began = time.perf_counter()
    archive = Archive(wanted.folder.resolve())
    if wanted.what == "down":
        archive.down()
        return 0
    archive.up()
    print(f"# up after {time.perf_counter() - began:.1f} s; the token is {TOKEN}")
    for name, value in archive.settings.items():
        print(f"{name} = {json.dumps(value)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
