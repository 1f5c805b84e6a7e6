"""The files `tries.a` and `tries.b`: wrong tries since a sign-in, and those not yet recorded.

Twin files of their own, as nobody who tries has a key, and the key files are written only with
one. Whoever can write to the folder can put old ones back: the OS keystore counts beside them,
and the index knows how many tries there ever were.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from dermstation.domain.records import now
from dermstation.security.keyfile import read_key_images
from dermstation.security.tries import Wrong
from dermstation.security.twins import Twins, locked

TRIES_TWINS = Twins(("tries.a", "tries.b"), b"DERMTRYS", 32 * 1024)
MOST_FAILED_TRIES = 50
MOST_COUNTED = 64  # who is counted apart; forged key files can offer more ids than there are people
OTHERS = "others"
_MOST = 1 << 40


@dataclass(frozen=True, slots=True)
class FailedTry:
    """A failed attempt to sign in, kept until it can be written to the audit."""

    operator_id: str
    at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Tries:
    """All that is known of tries; `total` counts every one there ever was."""

    generation: int = 0
    total: int = 0
    wrong: Mapping[str, Wrong] = field(default_factory=dict)
    failed: tuple[FailedTry, ...] = ()
    more: Mapping[str, int] = field(default_factory=dict)  # failed ones beyond the limit, by who
    put_back: int = 0  # how often the keystore knew of more wrong tries than these files

    def wrong_of(self, who: str) -> Wrong:
        """Return the wrong tries of one operator."""
        return self.wrong.get(self.name_for(who), Wrong())

    def name_for(self, who: str) -> str:
        """Return the name under which somebody is counted."""
        return who if who in self.wrong or len(self.wrong) < MOST_COUNTED else OTHERS

    def with_wrong(self, who: str, wrong: Wrong) -> "Tries":
        """Return a copy with one operator's wrong tries replaced."""
        counted = {**self.wrong, self.name_for(who): wrong}
        return replace(self, wrong={name: one for name, one in counted.items() if one.count})

    def with_failed(self, who: str) -> "Tries":
        """Return a copy with one more failed try.

        Beyond the limit, the oldest of whoever failed most is only counted, so that many of one
        push no others out.
        """
        at = now().isoformat(timespec="seconds")
        failed = [*self.failed, FailedTry(self.name_for(who), at)]
        more = dict(self.more)
        while len(failed) > MOST_FAILED_TRIES:
            ((most, _),) = Counter(one.operator_id for one in failed).most_common(1)
            failed.remove(next(one for one in failed if one.operator_id == most))
            more[most] = more.get(most, 0) + 1
        return replace(self, failed=tuple(failed), more=more)

    def without_failed(self, who: str) -> "Tries":
        """Return a copy without the newest failed try of one operator."""
        name = self.name_for(who)
        for at in range(len(self.failed) - 1, -1, -1):
            if self.failed[at].operator_id == name:
                return replace(self, failed=self.failed[:at] + self.failed[at + 1 :])
        return self


def read_tries(folder: Path) -> Tries:
    """Return what the newest whole file says, or what key files of an older format say."""
    found = [_parsed(image) for image in TRIES_TWINS.read(folder).values()]
    whole = [one for one in found if one is not None]
    return max(whole, key=lambda one: one.generation) if whole else _of_before(folder)


def are_there(folder: Path) -> bool:
    """Return whether there is a whole file."""
    return any(_parsed(one) is not None for one in TRIES_TWINS.read(folder).values())


@contextmanager
def changing_tries(folder: Path) -> Iterator[Tries]:
    """Hold the lock for a change; yields what is there, ready to be changed and written.

    Raises StationError as `twins.locked` does.
    """
    with locked(folder):
        found = read_tries(folder)
        yield replace(found, generation=found.generation + 1)


def write_tries(folder: Path, tries: Tries) -> None:
    """Write both files, within `changing_tries`. Raises StationError as a write does."""
    body = json.dumps(
        {
            "total": tries.total,
            "wrong": {who: [one.count, one.since_s] for who, one in tries.wrong.items()},
            "failed": [[one.operator_id, one.at] for one in tries.failed],
            "more": dict(tries.more),
            "put_back": tries.put_back,
        }
    ).encode()
    TRIES_TWINS.write(folder, TRIES_TWINS.image(tries.generation, body))


def _parsed(image: bytes | None) -> Tries | None:
    whole = TRIES_TWINS.parsed(image)
    if whole is None:
        return None
    try:
        return _from_json(whole[0], json.loads(whole[1]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _from_json(generation: int, data: Mapping[str, Any]) -> Tries:
    """Return the record for what is in a file, within limits, as anybody may have written it."""
    wrong = list(data["wrong"].items())[:MOST_COUNTED]
    failed = [FailedTry(_name(who), _instant(at)) for who, at in data["failed"]]
    more = list(data["more"].items())[: MOST_COUNTED + 1]
    return Tries(
        generation,
        _number(data["total"]),
        {_name(who): Wrong.read(count, since_s) for who, (count, since_s) in wrong},
        tuple(failed[-MOST_FAILED_TRIES:]),
        {_name(who): _number(count) for who, count in more},
        _number(data["put_back"]),
    )


def _number(value: Any) -> int:
    return min(max(0, int(value)), _MOST)


def _name(text: Any) -> str:
    if not isinstance(text, str) or len(text) > MOST_COUNTED:
        raise ValueError("no name of ours")
    return text


def _instant(text: Any) -> str:
    if datetime.fromisoformat(_name(text)).tzinfo is None:
        raise ValueError("no instant of ours")
    return str(text)


def _of_before(folder: Path) -> Tries:
    """Return the tries that key files of formats 1 and 2 hold; none if there are none."""
    images = [one.content for one in read_key_images(folder) if one.content is not None]
    if not images:
        return Tries()
    old = max(images, key=lambda one: one.generation).old_tries
    try:
        wrong = {_name(who): Wrong.read(*one) for who, one in old.wrong.items()}
        failed = tuple(FailedTry(_name(who), _instant(at)) for who, at in old.failed)
    except (ValueError, TypeError):
        return Tries()
    return Tries(wrong=wrong, failed=failed)
