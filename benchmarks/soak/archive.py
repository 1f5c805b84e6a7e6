"""Eight stations send to one archive while it is killed, its database is away and the link breaks.

The archive is Orthanc on PostgreSQL. It is killed and started again, the link is cut and slowed,
PostgreSQL is stopped under it, and each station is killed once. In the end nothing may be lost or
there twice, nothing may have been wiped before it was proven, and what the archive holds is
compared with what each station had. Then the speed beside curl and storescu.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.archive_speeds import VISITS, speeds
from dermstation.archive.objects import fingerprint_of
from dermstation.archive.web import dicom_web, web_session
from dermstation.domain.shots import STANDARD_SHOTS
from tests.archive.orthanc import TOKEN, Orthanc, free_port
from tests.archive.server import Postgres, orthanc_on, why_no_server

CAPTURES, STATIONS, KILLS = 2_000, 8, 5
_ROOT = Path(__file__).parents[2]
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
        found["speeds"] = speeds(orthanc, scratch, max(1, round(VISITS * min(1, 5 * share))))
    finally:
        orthanc.close()
        postgres.stop()
    bad = ("lost", "changed", "doubled", "stations_failed")
    return {**found, "ok": not any(found[one] for one in bad)}


def _archive(scratch: Path) -> tuple[Postgres, Orthanc]:
    folder = scratch / "archive"
    folder.mkdir(mode=0o711)
    postgres = Postgres(folder / "postgresql", free_port())
    postgres.start()
    orthanc = orthanc_on(postgres, folder / "orthanc")
    orthanc.start()
    return postgres, orthanc


def _stations(folder: Path, episodes: int, postgres: Postgres, orthanc: Orthanc) -> dict[str, Any]:
    folder.mkdir(mode=0o700)  # packages go into no folder that others may enter
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
