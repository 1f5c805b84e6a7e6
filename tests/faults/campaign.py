"""The campaign: kills, power losses, errors, damage, planted identity, and several programs.

`python -m tests.faults.campaign --scale check|soak [--only ROW ...]` prints one JSON object with a
row for each area: the number of tries, the goal, the number of bad tries and examples of them.
Several processes share the tries.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults import (
    boundary,
    corruption,
    forensic,
    forged,
    load,
    many,
    memory,
    odd,
    put_back,
    suites,
)
from tests.faults.clock import clock
from tests.faults.limits import limits
from tests.faults.plants import PLANTS
from tests.faults.rows import Job, Place, Row, Share, errors, kills, power, warm
from tests.faults.scenarios import SCENARIOS
from tests.faults.shim import Shim, built, environment, why_not

SHIM_MARK = "DERM_FAULTS_SHIM"


@dataclass(frozen=True)
class Scale:
    """How many tries each row gets; 0 leaves a row out."""

    kills: int
    random_kills: int
    errors: int
    power: int
    limits: int
    corruption: int
    forged: int
    rounds: int
    put_back: int
    odd: int
    episodes: int = 500
    captures: int = 0
    clock: int = 0
    suites: int = 0  # seconds of fuzzed pictures
    messages: int = 600
    streams: int = 17
    memory: int = 0  # sizes of pictures; 0 is a short form
    judge_time: bool = False  # a verdict by the clock is for long runs alone


SCALES = {
    "taste": Scale(
        24, 0, 8, 60, limits=8, corruption=18, forged=11, rounds=1, put_back=12, odd=9,
        episodes=4,
        messages=60, streams=2,
    ),
    "check": Scale(
        132, 0, 44, 176, limits=48, corruption=100, forged=66, rounds=4, put_back=40,
        odd=40, episodes=20,
    ),
    "long": Scale(
        2_500, 500, 800, 3_000, limits=240, corruption=1_000, forged=500, rounds=25,
        put_back=1_000, odd=500, captures=500, clock=1, suites=60, messages=10_000, streams=300,
        memory=3, judge_time=True,
    ),
    "soak": Scale(
        10**6, 5_000, 840, 10_100, limits=480, corruption=5_000, forged=2_000, rounds=100,
        put_back=5_000, odd=2_000, captures=2_000, clock=1, suites=3_600, messages=10_000,
        streams=300, memory=3, judge_time=True,
    ),
}  # fmt: skip

# rows whose tries are shared among processes, and rows that one process does alone
SHARED: dict[str, Callable[[Job, Scale], Row]] = {
    "kills": lambda job, scale: kills(job, scale.kills, scale.random_kills),
    "power": lambda job, scale: power(job, scale.power),
    "errors": lambda job, scale: errors(job, scale.errors),
    "limits": lambda job, scale: limits(job, scale.limits),
    "clock": lambda job, scale: clock(job, scale.clock),
    "corruption": lambda job, scale: Row(
        *corruption.run(job.root, scale.corruption, has=job.share.has)
    ),
    "forged": lambda job, scale: Row(*forged.run(job.root, scale.forged, has=job.share.has)),
    "put_back": lambda job, scale: Row(*put_back.run(job.root, scale.put_back, has=job.share.has)),
    "odd": lambda job, scale: Row(*odd.run(job.root, scale.odd, has=job.share.has)),
}
ALONE: dict[str, Callable[[Path, Scale], tuple[int, list[str], dict[str, Any]]]] = {
    "boundary": lambda root, scale: boundary.run(
        root, scale.messages, scale.streams, judge_time=scale.judge_time
    ),
    "memory": lambda root, scale: memory.run(root, scale.memory),
    "forensic": lambda root, _scale: forensic.run(root),
    "many": lambda root, scale: many.run(root, scale.rounds),
    "load": lambda root, scale: load.run(root, scale.episodes, scale.captures),
    "suites": lambda root, scale: suites.run(root, scale.suites),
}
_NOT_EVERYWHERE = {"clock", "suites"}  # only at scales with tries for them
WANTED = {
    "kills": "every operation, 1,500 and more, and 5,000 at random; 0 bad",
    "power": "10,000 images; 0 bad",
    "errors": "800; 0 bad, each said in plain words",
    "limits": "small tmpfs, read-only, RLIMIT_FSIZE; 0 bad, each said in plain words",
    "clock": "a year ahead and behind; 0 bad",
    "corruption": "5,000; all noticed",
    "forged": "500; 0 get in, 0 beat the wait, 0 destroyed, all recorded",
    "put_back": "1,000 mixtures of earlier states and another vault; 0 captures overwritten",
    "odd": "500 pipes, links, folders and nonsense in the place of files; 0 hang, 0 lost",
    "boundary": "a hostile process: 10,000 messages, 0 effects; 300 hostile streams: no stall of"
    " the window over 250 ms",
    "memory": "after lock and after wipe, all processes, 3 sizes of picture: 0 of identity, keys,"
    " secrets, blocks of pictures",
    "forensic": "ext4, FAT32 and NTFS: 0 found, by raw bytes and by photorec",
    "many": "a second instance is told, three writers; 0 bad",
    "load": "500 x 6: open < 1 s, list < 200 ms, save p95 < 150 ms; 2,000 captures, memory +5 %",
    "suites": "every frozen vault by every way in, sleep, user switch; an hour of bad imports",
}


def rows_of(scale: Scale, only: list[str]) -> list[str]:
    """Return the rows to run."""
    rows = [name for name in (*SHARED, *ALONE) if not only or name in only]
    return [one for one in rows if one not in _NOT_EVERYWHERE or getattr(scale, one)]


def run(wanted: argparse.Namespace, share: Share) -> dict[str, Any]:
    """Run one share of the campaign and return its rows."""
    scale = SCALES[wanted.scale]
    rows: dict[str, Any] = {}
    work = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    names = rows_of(scale, wanted.only)
    alone = [name for name in names if name in ALONE]
    mine = [name for name in names if name in SHARED or share.has(alone.index(name))]
    with tempfile.TemporaryDirectory(prefix="derm-faults-", dir=work) as made:
        root = Path(made)
        shim = Shim()
        warm(root, wanted.scenarios)
        places = [Place(root, name) for name in wanted.scenarios]
        for name in mine:
            began = time.monotonic()
            if name in SHARED:
                place = root / f"{name}.row"
                place.mkdir()
                chance = random.Random(wanted.seed)
                row = SHARED[name](Job(places, shim, chance, place, share, wanted.keep), scale)
            else:  # on a real disk, if there is one
                with tempfile.TemporaryDirectory(prefix="derm-faults-") as other:
                    row = Row(*ALONE[name](Path(other), scale))
            rows[name] = row.to_json() | {"seconds": round(time.monotonic() - began, 1)}
            sys.stderr.write(f"{name}: {row.tried} tried, {len(row.bad)} bad\n")
    return rows


def together(shares: list[dict[str, Any]], names: list[str]) -> dict[str, Any]:
    """Combine the shares row by row."""
    rows: dict[str, Any] = {}
    for name in names:
        found = [one[name] for one in shares if name in one]
        rows[name] = {
            "wanted": WANTED[name],
            **{key: value for one in found for key, value in one.items()},
            "tried": sum(one["tried"] for one in found),
            "bad": sum(one["bad"] for one in found),
            "examples": [line for one in found for line in one["examples"]],
            "seconds": max(one["seconds"] for one in found),
        }
        for key in ("said", "noticed", "outcomes"):
            if key in rows[name]:
                rows[name][key] = _joined([one[key] for one in found])
    return rows


def _joined(parts: list[Any]) -> Any:
    """Join the results of several processes: lists as sets, numbers as sums, tables by key."""
    if isinstance(parts[0], dict):
        keys = sorted({key for part in parts for key in part})
        return {key: _joined([part[key] for part in parts if key in part]) for key in keys}
    if isinstance(parts[0], list):
        return sorted({word for part in parts for word in part})
    return sum(parts)


def main() -> int:
    """Run a share of the campaign if told to, otherwise the whole, and print the result."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # removes the folders
    if SHIM_MARK in os.environ:
        wanted = _wanted(sys.argv[1:])
        if wanted.plant:
            PLANTS[wanted.plant]()
        number, of = map(int, os.environ[SHIM_MARK].split("/"))
        sys.stdout.write(json.dumps(run(wanted, Share(number, of))) + "\n")
        return 0
    if reason := why_not():
        sys.stdout.write(json.dumps({"ok": True, "skipped": reason}) + "\n")
        return 0
    found = campaign(sys.argv[1:])
    if found is None:
        return 2
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0 if found["ok"] else 1


def campaign(words: list[str]) -> dict[str, Any] | None:
    """Run the shares in processes with the shim; return the result, or None if one broke off."""
    wanted = _wanted(words)
    with tempfile.TemporaryDirectory() as made:
        variables = environment(built(Path(made)))
        command = [sys.executable, "-m", "tests.faults.campaign", *words]
        workers = [
            subprocess.Popen(
                command,
                env=variables | {SHIM_MARK: f"{number}/{wanted.workers}"},
                cwd=Path(__file__).parents[2],
                stdout=subprocess.PIPE,
            )
            for number in range(wanted.workers)
        ]
        said = [worker.communicate()[0] for worker in workers]
    if any(worker.returncode for worker in workers):
        return None
    rows = together([json.loads(one) for one in said], rows_of(SCALES[wanted.scale], wanted.only))
    ok = not any(row["bad"] for row in rows.values())
    return {"ok": ok, "seed": wanted.seed, "rows": rows}


def _wanted(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=SCALES, default="check")
    parser.add_argument("--only", nargs="*", default=[], choices=[*SHARED, *ALONE])
    parser.add_argument("--scenarios", nargs="*", default=list(SCENARIOS), choices=SCENARIOS)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="where bad images of power losses are kept")
    parser.add_argument("--plant", choices=PLANTS, help="a fault of ours, which must be found")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
