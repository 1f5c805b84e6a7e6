"""Disks that are too small or read-only, and files that may not grow: reported, and nothing lost.

The disks are small file systems in memory, which need root; without it only files are limited.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.rows import Job, Place, Row, unsaid

_MOST_ROOM_BYTES = 500_000
_AMPLE = "64m"


def limits(job: Job, most: int) -> Row:
    """Act while the disk is full or read-only or files may not grow; then lift that and check."""
    row = Row()
    kinds = ["file size", "small disk", "read-only"] if os.geteuid() == 0 else ["file size"]
    said: dict[str, set[str]] = {kind: set() for kind in kinds}
    for number in range(most):
        place = job.places[number % len(job.places)]
        kind = kinds[number // len(job.places) % len(kinds)]
        room = job.chance.randrange(4096, _MOST_ROOM_BYTES)
        if not job.share.has(number):
            continue
        if kind == "file size":
            with place.fresh():
                said[kind].add(_try(row, job, place, kind, room))
        else:
            with _disk(place, room if kind == "small disk" else None):
                said[kind].add(_try(row, job, place, kind, room))
    row.facts["said"] = {kind: sorted(codes - {""}) for kind, codes in said.items()}
    return row


def _try(row: Row, job: Job, place: Place, kind: str, room: int) -> str:
    """Act and check; return the error code that the operator would see."""

    def narrow() -> None:
        import resource  # Windows has none

        if kind == "file size":  # Python ignores the signal, so the write fails with EFBIG
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

    outcome = place.run(job.shim, narrow)
    faults = unsaid(outcome)
    if kind == "read-only" and not outcome.refused:
        faults.append("a read-only disk was not noticed")
    if kind != "file size":
        _mount("-o", f"remount,rw,size={_AMPLE}", str(place.home))
    row.take(faults + place.check(outcome.acked), f"{place.name} {kind} {room}")
    return outcome.refused


@contextmanager
def _disk(place: Place, room: int | None) -> Iterator[None]:
    """Put a scenario on a disk with `room` bytes left, or on a read-only one if None."""
    home = str(place.home)
    place.home.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={_AMPLE}", "tmpfs", home)
    try:
        place.fill()
        change = "remount,ro" if room is None else f"remount,size={_used(home) + room}"
        _mount("-o", change, home)
        yield
    finally:
        subprocess.run(["umount", home], check=True)
        place.home.rmdir()


def _used(home: str) -> int:
    found = os.statvfs(home)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)
