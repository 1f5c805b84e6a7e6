"""The campaign: kills, power losses, errors, damage, planted identity, and many at once.

`python -m tests.faults.campaign --scale check|soak [--only ROW ...]` prints one JSON object, a
row for each area: how many were tried, how many were bad, and what the bad ones were.
"""

import argparse
import errno
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.workflow.messages import message_for
from tests.faults import corruption, forensic, load, many
from tests.faults.children import Outcome, in_child
from tests.faults.plants import PLANTS
from tests.faults.power import Disk, read_log, write_image
from tests.faults.scenarios import SCENARIOS
from tests.faults.shim import KILL, TORN, Shim, built, environment, why_not

_MOST_SHOWN = 8
SHIM_MARK = "DERM_FAULTS_SHIM"


@dataclass(frozen=True)
class Scale:
    """How much is tried of each row."""

    kills: int
    random_kills: int
    errors: int
    power: int
    corruption: int
    rounds: int
    episodes: int = 500


SCALES = {
    "taste": Scale(
        kills=24, random_kills=0, errors=8, power=60, corruption=18, rounds=1, episodes=4
    ),
    "check": Scale(
        kills=300, random_kills=0, errors=100, power=500, corruption=200, rounds=4, episodes=40
    ),
    "long": Scale(
        kills=2_500, random_kills=0, errors=800, power=3_000, corruption=1_000, rounds=25
    ),
    "soak": Scale(
        kills=10**6, random_kills=5_000, errors=800, power=10_000, corruption=5_000, rounds=100
    ),
}


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
        shutil.copytree(self._base, self.home)
        try:
            yield self.home
        finally:
            shutil.rmtree(self.home)

    def run(self, shim: Shim, **fault: Any) -> Outcome:
        """Act with a fault armed."""

        def job(ack: Callable[[str], None]) -> int:
            def both(text: str) -> None:
                ack(text)
                shim.mark(text)

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


def kills(places: list[Place], shim: Shim, scale: Scale, chance: random.Random) -> Row:
    """Kill at operations spread over each scenario, clean and torn by turns."""
    row = Row()
    counts = {place.name: place.operations(shim) for place in places}
    row.facts["operations"] = counts
    points = [
        (place, at, kind)
        for place in places
        for at in range(1, counts[place.name] + 1)
        for kind in (KILL, TORN)
    ]
    step = max(1.0, len(points) / scale.kills)
    chosen = [points[int(n * step)] for n in range(min(len(points), scale.kills))]
    chosen += [chance.choice(points) for _ in range(scale.random_kills)]
    for place, at, kind in chosen:
        with place.fresh():
            outcome = place.run(shim, at=at, kind=kind)
            faults = [] if not outcome.bug else [outcome.bug.splitlines()[-1]]
            row.take(faults + place.check(outcome.acked), f"{place.name} {at} {kind}")
    return row


def errors(places: list[Place], shim: Shim, scale: Scale, chance: random.Random) -> Row:
    """Let operations fail with EIO and ENOSPC, once and for good; each is named in plain words."""
    row = Row()
    counts = {place.name: place.operations(shim) for place in places}
    said: set[str] = set()
    for number in range(scale.errors):
        place = places[number % len(places)]
        at = chance.randint(1, counts[place.name])
        kind = (errno.EIO, errno.ENOSPC)[number // len(places) % 2]
        sticky = number % 3 == 0
        with place.fresh():
            outcome = place.run(shim, at=at, kind=kind, sticky=sticky)
            faults = [outcome.bug.splitlines()[-1]] if outcome.bug else []
            if outcome.refused:
                said.add(outcome.refused)
                words = message_for(StationError(ErrorCode(outcome.refused)))
                if not (words.what and words.todo):
                    faults.append(f"{outcome.refused} has no words")
            row.take(faults + place.check(outcome.acked), f"{place.name} {at} {kind} {sticky}")
    row.facts["said"] = sorted(said)
    return row


def power(places: list[Place], shim: Shim, scale: Scale, chance: random.Random) -> Row:
    """Replay the log of each scenario up to any operation, as a disk may then be found."""
    row = Row()
    share = scale.power // len(places) // 2
    for place in places:
        with place.fresh(), tempfile.TemporaryDirectory() as made:
            log = Path(made) / "log"
            before = [Disk(place.home, is_journalling=one) for one in (False, True)]
            outcome = place.run(shim, log=str(log))
            if outcome.bug:
                row.take([outcome.bug.splitlines()[-1]], place.name)
            operations = read_log(log)
        for disk in before:
            _replay(row, place, disk, operations, share=share, chance=chance)
    return row


def _replay(
    row: Row, place: Place, disk: Disk, operations: list[Any], *, share: int, chance: random.Random
) -> None:
    acked: list[str] = []
    every = len(operations) / share
    due = 0.0
    for number, operation in enumerate(operations):
        disk.play(operation)
        if operation.kind == "m":
            acked.append(operation.path)
        while due <= number:
            due += every
            for image in disk.images(chance, 1):
                place.home.mkdir()
                write_image(image, place.home, place.home)
                row.take(place.check(acked), f"{place.name} after operation {number}")
                shutil.rmtree(place.home)


ROWS: dict[str, Callable[..., Row]] = {"kills": kills, "errors": errors, "power": power}
OTHERS: dict[str, Callable[[Path, int], tuple[int, list[str], dict[str, Any]]]] = {
    "corruption": corruption.run,
    "forensic": forensic.run,
    "many": many.run,
    "load": load.run,
}


def run(
    scale: Scale, only: list[str], scenarios: list[str], seed: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Run the campaign and return its rows."""
    rows: dict[str, Any] = {}
    work = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="derm-faults-", dir=work) as made:
        root = Path(made)
        shim = Shim()
        wanted = [name for name in (*ROWS, *OTHERS) if not only or name in only]
        places = [Place(root, name) for name in scenarios] if set(wanted) & set(ROWS) else []
        amounts = {
            "corruption": scale.corruption,
            "forensic": 1,
            "many": scale.rounds,
            "load": scale.episodes,
        }
        for name in wanted:
            began = time.monotonic()
            if name in ROWS:
                row = ROWS[name](places, shim, scale, random.Random(seed))
            else:
                place = root / f"{name}.row"
                place.mkdir()
                tried, bad, facts = OTHERS[name](place, amounts[name])
                row = Row(tried, bad, facts)
            rows[name] = row.to_json() | {"seconds": round(time.monotonic() - began, 1)}
            say(f"{name}: {rows[name]['tried']} tried, {rows[name]['bad']} bad")
    return {"ok": not any(row["bad"] for row in rows.values()), "seed": seed, "rows": rows}


def main() -> int:
    """Parse the command line, load the shim, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=SCALES, default="check")
    parser.add_argument("--only", nargs="*", default=[], choices=[*ROWS, *OTHERS])
    parser.add_argument("--scenarios", nargs="*", default=list(SCENARIOS), choices=SCENARIOS)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--plant", choices=PLANTS, help="a fault of ours, which must be found")
    wanted = parser.parse_args()
    if reason := why_not():
        sys.stdout.write(json.dumps({"ok": True, "skipped": reason}) + "\n")
        return 0
    if SHIM_MARK not in os.environ:
        with tempfile.TemporaryDirectory() as made:
            library = built(Path(made))
            command = [sys.executable, "-m", "tests.faults.campaign", *sys.argv[1:]]
            return os.spawnve(
                os.P_WAIT, sys.executable, command, environment(library) | {SHIM_MARK: "1"}
            )
    if wanted.plant:
        PLANTS[wanted.plant]()
    found = run(
        SCALES[wanted.scale],
        wanted.only,
        wanted.scenarios,
        wanted.seed,
        lambda line: sys.stderr.write(f"{line}\n"),
    )
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
