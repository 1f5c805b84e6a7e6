"""Eight stations send to one archive while it is killed, its database is away and the link breaks.

The archive is Orthanc on PostgreSQL. It is killed and started again, the link is cut and slowed,
PostgreSQL is stopped under it, and each station is killed once. In the end nothing may be lost or
there twice, nothing may have been wiped before it was proven, and what the archive holds is
compared with what each station had. Then the speed: this program, with and without reading back,
beside a bare STOW by curl and beside storescu, all of the same files.
"""

import os
import random
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.soak._archive_station import HEIGHT, WIDTH
from dermstation.archive.couriers import courier_of
from dermstation.archive.delivery import deliver
from dermstation.archive.objects import ArchiveObject, fingerprint_of
from dermstation.archive.web import dicom_web, web_session
from dermstation.domain.shots import STANDARD_SHOTS
from tests.archive.objects import Visit, as_file, plain_picture
from tests.archive.orthanc import (
    NEEDED,
    PLUGINS,
    THEIR_TITLE,
    TITLE,
    TOKEN,
    Orthanc,
    free_port,
    orthanc_in,
    shipped,
)
from tests.archive.server import INDEX_PLUGIN, Postgres, why_no_server

CAPTURES, STATIONS, KILLS = 2_000, 8, 5
SPEED_FILES, SPEED_ROUNDS = 100, 3
_ROOT = Path(__file__).parents[2]
_OF_A_BATCH = 10
_SLOW_S = 0.02  # each 64 KiB


def soak(share: float, scratch: Path) -> dict[str, Any]:
    """Return what was lost, doubled or wiped too early, and the speeds; ok if nothing was."""
    if missing := why_no_server():
        return {"skipped": missing, "ok": True}
    episodes = max(1, round(CAPTURES * share / STATIONS / len(STANDARD_SHOTS)))
    for parent in (scratch, scratch.parent):
        parent.chmod(parent.stat().st_mode | 0o111)  # PostgreSQL's account passes through
    postgres, orthanc = _archive(scratch)
    try:
        found = _stations(scratch / "stations", episodes, postgres, orthanc)
        speeds = _speeds(orthanc, scratch, max(_OF_A_BATCH, round(SPEED_FILES * min(1, 5 * share))))
    finally:
        orthanc.close()
        postgres.stop()
    bad = ("lost", "changed", "doubled", "stations_failed")
    return {**found, "speeds": speeds, "ok": not any(found[one] for one in bad)}


def _archive(scratch: Path) -> tuple[Postgres, Orthanc]:
    folder = scratch / "archive"
    folder.mkdir(mode=0o711)
    port = free_port()
    postgres = Postgres(folder / "postgresql", port)
    postgres.start()
    ours = {**shipped("postgresql.json")["PostgreSQL"], "Port": port, "Password": "trusted"}
    plugins = [str(PLUGINS / one) for one in (*NEEDED, INDEX_PLUGIN)]
    more = {"PostgreSQL": ours, "Plugins": plugins, "SyncStorageArea": True}
    orthanc = orthanc_in(folder / "orthanc", **more)
    orthanc.start()
    return postgres, orthanc


def _stations(folder: Path, episodes: int, postgres: Postgres, orthanc: Orthanc) -> dict[str, Any]:
    folder.mkdir()
    access = orthanc.access()
    words = [str(episodes), access.address, access.ca_file]
    running = [_station(folder / str(number), words) for number in range(STATIONS)]
    _until(lambda: all((folder / str(one) / "filled").exists() for one in range(STATIONS)), running)
    (folder / "go").touch()
    began = time.monotonic()
    total = STATIONS * episodes * len(STANDARD_SHOTS)
    troubles = _Troubles(folder, running, words, postgres, orthanc)
    troubles.run(total)
    statuses = [one.wait() for one in running]
    seconds = time.monotonic() - began
    wiped = {uid: pixels for line in _lines(folder, "wiped") for uid, pixels in [line.split()]}
    held = _held(orthanc)
    return {
        "captures": total,
        "stations_failed": sum(status != 0 for status in statuses),
        "wiped": len(wiped),
        "lost": total - len(wiped.keys() & held.keys()),
        "changed": sum(held.get(uid) not in (None, pixels) for uid, pixels in wiped.items()),
        "doubled": orthanc.count() - len(wiped),
        "kills_of_archive": KILLS,
        "kills_of_stations": STATIONS,
        "troubles_told": dict(Counter(_lines(folder, "troubles"))),
        "seconds_sending": round(seconds, 1),
    }


def _station(folder: Path, words: Sequence[str]) -> "subprocess.Popen[bytes]":
    program = [sys.executable, "-m", "benchmarks.soak._archive_station", folder, *words]
    paths = os.pathsep.join([str(_ROOT / "src"), str(_ROOT)])
    return subprocess.Popen(program, cwd=_ROOT, env={**os.environ, "PYTHONPATH": paths})


@dataclass
class _Troubles:
    """What breaks, each time that some more objects have arrived."""

    folder: Path
    running: "list[subprocess.Popen[bytes]]"
    words: Sequence[str]
    postgres: Postgres
    orthanc: Orthanc
    victims: list[int] = field(default_factory=lambda: list(range(STATIONS)))

    def run(self, total: int) -> None:
        """Break one thing after another, in an order that is the same each time."""
        rng = random.Random(23)  # noqa: S311 - an order, not a secret
        deeds = [*("kill",) * KILLS, "cut", "slow", "database", *("station",) * STATIONS]
        rng.shuffle(deeds)
        for number, deed in enumerate(deeds, 1):
            share = total * number / (len(deeds) + 2)
            _until(lambda least=share: _arrived(self.orthanc) >= least, self.running)
            there = f"{_arrived(self.orthanc)} of {total} there"
            print(f"soak: {deed}, {there}", file=sys.stderr, flush=True)
            getattr(self, f"_{deed}")()

    def _kill(self) -> None:
        self.orthanc.kill()
        self.orthanc.start()

    def _cut(self) -> None:
        assert self.orthanc.proxy is not None
        self.orthanc.proxy.cut()
        time.sleep(1)
        self.orthanc.proxy.mend()

    def _slow(self) -> None:
        assert self.orthanc.proxy is not None
        self.orthanc.proxy.pause_s = _SLOW_S
        time.sleep(2)
        self.orthanc.proxy.pause_s = 0.0

    def _database(self) -> None:
        self.postgres.stop()
        time.sleep(2)
        self.postgres.start()

    def _station(self) -> None:
        victim = self.victims.pop()
        self.running[victim].kill()
        self.running[victim].wait()
        self.running[victim] = _station(self.folder / str(victim), self.words)


def _arrived(orthanc: Orthanc) -> int:
    try:
        return orthanc.count()
    except (OSError, ValueError):
        return 0


def _until(condition: Callable[[], bool], running: "Sequence[subprocess.Popen[bytes]]") -> None:
    while not condition() and any(one.poll() is None for one in running):
        time.sleep(0.05)


def _held(orthanc: Orthanc) -> dict[str, str]:
    """Return the pixel hash of each object that the archive gives back, by its UID."""
    access, found = orthanc.access(), {}
    with web_session(access, TOKEN) as session:
        services = dicom_web(access, session)
        for one in orthanc.rest("/instances?expand"):
            place = [orthanc.rest(f"/instances/{one['ID']}/{of}") for of in ("study", "series")]
            uids = [held["MainDicomTags"] for held in place]
            uid = one["MainDicomTags"]["SOPInstanceUID"]
            dataset = services.retrieve_instance(
                uids[0]["StudyInstanceUID"],
                uids[1]["SeriesInstanceUID"],
                uid,
                media_types=(("application/dicom", "*"),),
            )
            found[uid] = fingerprint_of(dataset).pixels
    return found


def _lines(folder: Path, name: str) -> list[str]:
    return [
        line
        for file in sorted(folder.glob(f"*/{name}"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def _speeds(orthanc: Orthanc, scratch: Path, count: int) -> dict[str, Any]:
    """Return how many objects a second each way sends: the median of rounds that take turns."""
    found: dict[str, list[float]] = {}
    sizes = 0
    for number in range(SPEED_ROUNDS):
        ways: dict[str, Callable[[list[bytes]], None]] = {
            "proven": lambda files: _proven(orthanc, files),
            "sent": lambda files: _sent_only(orthanc, files),
            "curl": lambda files: _by_curl(orthanc, files, scratch),
            "storescu": lambda files: _by_storescu(orthanc, files, scratch),
        }
        order = list(ways)
        for name in order[number % len(order) :] + order[: number % len(order)]:
            tool = name in ("curl", "storescu")
            if tool and shutil.which(name) is None:
                continue
            orthanc.empty()
            files = [_a_file() for _ in range(count)]
            sizes = sum(map(len, files))
            began = time.perf_counter()
            ways[name](files)
            found.setdefault(name, []).append(count / (time.perf_counter() - began))
            assert orthanc.count() == count, name
    rates = {name: round(sorted(them)[len(them) // 2], 1) for name, them in found.items()}
    beside = {
        f"{ours}_beside_{other}": round(rates[ours] / rates[other], 2)
        for ours in ("proven", "sent")
        for other in ("curl", "storescu")
        if other in rates
    }
    return {"objects": count, "megabytes": round(sizes / 1e6, 1), "per_second": rates, **beside}


def _a_file() -> bytes:
    """Return an object of half a megabyte with UIDs of its own."""
    held = plain_picture(Visit())
    held.Rows, held.Columns = HEIGHT, WIDTH
    held.PixelData = os.urandom(HEIGHT * WIDTH * 3)
    return as_file(held)


def _proven(orthanc: Orthanc, files: list[bytes]) -> None:
    with courier_of(orthanc.access(), TOKEN) as courier:
        done = list(deliver(courier, [ArchiveObject(data) for data in files]))
    assert not any(one.trouble for one in done)


def _sent_only(orthanc: Orthanc, files: list[bytes]) -> None:
    objects = [ArchiveObject(data) for data in files]
    with courier_of(orthanc.access(), TOKEN) as courier:
        for begin in range(0, len(objects), _OF_A_BATCH):
            assert courier.store(objects[begin : begin + _OF_A_BATCH]) == {}


def _by_curl(orthanc: Orthanc, files: list[bytes], scratch: Path) -> None:
    access, boundary = orthanc.access(), secrets.token_hex(16)
    media = f'multipart/related; type="application/dicom"; boundary={boundary}'
    head = f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    bodies = []
    for begin in range(0, len(files), _OF_A_BATCH):
        parts = [head + data + b"\r\n" for data in files[begin : begin + _OF_A_BATCH]]
        body = scratch / f"body{begin}"
        body.write_bytes(b"".join(parts) + f"--{boundary}--\r\n".encode())
        bodies.append(body)
    for body in bodies:
        headers = ["-H", f"Content-Type: {media}", "-H", "Accept: application/dicom+json"]
        who = ["--cacert", access.ca_file, "-u", TOKEN, "-fsS", "-o", os.devnull]
        place = f"{access.address}/studies"
        subprocess.run(["curl", *who, *headers, "--data-binary", f"@{body}", place], check=True)


def _by_storescu(orthanc: Orthanc, files: list[bytes], scratch: Path) -> None:
    folder = scratch / "dicom"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, data in enumerate(files):
        (folder / f"{number:05}.dcm").write_bytes(data)
    ours = orthanc.station
    tls = ["+tls", ours.key, ours.certificate, "+cf", orthanc.authority.file]
    place = ["-aet", TITLE, "-aec", THEIR_TITLE, "-xy", "-R", "+sd", "127.0.0.1"]
    subprocess.run(["storescu", *tls, *place, str(orthanc.dimse), folder], check=True)
