"""The rows that interrupt scenarios by kills, errors and power losses, each try in its own child.

Each process takes a share of the tries of every row, so that several can do one campaign.
"""

import errno
import gc
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.workflow.messages import message_for
from tests.faults.children import Outcome, in_child
from tests.faults.power import Disk, read_log, write_image
from tests.faults.scenarios import SCENARIOS
from tests.faults.shim import KILL, TORN, Shim

_MOST_SHOWN = 8


@dataclass(frozen=True)
class Share:
    """The tries of this process: every `of`-th one, starting at `number`."""

    number: int = 0
    of: int = 1

    def has(self, at: int) -> bool:
        """Return whether a try belongs to this process."""
        return at % self.of == self.number


def warm(root: Path, names: list[str]) -> None:
    """Run each scenario once, so that modules imported late are loaded before the first fork."""
    for name in names:
        home = root / f"{name}.warm"
        home.mkdir()
        SCENARIOS[name].prepare(home)
        SCENARIOS[name].act(home, lambda _: None)
        message_for(StationError(ErrorCode.VAULT_DISK_FULL))
        shutil.rmtree(home)
    gc.collect()
    gc.freeze()  # otherwise a collection in a child would copy every page


@dataclass
class Row:
    """The number of tries in one area, and the bad ones."""

    tried: int = 0
    bad: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def take(self, faults: list[str], where: str) -> None:
        """Count one try."""
        self.tried += 1
        self.bad += [f"{where}: {fault}" for fault in faults]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "tried": self.tried,
            "bad": len(self.bad),
            "examples": self.bad[:_MOST_SHOWN],
            **self.facts,
        }


class Place:
    """One scenario's prepared folder, and copies of it to damage."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.scenario = SCENARIOS[name]
        self.home = root / name
        self._base = root / f"{name}.base"
        self._operations: int | None = None
        self.home.mkdir(parents=True)
        made = in_child(lambda _: self.scenario.prepare(self.home))
        if made.bug or made.refused:
            raise RuntimeError(f"{name} cannot be prepared: {made.bug or made.refused}")
        # copies use the same path, because the vault stores absolute paths of packages
        self.home.rename(self._base)

    @contextmanager
    def fresh(self) -> Iterator[Path]:
        """Yield a fresh copy."""
        self.fill()
        try:
            yield self.home
        finally:
            shutil.rmtree(self.home)

    def fill(self) -> None:
        """Make a fresh copy; its folder may exist if it is empty."""
        shutil.copytree(self._base, self.home, dirs_exist_ok=True)

    @property
    def size_bytes(self) -> int:
        """Return the size of a fresh copy."""
        return sum(one.stat().st_size for one in self._base.rglob("*") if one.is_file())

    def run(self, shim: Shim, first: Callable[[], None] = int, **fault: Any) -> Outcome:
        """Act in a child that first calls `first` and then arms a fault."""

        def job(ack: Callable[[str], None]) -> int:
            def both(text: str) -> None:
                ack(text)
                shim.mark(text)

            first()
            shim.arm(self.home, **fault)
            self.scenario.act(self.home, both)
            return shim.count()

        return in_child(job)

    def check(self, acked: list[str]) -> list[str]:
        """Return what is wrong now."""
        found = in_child(lambda _: self.scenario.check(self.home, acked))
        if found.bug:
            return [f"check: {found.bug.splitlines()[-1]}"]
        if found.refused:
            return [f"check refused: {found.refused}"]
        return list(found.value or [])

    def operations(self, shim: Shim) -> int:
        """Return the number of operations of an undisturbed act, counted at the first call."""
        if self._operations is None:
            self._operations = self._counted(shim)
        return self._operations

    def _counted(self, shim: Shim) -> int:
        with self.fresh():
            outcome = self.run(shim)
            if outcome.value is None:
                raise RuntimeError(f"{self.name} does not work: {outcome.bug or outcome.refused}")
            return int(outcome.value)


@dataclass(frozen=True)
class Job:
    """The tools of a row; bad disk images of power losses are kept in `keep`."""

    places: list[Place]
    shim: Shim
    chance: random.Random
    root: Path
    share: Share = Share()
    keep: Path | None = None


def kills(job: Job, most: int, at_random: int) -> Row:
    """Kill at operations spread over the scenarios, cleanly and mid-write; then at random ones."""
    row, places, shim = Row(), job.places, job.shim
    counts = {place.name: place.operations(shim) for place in places}
    row.facts["operations"] = counts
    points = [
        (place, at, kind)
        for place in places
        for at in range(1, counts[place.name] + 1)
        for kind in (KILL, TORN)
    ]
    step = max(1.0, len(points) / most)
    chosen = [points[int(n * step)] for n in range(min(len(points), most))]
    chosen += [job.chance.choice(points) for _ in range(at_random)]
    for place, at, kind in chosen[job.share.number :: job.share.of]:
        with place.fresh():
            outcome = place.run(shim, at=at, kind=kind)
            faults = [] if not outcome.bug else [outcome.bug.splitlines()[-1]]
            row.take(faults + place.check(outcome.acked), f"{place.name} {at} {kind}")
    return row


def errors(job: Job, most: int) -> Row:
    """Make operations fail with EIO and ENOSPC, once or for good; each needs plain words."""
    row, places, shim = Row(), job.places, job.shim
    counts = {place.name: place.operations(shim) for place in places}
    said: set[str] = set()
    for number in range(most):
        place = places[number % len(places)]
        at = job.chance.randint(1, counts[place.name])
        if not job.share.has(number):
            continue
        kind = (errno.EIO, errno.ENOSPC)[number // len(places) % 2]
        sticky = number % 3 == 0
        with place.fresh():
            outcome = place.run(shim, at=at, kind=kind, sticky=sticky)
            faults = unsaid(outcome)
            said.add(outcome.refused)
            row.take(faults + place.check(outcome.acked), f"{place.name} {at} {kind} {sticky}")
    row.facts["said"] = sorted(said - {""})
    return row


def unsaid(outcome: Outcome) -> list[str]:
    """Return the faults that would not be shown to a person in plain words."""
    if outcome.bug:
        return [outcome.bug.splitlines()[-1]]
    if outcome.refused:
        words = message_for(StationError(ErrorCode(outcome.refused)))
        if not (words.what and words.todo):
            return [f"{outcome.refused} has no words"]
    return []


def power(job: Job, most: int) -> Row:
    """Replay the log of each scenario up to any operation, and check what the disk may hold."""
    row = Row()
    share = most / len(job.places) / 2
    for place in job.places:
        with place.fresh(), tempfile.TemporaryDirectory() as made:
            log = Path(made) / "log"
            before = [Disk(place.home, is_journalling=one) for one in (False, True)]
            outcome = place.run(job.shim, log=str(log))
            if outcome.bug:
                row.take([outcome.bug.splitlines()[-1]], place.name)
            operations = read_log(log)
        for disk in before:
            _replay(row, place, disk, operations, every=len(operations) / share, job=job)
    return row


def _replay(
    row: Row, place: Place, disk: Disk, operations: list[Any], *, every: float, job: Job
) -> None:
    acked: list[str] = []
    due, count = 0.0, 0
    for number, operation in enumerate(operations):
        disk.play(operation)
        if operation.kind == "m":
            acked.append(operation.path)
        while due < number + 1:
            due, count = due + every, count + 1
            if not job.share.has(count):
                continue
            for image in disk.images(job.chance, 1):
                place.home.mkdir()
                write_image(image, place.home, place.home)
                faults = place.check(acked)
                row.take(faults, f"{place.name} after operation {number}")
                if faults and job.keep is not None:
                    kept = job.keep / f"{place.name}-{number}-{row.tried}"
                    kept.mkdir(parents=True)
                    write_image(image, place.home, kept)
                    (kept / "acked").write_text("\n".join(acked))
                shutil.rmtree(place.home)
