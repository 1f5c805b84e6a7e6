"""The rows that interrupt scenarios: kills, errors, power losses, each try in its own child.

Every row takes one share of its tries, so that several processes can do one campaign.
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
    """Which tries are this process's: every `of`-th one, from `number` on."""

    number: int = 0
    of: int = 1

    def has(self, at: int) -> bool:
        """Tell whether a try is one of these."""
        return at % self.of == self.number


def warm(root: Path, names: list[str]) -> None:
    """Play each scenario once, so that what is loaded late is loaded before the first fork."""
    for name in names:
        home = root / f"{name}.warm"
        home.mkdir()
        SCENARIOS[name].prepare(home)
        SCENARIOS[name].act(home, lambda _: None)
        message_for(StationError(ErrorCode.VAULT_DISK_FULL))
        shutil.rmtree(home)
    gc.collect()
    gc.freeze()  # a collection in a child would else copy every page of what is here


@dataclass
class Row:
    """What was tried in one area, and what was bad."""

    tried: int = 0
    bad: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def take(self, faults: list[str], where: str) -> None:
        """Count one try."""
        self.tried += 1
        self.bad += [f"{where}: {fault}" for fault in faults]

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {
            "tried": self.tried,
            "bad": len(self.bad),
            "examples": self.bad[:_MOST_SHOWN],
            **self.facts,
        }


class Place:
    """One scenario's prepared folder, and copies of it to spoil."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.scenario = SCENARIOS[name]
        self.home = root / name
        self._base = root / f"{name}.base"
        self.home.mkdir(parents=True)
        made = in_child(lambda _: self.scenario.prepare(self.home))
        if made.bug or made.refused:
            raise RuntimeError(f"{name} cannot be prepared: {made.bug or made.refused}")
        # copies stand at the very place: the vault notes absolute paths of packages
        self.home.rename(self._base)

    @contextmanager
    def fresh(self) -> Iterator[Path]:
        """Give a fresh copy."""
        self.fill()
        try:
            yield self.home
        finally:
            shutil.rmtree(self.home)

    def fill(self) -> None:
        """Make a fresh copy; its folder may be there, empty."""
        shutil.copytree(self._base, self.home, dirs_exist_ok=True)

    @property
    def size_bytes(self) -> int:
        """Tell how much a fresh copy holds."""
        return sum(one.stat().st_size for one in self._base.rglob("*") if one.is_file())

    def run(self, shim: Shim, first: Callable[[], None] = int, **fault: Any) -> Outcome:
        """Act with a fault armed, in a child that did `first`."""

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
        """List what is wrong now."""
        found = in_child(lambda _: self.scenario.check(self.home, acked))
        if found.bug:
            return [f"check: {found.bug.splitlines()[-1]}"]
        if found.refused:
            return [f"check refused: {found.refused}"]
        return list(found.value or [])

    def operations(self, shim: Shim) -> int:
        """Count the operations of an act that nothing spoils."""
        with self.fresh():
            outcome = self.run(shim)
            if outcome.value is None:
                raise RuntimeError(f"{self.name} does not work: {outcome.bug or outcome.refused}")
            return int(outcome.value)


@dataclass(frozen=True)
class Job:
    """What a row works with; bad images of power losses are kept in `keep`."""

    places: list[Place]
    shim: Shim
    chance: random.Random
    root: Path
    share: Share = Share()
    keep: Path | None = None


def kills(job: Job, most: int, at_random: int) -> Row:
    """Kill at operations spread over each scenario, clean and torn by turns; then anywhere."""
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
    """Let operations fail with EIO and ENOSPC, once and for good; each is named in plain words."""
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
    """List what a person would not have been told in plain words."""
    if outcome.bug:
        return [outcome.bug.splitlines()[-1]]
    if outcome.refused:
        words = message_for(StationError(ErrorCode(outcome.refused)))
        if not (words.what and words.todo):
            return [f"{outcome.refused} has no words"]
    return []


def power(job: Job, most: int) -> Row:
    """Replay the log of each scenario up to any operation, as a disk may then be found."""
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
