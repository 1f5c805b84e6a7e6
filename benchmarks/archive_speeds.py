"""How fast objects reach an archive, beside curl and storescu, all of the same files in one run.

    python -m benchmarks.archive_speeds --visits 11 --rounds 3

The archive is Orthanc on PostgreSQL behind nginx, as it is shipped. `sent` is what `curl` (STOW-RS)
and `storescu` (C-STORE) do as well. `proven` reads each object back and compares it; none of them
does that, and `curl_and_back` comes nearest: it fetches the same objects and compares nothing.
`proven_dimse` is this program over DICOM's own protocol. Each rate is the median of rounds in which
the ways take turns.
"""

import argparse
import json
import os
import secrets
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dermstation.archive.connection import ArchiveAccess
from dermstation.archive.couriers import courier_of
from dermstation.archive.delivery import deliver
from dermstation.archive.objects import ArchiveObject
from tests.archive.objects import Visit, as_file, new_uid, plain_picture
from tests.archive.orthanc import THEIR_TITLE, TITLE, TOKEN, Orthanc, free_port
from tests.archive.server import Postgres, orthanc_on, site_of, why_no_server

VISITS, ROUNDS = 11, 3
OF_A_VISIT = 9  # three lesions, three pictures each
WIDTH, HEIGHT = 480, 360  # half a megabyte as plain pixels
AT_ONCE = "4"  # transfers back by curl, as many as the station's
OURS, OTHERS = ("proven", "sent", "proven_dimse"), ("curl", "curl_and_back", "storescu")


def speeds(
    orthanc: Orthanc, scratch: Path, visits: int = VISITS, rounds: int = ROUNDS
) -> dict[str, Any]:
    """Return how many objects a second each way sends, and ours beside the others."""
    taken: dict[str, list[float]] = {}
    with site_of(orthanc, scratch) as access:
        ways = _Ways(orthanc, access, scratch)
        names = [*OURS, *(one for one in OTHERS if shutil.which(one.partition("_")[0]))]
        for number in range(rounds):
            turn = number % len(names)
            for name in (*names[turn:], *names[:turn]):
                files = [one for _ in range(visits) for one in a_visit()]
                taken.setdefault(name, []).append(_seconds(orthanc, getattr(ways, name), files))
    rates = {name: round(len(files) / statistics.median(them), 1) for name, them in taken.items()}
    beside = {
        f"{ours}_beside_{other}": round(rates[ours] / rates[other], 2)
        for ours in OURS
        for other in OTHERS
        if other in rates
    }
    size = round(sum(map(len, files)) / 1e6, 1)
    return {"objects": len(files), "megabytes": size, "per_second": rates, **beside}


def _seconds(orthanc: Orthanc, way: Callable[[list[bytes]], None], files: list[bytes]) -> float:
    orthanc.empty()
    began = time.perf_counter()
    way(files)
    took_s = time.perf_counter() - began
    assert orthanc.count() == len(files), way
    return took_s


def a_visit() -> list[bytes]:
    """Return the pictures of a visit, each of half a megabyte with UIDs of its own."""
    visit, series, made = Visit(study=new_uid()), new_uid(), []
    for _ in range(OF_A_VISIT):
        held = plain_picture(visit)
        held.SeriesInstanceUID = series
        held.Rows, held.Columns = HEIGHT, WIDTH
        held.PixelData = os.urandom(HEIGHT * WIDTH * 3)
        made.append(as_file(held))
    return made


@dataclass(frozen=True)
class _Ways:
    orthanc: Orthanc
    access: ArchiveAccess
    scratch: Path

    def proven(self, files: Sequence[bytes]) -> None:
        self._prove(self.access, files)

    def proven_dimse(self, files: Sequence[bytes]) -> None:
        self._prove(replace(self.access, address=""), files)

    def _prove(self, access: ArchiveAccess, files: Sequence[bytes]) -> None:
        for objects in _by_visit(files):  # a load is of one episode
            with courier_of(access, TOKEN) as courier:
                assert not any(one.trouble for one in deliver(courier, objects))

    def sent(self, files: Sequence[bytes]) -> None:
        for objects in _by_visit(files):
            with courier_of(self.access, TOKEN) as courier:
                assert courier.store(objects) == {}

    def curl(self, files: Sequence[bytes]) -> None:
        boundary = secrets.token_hex(16)
        media = f'multipart/related; type="application/dicom"; boundary={boundary}'
        head = f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
        body = self.scratch / "body"
        for first in range(0, len(files), OF_A_VISIT):
            parts = [head + data + b"\r\n" for data in files[first : first + OF_A_VISIT]]
            body.write_bytes(b"".join(parts) + f"--{boundary}--\r\n".encode())
            headers = ["-H", f"Content-Type: {media}", "-H", "Accept: application/dicom+json"]
            place = [f"{self.access.address}/studies", "-o", os.devnull]
            self._curl(*headers, "--data-binary", f"@{body}", *place)

    def curl_and_back(self, files: Sequence[bytes]) -> None:
        self.curl(files)
        accept = 'multipart/related; type="application/dicom"; transfer-syntax=*'
        for objects in _by_visit(files):
            wanted: list[str] = []
            for one in objects:
                study, series, uid = one.place
                place = f"{self.access.address}/studies/{study}/series/{series}/instances/{uid}"
                wanted += [place, "-o", os.devnull]
            self._curl(
                "--no-progress-meter",
                "-Z",
                "--parallel-max",
                AT_ONCE,
                "-H",
                f"Accept: {accept}",
                *wanted,
            )

    def _curl(self, *words: str | Path) -> None:
        who = ["--cacert", self.access.ca_file, "--cert", self.access.certificate_file]
        subprocess.run(["curl", *who, "-u", TOKEN, "-fsS", *words], check=True)

    def storescu(self, files: Sequence[bytes]) -> None:
        folder = self.scratch / "dicom"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for number, data in enumerate(files):
            (folder / f"{number:05}.dcm").write_bytes(data)
        ours = self.orthanc.station
        tls = ["+tls", ours.key, ours.certificate, "+cf", self.orthanc.authority.file]
        place = ["-aet", TITLE, "-aec", THEIR_TITLE, "-xy", "-R", "+sd", "127.0.0.1"]
        subprocess.run(["storescu", *tls, *place, str(self.orthanc.dimse), folder], check=True)


def _by_visit(files: Sequence[bytes]) -> list[list[ArchiveObject]]:
    firsts = range(0, len(files), OF_A_VISIT)
    return [[ArchiveObject(one) for one in files[at : at + OF_A_VISIT]] for at in firsts]


def main() -> None:
    """Measure on an archive of its own, and print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive_speeds")
    parser.add_argument("--visits", type=int, default=VISITS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    wanted = parser.parse_args()
    if missing := why_no_server():
        raise SystemExit(missing)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        scratch.chmod(0o711)  # PostgreSQL's account passes through
        postgres = Postgres(scratch / "postgresql", free_port())
        postgres.start()
        orthanc = orthanc_on(postgres, scratch / "orthanc")
        try:
            orthanc.start()
            print(json.dumps(speeds(orthanc, scratch, wanted.visits, wanted.rounds), indent=2))
        finally:
            orthanc.close()
            postgres.stop()


if __name__ == "__main__":
    main()
