"""Count tries to sign in: on the disk before each is made, and in the keystore beside a pepper.

The larger count is the one that is valid. A try is forgiven only once the vault is open and the
index has accepted who opened it: unlocking a slot proves nothing, as anybody can write a slot.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.keystore import Keystore
from dermstation.security.pepper import read_count, write_count
from dermstation.security.tries import (
    LONGEST_WAIT_S,
    MOST_TRIES,
    Wrong,
    is_restarted,
    seconds_left,
)
from dermstation.security.tries_file import (
    Tries,
    are_there,
    changing_tries,
    read_tries,
    write_tries,
)


@dataclass(frozen=True, slots=True)
class Counter:
    """The tries of one operator, in the vault's folder and beside each pepper of theirs."""

    folder: Path
    who: str
    keystore: Keystore | None = None
    peppers: tuple[str, ...] = ()
    has_lock_out: bool = True  # False for the recovery key and the last way in, which only wait
    longest_wait_s: int = LONGEST_WAIT_S

    def is_locked_out(self) -> bool:
        """Return whether there were too many wrong tries."""
        return self.has_lock_out and self._known(read_tries(self.folder)).count >= MOST_TRIES

    def count(self, uptime_s: float) -> "CountedTry":
        """Count a try before it is made, or refuse it.

        Raises StationError SECRET_WRONG (`tries_left` 0) if there were too many, SECRET_WAIT
        (`seconds`) if it is too early, and the errors of a write.
        """
        with changing_tries(self.folder) as found:
            tries, before = self._waited(found, uptime_s)
            counted = Wrong(before.count + 1, uptime_s)
            self._write(tries.with_failed(self.who), counted)
        return CountedTry(self, before, counted)

    def check_wait(self, uptime_s: float) -> "CountedTry | None":
        """Refuse a try that is too early, without counting it; None if none went wrong before.

        Raises as `count` does.
        """
        if not self._known(read_tries(self.folder)).count:
            return None
        with changing_tries(self.folder) as tries:
            _, before = self._waited(tries, uptime_s)
        return CountedTry(self, before, before, is_recorded=False)

    def note_wrong(self, uptime_s: float) -> None:
        """Count a try that went wrong."""
        with changing_tries(self.folder) as tries:
            counted = Wrong(self._known(tries).count + 1, uptime_s)
            self._write(tries.with_failed(self.who), counted)

    def set_to(self, wrong: Wrong, *, without_record: bool = False) -> None:
        """Set the count; `without_record`: the newest failed try is none for the audit."""
        with changing_tries(self.folder) as tries:
            kept = tries.without_failed(self.who) if without_record else tries
            for name in self.peppers:  # first, so that the files never know of fewer tries
                write_count(self.keystore, name, wrong)
            write_tries(self.folder, kept.with_wrong(self.who, wrong))

    def _known(self, tries: Tries) -> Wrong:
        known = tries.wrong_of(self.who)
        for name in self.peppers:
            known = known.and_(read_count(self.keystore, name))
        return known

    def _waited(self, tries: Tries, uptime_s: float) -> tuple[Tries, Wrong]:
        """Return the tries as they are written now, and the wrong ones; or refuse another one."""
        known = self._known(tries)
        if known.count > tries.wrong_of(self.who).count:  # the keystore remembers more
            tries = self._write(replace(tries, put_back=tries.put_back + 1), known)
        if self.has_lock_out and known.count >= MOST_TRIES:
            raise StationError(ErrorCode.SECRET_WRONG, tries_left=0)
        if known.count and is_restarted(known.since_s, uptime_s):
            known = replace(known, since_s=uptime_s)
            tries = self._write(tries, known)
        left = seconds_left(known.count, known.since_s, uptime_s, self.longest_wait_s)
        if left > 0:
            raise StationError(ErrorCode.SECRET_WAIT, seconds=left)
        return tries, known

    def _write(self, tries: Tries, wrong: Wrong) -> Tries:
        """Write the count, first to the files; return the tries, ready for another change."""
        more = max(0, wrong.count - tries.wrong_of(self.who).count)
        tries = replace(tries.with_wrong(self.who, wrong), total=tries.total + more)
        write_tries(self.folder, tries)
        for name in self.peppers:
            write_count(self.keystore, name, wrong)
        return replace(tries, generation=tries.generation + 1)


@dataclass(frozen=True, slots=True)
class CountedTry:
    """A try that was counted; it stays counted unless it is settled."""

    counter: Counter
    before: Wrong
    counted: Wrong
    is_recorded: bool = True  # as a failed one, until it is settled

    def refusal(self) -> StationError:
        """Return what to raise if the try went wrong: with `tries_left` if there is a lock-out."""
        if not self.counter.has_lock_out:
            return StationError(ErrorCode.SECRET_WRONG)
        return StationError(ErrorCode.SECRET_WRONG, tries_left=MOST_TRIES - self.counted.count)

    def forgive(self) -> None:
        """Forget all wrong tries: the vault is open. Raises StationError as a write does."""
        self.counter.set_to(Wrong(), without_record=self.is_recorded)

    def take_back(self, *, is_failed: bool) -> None:
        """Uncount this try; `is_failed`: it stays a failed one for the audit."""
        self.counter.set_to(self.before, without_record=self.is_recorded and not is_failed)


def forget_failed_tries(folder: Path, recorded: Tries, *, total: int) -> None:
    """Forget what is in the audit now; what failed since stays. `total` is the least total.

    Raises StationError as a write does.
    """
    with changing_tries(folder) as tries:
        left = tuple(one for one in tries.failed if one not in recorded.failed)
        more = {who: n - recorded.more.get(who, 0) for who, n in tries.more.items()}
        kept = replace(
            tries,
            failed=left,
            more={who: n for who, n in more.items() if n > 0},
            put_back=max(0, tries.put_back - recorded.put_back),
            total=max(tries.total, total),
        )
        is_changed = replace(kept, generation=0) != replace(tries, generation=0)
        if is_changed or not are_there(folder):
            write_tries(folder, kept)


def locked_out(folder: Path, operator_ids: Collection[str]) -> frozenset[str]:
    """Return which operators are locked out after too many wrong tries."""
    tries = read_tries(folder)
    return frozenset(one for one in operator_ids if tries.wrong_of(one).count >= MOST_TRIES)
