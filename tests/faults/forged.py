"""Forged key files: fields flipped, swapped, rolled back, or taken from another vault.

Nobody gets in, nobody shortens a wait, nothing is destroyed, and everything is recorded as soon as
somebody signs in.
"""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from keyring.backend import KeyringBackend

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import StationError
from dermstation.domain.records import Operator, Role
from dermstation.security.accounts import (
    unlock_with_recovery,
    unlock_with_secret,
)
from dermstation.security.keyfile import KEY_FILES
from dermstation.security.recovery import new_recovery_key, parse_recovery_key
from dermstation.security.slots import IndexKeys
from dermstation.security.tries_file import TRIES_TWINS
from dermstation.vault.holders import add_holder, drop_holder, replace_secret
from dermstation.vault.setup import set_up
from dermstation.vault.store import Vault
from dermstation.workflow.unlocking import record_opening
from tests.faults.children import in_child
from tests.faults.forgeries import KINDS, Forge
from tests.faults.scene import ADMIN, CHEAP, LEAVER, hashes
from tests.unit.vault.conftest import Samples

CLINICIAN = Operator("d" * 32, "Test Clinician", Role.CLINICIAN)
PIN, WRONG_PIN = "482917", "482918"
SECRETS = {"old": "gravel window seven otter", "new": "copper lantern river seventeen"}
THEIRS, STRANGE = "their own plain words", "a stranger with other words"
_RECORDS = {
    AuditEvent.KEY_FILE_REFUSED,
    AuditEvent.KEY_FILE_MENDED,
    AuditEvent.OLD_COPY_NOTICED,
    AuditEvent.TRIES_PUT_BACK,
}
Data = dict[str, Any]


class FileKeystore(KeyringBackend):
    """The OS keystore: out of the reach of whoever can only write to the vault's folder."""

    priority = -1.0  # type: ignore[assignment]

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def _stored(self) -> dict[str, str]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._stored().get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._path.write_text(json.dumps(self._stored() | {username: password}))

    def delete_password(self, service: str, username: str) -> None:
        stored = self._stored()
        stored.pop(username, None)
        self._path.write_text(json.dumps(stored))


def run(
    root: Path, count: int, *, has: Callable[[int], bool]
) -> tuple[int, list[str], dict[str, Any]]:
    """Forge the key files of a vault `count` times; return the tries, the bad ones and counts."""
    made = in_child(lambda _: _prepare(root))
    if made.bug or made.refused:
        return 1, [made.bug or made.refused], {}
    bad: list[str] = []
    kinds: dict[str, dict[str, int]] = {}
    home = root / "home"
    mine = [number for number in range(count) if has(number)]
    chance = random.Random(17 + mine[0])
    for number in mine:
        name, forge = KINDS[number % len(KINDS)]
        shutil.copytree(root / "now", home)
        attack = Attack(root, home, chance)
        place = attack.make(forge, which=number // len(KINDS))
        found = in_child(lambda _, one=attack: one.check())
        faults = [found.bug.splitlines()[-1]] if found.bug else list(found.value or ())
        outcome = faults.pop() if faults and faults[-1].startswith("=") else "=unknown"
        bad += [f"{name} {place}: {fault}" for fault in faults]
        if found.refused:
            bad.append(f"{name} {place}: refused {found.refused}")
        kinds.setdefault(name, {}).setdefault(outcome[1:], 0)
        kinds[name][outcome[1:]] += 1
        shutil.rmtree(home)
    return len(mine), bad, {"outcomes": kinds}


def _prepare(root: Path) -> None:
    """Make a vault with a history, keep each of its states, and make a stranger's vault."""
    home = root / "making"
    home.mkdir()
    keystore = FileKeystore(home / "keystore")
    vault, recovery = set_up(home / "vault", ADMIN, SECRETS["old"], keystore=None, kdf=CHEAP)
    with vault:
        shutil.copytree(home, root / "first")
        add_holder(vault, CLINICIAN, PIN, keystore=keystore, kdf=CHEAP)
        add_holder(vault, LEAVER, THEIRS, keystore=None, kdf=CHEAP)
        Samples().fill(vault)
        captures = hashes(vault)
    shutil.copytree(home, root / "before revoking")
    with _vault(home / "vault", recovery.words) as vault:
        vault.operators.revoke(LEAVER.id)
        drop_holder(vault, LEAVER.id, keystore=None)
        vault.rotate_index_key()
    shutil.copytree(home, root / "before the new secret")
    with _vault(home / "vault", recovery.words) as vault:
        replace_secret(vault, ADMIN.id, SECRETS["new"], keystore=None, kdf=CHEAP)
        vault.audit.append(AuditEvent.SECRET_CHANGED, subject=ADMIN.id)
    (home / "facts").write_text(json.dumps([list(recovery.words), captures]))
    home.rename(root / "now")
    (root / "other").mkdir()
    other, theirs = set_up(root / "other" / "vault", ADMIN, STRANGE, keystore=None, kdf=CHEAP)
    with other:
        add_holder(other, LEAVER, THEIRS, keystore=None, kdf=CHEAP)
        add_holder(other, CLINICIAN, STRANGE, keystore=None, kdf=CHEAP)
    (root / "theirs").write_text(" ".join(theirs.words))


def _vault(folder: Path, words: tuple[str, ...] | list[str]) -> Vault:
    keys = unlock_with_recovery(folder, parse_recovery_key(" ".join(words)))
    return Vault.open(folder, keys)


class Attack:
    """One forgery, and what must hold after it."""

    def __init__(self, root: Path, home: Path, chance: random.Random) -> None:
        self._root = root
        self._home = home
        self._chance = chance
        self.folder = home / "vault"
        self.theirs = new_recovery_key()
        self.touched: tuple[str, ...] = ()
        words, self._captures = json.loads((home / "facts").read_text())
        self._recovery = parse_recovery_key(" ".join(words))
        self._genuine = {name: self.image(name) for name in KEY_FILES}
        self._wait = chance.choice((1, 2, 3))
        self._rolls_tries_back = chance.random() < 0.7
        self._uptime_s = 1_000.0

    def image(self, name: str, state: str = "home") -> bytes:
        """Return a key file of a state of the vault, of another vault, or of now."""
        return (self._root / state / "vault" / name).read_bytes()

    def make(self, forge: Forge, *, which: int) -> str:
        """Forge one key file or both; return which, and how."""
        self._guess_wrongly()
        self.touched = (KEY_FILES, KEY_FILES[:1], KEY_FILES[1:])[which % 3]
        state = self._chance.getstate()
        said = ""
        for name in self.touched:
            self._chance.setstate(state)  # the same change in both
            image, said = forge(self, self.image(name), self._chance)
            (self.folder / name).write_bytes(image)
        if self._rolls_tries_back:
            self._put_tries_back()
        return f"{said} of {'+'.join(self.touched)}"

    def check(self) -> list[str]:
        """Attack as the forgery allows; return what is wrong, and at last how it went."""
        faults = list(self._beat_the_wait())
        before = {name: self.image(name) for name in KEY_FILES}
        faults += self._get_in()
        if {name: self.image(name) for name in KEY_FILES} != before:
            faults.append("key files were written by somebody who did not get in")
        is_forged = before != self._genuine
        opened, said = self._owner_signs_in(is_forged=is_forged)
        faults += opened
        if said != "=opened":
            if len(self.touched) == 1:
                faults.append("it does not open by itself although one file is genuine")
            for name, image in self._genuine.items():
                (self.folder / name).write_bytes(image)
            opened, again = self._owner_signs_in(is_forged=False)
            faults += opened + ([] if again == "=opened" else ["it does not open any more"])
        with self._signed_in() as vault:
            vault.rotate_index_key()  # this seals the key anew, to whom?
        faults += self._get_in()
        return [*faults, *self._forgotten_tries(), said]

    def _guess_wrongly(self) -> None:
        """Make the clinician wait, as a stranger at the PC does."""
        for _ in range(self._wait):
            self._uptime_s += 100
            with suppress(StationError):
                self._unlock(CLINICIAN, WRONG_PIN, self._keystore())

    def _put_tries_back(self) -> None:
        for name in TRIES_TWINS.names:
            if self._chance.random() < 0.5:
                shutil.copyfile(self._root / "now" / "vault" / name, self.folder / name)
            else:
                (self.folder / name).unlink()

    def _beat_the_wait(self) -> Iterator[str]:
        """Try the right PIN before its time: it must not even be looked at."""
        try:
            self._unlock(CLINICIAN, PIN, self._keystore())
        except (StationError, LookupError):
            return
        yield "the wait was beaten"

    def _get_in(self) -> list[str]:
        """Try every way of somebody who has no valid secret."""
        self._uptime_s += 1_000
        tries = [
            (LEAVER, THEIRS),
            (ADMIN, STRANGE),
            (CLINICIAN, STRANGE),
            (ADMIN, SECRETS["old"]),
            (ADMIN, THEIRS),
        ]
        faults = []
        for operator, secret in tries:
            self._uptime_s += 100
            with suppress(StationError, LookupError):
                Vault.open(self.folder, self._unlock(operator, secret, None)).close()
                faults.append(f"{operator.name} got in with {secret}")
        stranger = parse_recovery_key((self._root / "theirs").read_text())
        for key in (self.theirs, stranger):
            self._uptime_s += 100
            with suppress(StationError):
                keys = unlock_with_recovery(self.folder, key, uptime_s=lambda: self._uptime_s)
                Vault.open(self.folder, keys).close()
                faults.append("another recovery key got in")
        return faults

    def _owner_signs_in(self, *, is_forged: bool) -> tuple[list[str], str]:
        """Sign in as the administrator does; check captures and record."""
        self._uptime_s += 1_000
        try:
            vault = self._signed_in()
        except StationError as error:
            return [], f"={error.code}"
        except LookupError:
            return [], "=not in the list"
        faults = []
        with vault:
            record_opening(vault, self.folder, ADMIN.id, AuditEvent.SIGNED_IN)
            if hashes(vault) != self._captures:
                faults.append("captures are lost")
            for capture_id in self._captures:
                vault.captures.image(capture_id)  # raises if its bytes are others
            faults += [f"audit: {one.fault}" for one in vault.audit.verify() if is_bad(one.fault)]
            recorded = {one.event for one in vault.audit.entries()}
            if is_forged and not recorded & _RECORDS:
                faults.append("nothing is recorded")
        return faults, "=opened"

    def _forgotten_tries(self) -> list[str]:
        """Check that the stranger's guesses are known, although their record was put back."""
        self._uptime_s += 1_000
        with suppress(StationError):
            self._unlock(CLINICIAN, WRONG_PIN, self._keystore())
        with self._signed_in() as vault:
            record_opening(vault, self.folder, ADMIN.id, AuditEvent.SIGNED_IN)
            entries = vault.audit.entries()
        events = {one.event for one in entries}
        known = [
            one
            for one in entries
            if one.event is AuditEvent.SIGN_IN_FAILED and one.operator_id == CLINICIAN.id
        ]
        if len(known) > self._wait or AuditEvent.TRIES_PUT_BACK in events:
            return []
        return ["failed tries are forgotten"]

    def _signed_in(self) -> Vault:
        self._uptime_s += 1_000
        return Vault.open(self.folder, self._unlock(ADMIN, SECRETS["new"], None))

    def _unlock(self, operator: Operator, secret: str, keystore: FileKeystore | None) -> IndexKeys:
        return unlock_with_secret(
            self.folder,
            operator.id,
            secret,
            keystore=keystore,
            uptime_s=lambda: self._uptime_s,
        )

    def _keystore(self) -> FileKeystore:
        return FileKeystore(self._home / "keystore")


def is_bad(fault: str) -> bool:
    """Return whether a finding says that the audit itself was changed."""
    return fault in ("changed", "cut_out", "put_back")
