"""What an archive costs, measured on one that runs here, and a simulated day of many practices.

    python -m tests.archive.server up FOLDER
    python -m benchmarks.archive_scale measure FOLDER --objects 20000
    python -m benchmarks.archive_scale simulate --practices 200 --captures 10 --seconds-each 0.09

`measure` fills the archive with small objects, then stores captures of the usual size, and finds,
fetches, decodes and paints earlier pictures; it prints JSON. `simulate` lets the captures of a
working day arrive at one server that needs so many seconds for each, and prints how long they wait.
"""

import argparse
import json
import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
import psutil
import requests
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate

from benchmarks.archive_finding import shown_ms
from dermstation.archive.connection import ArchiveAccess, access_of
from dermstation.archive.web import dicom_web, web_session
from dermstation.settings import Settings
from tests.archive.objects import DERMOSCOPIC, Visit, as_file, jpeg, new_uid, picture
from tests.archive.orthanc import TOKEN
from tests.archive.server import Archive

OF_A_VISIT = 9  # three lesions, three pictures each
SEARCHES = 200
CAPTURE_BYTES = 1_000_000
CAPTURES, OF_A_PATIENT = 200, 4
NEWEST_DAY = date(2026, 11, 2)  # after each of the small ones
WORKING_HOURS = (9.0, 12.5), (14.0, 18.0)


def numbers(count: int) -> list[str]:
    """Return made-up NHS numbers of the test range, with their check digits."""
    found = []
    weights = range(10, 1, -1)
    for serial in range(999_000_000, 1_000_000_000):
        total = sum(int(one) * weight for one, weight in zip(str(serial), weights, strict=True))
        check = 11 - total % 11
        if check != 10:
            found.append(f"{serial}{check % 11}")
        if len(found) == count:
            break
    return found


def small_objects(count: int) -> Iterator[bytes]:
    """List small objects: nine of each visit, three visits of each patient."""
    coded = encapsulate([jpeg(64, 48)])
    model = picture(Visit(), DERMOSCOPIC)
    patients = numbers(count // (OF_A_VISIT * 3) + 1)
    for place in range(count):
        visit = place // OF_A_VISIT
        if place % OF_A_VISIT == 0:
            study, day = new_uid(), date(2026, 1, 5) + timedelta(days=visit % 300)
        yield as_file(_of(model, patients[visit // 3], study, day, coded))


def _of(model: Dataset, number: str, study: str, day: date, coded: bytes) -> Dataset:
    one = deepcopy(model)
    one.PatientID, one.PatientName = number, f"Test^{number}"
    one.StudyInstanceUID, one.StudyDate = study, f"{day:%Y%m%d}"
    one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = new_uid()
    one.SeriesInstanceUID = f"{study}.1"
    one.Rows, one.Columns, one.PixelData = 48, 64, coded
    return one


def captures(count: int) -> list[bytes]:
    """Return captures of about a megabyte, of four visits of each patient."""
    chance = np.random.default_rng(1)
    noise = chance.integers(0, 255, (1200, 1600, 3), np.uint8)
    smooth = Image.fromarray(noise).resize((800, 600)).resize((1600, 1200))
    made, numbers_of = [], numbers(-(-count // OF_A_PATIENT))
    for place in range(count):
        number, nth = numbers_of[place // OF_A_PATIENT], place % OF_A_PATIENT
        day = NEWEST_DAY + timedelta(days=nth)
        one = picture(Visit(number, day=day))
        one.Rows, one.Columns = 1200, 1600
        one.PixelData = encapsulate([_coded(smooth)])
        made.append(as_file(one))
    return made


def _coded(image: Image.Image) -> bytes:
    for quality in range(95, 40, -5):
        made = BytesIO()
        image.save(made, "JPEG", quality=quality)
        if made.tell() <= CAPTURE_BYTES:
            break
    return made.getvalue()


def store(session: requests.Session, access: ArchiveAccess, blobs: Sequence[bytes]) -> None:
    """Store objects by one STOW-RS request."""
    boundary = secrets.token_hex(16)
    head = f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    body = b"".join(head + one + b"\r\n" for one in blobs) + f"--{boundary}--\r\n".encode()
    media = f'multipart/related; type="application/dicom"; boundary={boundary}'
    answer = session.post(
        f"{access.address}/studies",
        data=body,
        headers={"Content-Type": media, "Accept": "application/dicom+json"},
        timeout=600,
    )
    answer.raise_for_status()
    stored = answer.json().get("00081199", {}).get("Value", [])
    assert len(stored) == len(blobs), (len(stored), len(blobs))


def fill(access: ArchiveAccess, count: int, batch: int = 45) -> float:
    """Store small objects; return the seconds that it took."""
    began = time.perf_counter()
    with web_session(access, TOKEN) as session:
        waiting: list[bytes] = []
        for one in small_objects(count):
            waiting.append(one)
            if len(waiting) == batch:
                store(session, access, waiting)
                waiting = []
        if waiting:
            store(session, access, waiting)
    return time.perf_counter() - began


def measure(folder: Path, count: int) -> dict[str, object]:
    """Measure an archive that is up."""
    archive = Archive(folder)
    before = archive.rest("/statistics")["CountInstances"]
    access = replace(access_of(Settings(**archive.settings)), wait_s=120.0)
    filled_s = fill(access, max(0, count - before))
    blobs = captures(CAPTURES)
    cost = _cost(folder, lambda: _store_each(access, blobs))
    asked = numbers(CAPTURES // OF_A_PATIENT) * (SEARCHES * OF_A_PATIENT // CAPTURES)
    random.Random(1).shuffle(asked)  # noqa: S311 - repeatable
    shown = shown_ms(Settings(**archive.settings, demo_mode=False), asked)
    told = archive.rest("/statistics")
    new = max(0, count - before)
    return {
        "objects": told["CountInstances"],
        "filled_per_second": round(new / filled_s, 1) if new else None,
        "stored_captures": {"count": CAPTURES, "bytes_each": len(blobs[0]), **cost},
        "find_and_show_newest_ms": _spread(shown["newest"]),
        "find_and_show_review_ms": _spread(shown["review"]),
        "index_bytes": _index_bytes(archive),
        "objects_bytes": int(told["TotalDiskSize"]),
    }


def _store_each(access: ArchiveAccess, blobs: Sequence[bytes]) -> None:
    """Store captures one by one and read each back, as a station does before a wipe."""
    with web_session(access, TOKEN) as session:
        services = dicom_web(access, session)
        for one in blobs:
            store(session, access, [one])
            told = dcmread(BytesIO(one), stop_before_pixels=True)
            place = (told.StudyInstanceUID, told.SeriesInstanceUID, told.SOPInstanceUID)
            found = services.retrieve_instance(*place, media_types=(("application/dicom", "*"),))
            assert found.SOPInstanceUID == told.SOPInstanceUID


def _spread(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(len(ordered) * 0.95)], 1),
        "most": round(ordered[-1], 1),
        "count": len(ordered),
    }


def _cost(folder: Path, job: Callable[[], object]) -> dict[str, float]:
    """Return the time of a job, and the processor time that the server's processes took."""
    before, began = _cpu_s(folder), time.perf_counter()
    job()
    wall_s = time.perf_counter() - began
    return {
        "seconds_each": round(wall_s / CAPTURES, 3),
        "server_cpu_s_each": round((_cpu_s(folder) - before) / CAPTURES, 4),
        "server_memory_mb": round(_memory_bytes(folder) / 1e6),
    }


def _processes(folder: Path) -> list[psutil.Process]:
    """Return Orthanc, nginx and PostgreSQL of this archive, with all their children."""
    found: list[psutil.Process] = []
    for one in psutil.process_iter(["cmdline"]):
        if any(str(folder) in word for word in one.info["cmdline"] or []):
            found += [one, *one.children(recursive=True)]
    return [one for one in dict.fromkeys(found) if "python" not in one.name()]


def _memory_bytes(folder: Path) -> int:
    """Return the memory of the server's processes; what several share counts once."""
    return sum(one.memory_full_info().pss for one in _processes(folder))


def _cpu_s(folder: Path) -> float:
    return sum(sum(one.cpu_times()[:4]) for one in _processes(folder))


def _index_bytes(archive: Archive) -> int:
    told = archive.postgres.run("psql", "-Atc", "select pg_database_size('orthanc')", "orthanc")
    return int(told)


def simulate(practices: int, daily: int, seconds_each: float, seed: int = 1) -> dict[str, object]:
    """Let a day's captures arrive, a visit at a time, at one server that stores one after another.

    Visits begin at random moments of the working hours. Nothing is lost while they wait: each
    station keeps its own queue.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable
    arrivals = []
    for _ in range(practices):
        left = daily
        while left > 0:
            size = min(left, chance.randint(2, 5))
            first, last = chance.choice(WORKING_HOURS)
            begins = chance.uniform(first, last) * 3600
            arrivals += [begins] * size
            left -= size
    free_at, waits, busy_s = 0.0, [], 0.0
    for at in sorted(arrivals):
        begins = max(at, free_at)
        free_at = begins + seconds_each
        busy_s += seconds_each
        waits.append(free_at - at)
    hours = sum(last - first for first, last in WORKING_HOURS)
    return {
        "captures": len(arrivals),
        "busy_share_of_the_day": round(busy_s / hours / 3600, 4),
        "seconds_until_stored": {key: round(value, 2) for key, value in _spread(waits).items()},
        "catch_up_after_a_day_without_the_server_minutes": round(busy_s / 60, 1),
    }


def main(words: Sequence[str] | None = None) -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive_scale")
    actions = parser.add_subparsers(dest="what", required=True)
    measuring = actions.add_parser("measure")
    measuring.add_argument("folder", type=Path)
    measuring.add_argument("--objects", type=int, default=20_000)
    simulating = actions.add_parser("simulate")
    simulating.add_argument("--practices", type=int, default=200)
    simulating.add_argument("--captures", type=int, default=10)
    simulating.add_argument("--seconds-each", type=float, required=True)
    wanted = parser.parse_args(words)
    if wanted.what == "measure":
        found = measure(wanted.folder.resolve(), wanted.objects)
    else:
        found = simulate(wanted.practices, wanted.captures, wanted.seconds_each)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
