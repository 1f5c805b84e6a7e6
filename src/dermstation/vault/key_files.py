"""The key files of an open vault: judged at the opening, then written from what the index says.

While the vault is open, what belongs into the key files is kept here, in memory; what lies on the
disk is read only to find out whether somebody exchanged it. Runs in the vault's thread.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.accounts import RECOVERY_KEY
from dermstation.security.anchor import Anchor
from dermstation.security.judging import Authorised, KeyFileFault, fault_of
from dermstation.security.kdf import KEY_BYTES, zero
from dermstation.security.keyfile import FORMAT, KeyFile, KeyImage, key_id
from dermstation.security.locked_memory import locked
from dermstation.security.slots import IndexKeys, OperatorSlot, SealedKeys
from dermstation.security.tries_file import are_there, changing_tries, write_tries
from dermstation.vault.connection import Database
from dermstation.vault.identity import Identity
from dermstation.vault.key_folder import KeyFolder

_MOST_GENERATION = 1 << 60
# nothing to keep: a write was cut off or failed, or the newer one says all that this one does
_BORNE = {KeyFileFault.MISSING, KeyFileFault.DAMAGED, KeyFileFault.OLDER}


@dataclass(frozen=True, slots=True)
class FoundFault:
    """A fault of one key file; `was_there` if somebody put another file in its place."""

    name: str
    fault: KeyFileFault

    @property
    def was_there(self) -> bool:
        """Return whether a whole file was found that is not the vault's own."""
        return self.fault not in _BORNE


class KeyFiles:
    """The key files of one open vault."""

    def __init__(self, folder: Path, database: Database, identity: Identity) -> None:
        self._folder = folder
        self._database = database
        self._identity = identity
        self._disk = KeyFolder(folder, database)
        self._content: KeyFile | None = None
        self.genuine: KeyFile | None = None  # the newest genuine file found at the opening
        self.faults: tuple[FoundFault, ...] = ()
        self.exchanged: list[FoundFault] = []  # while the vault was open
        self.agreed = True  # both files were whole and the same

    @property
    def coming(self) -> bytearray | None:
        """Return the next index key, during a rotation."""
        return self._disk.coming

    @property
    def is_settled(self) -> bool:
        """Return whether the opening is done, so that the files may be written."""
        return self._content is not None

    @property
    def content(self) -> KeyFile:
        """Return what belongs into the key files now. Raises StationError VAULT_LOCKED before."""
        if self._content is None:
            raise StationError(ErrorCode.VAULT_LOCKED)
        return self._content

    @property
    def generation(self) -> int:
        """Return the generation of the files as they were written last, or as they were found."""
        known = self._content or self.genuine
        return 0 if known is None else known.generation

    def was_exchanged(self) -> bool:
        """Return whether a whole file that is not the vault's own was found in the place of one."""
        return any(one.was_there for one in (*self.faults, *self.exchanged))

    def examine(self, keys: IndexKeys) -> None:
        """Judge both files and who unlocked them; writes nothing.

        Raises StationError: OPERATOR_REFUSED (`reason`), KEYS_DAMAGED.
        """
        images = self._disk.images()
        self.agreed = images[0].image == images[1].image and images[0].content is not None
        self._disk.trusts_old_formats = not self._identity.is_bound
        if self._disk.trusts_old_formats:
            authorised = self._trusted(images)
        else:
            authorised = self._identity.authorised()
            self.genuine = _newest(one.content for one in images if self._disk.is_genuine(one))
        found = ((one.name, self._fault_of(one, authorised)) for one in images)
        self.faults = tuple(FoundFault(name, fault) for name, fault in found if fault is not None)
        self._check_holder(keys, authorised)

    def settle(self, keys: IndexKeys, *, beyond: int, is_index_older: bool) -> None:
        """Bring the files in line with the index, and from then on write them at each change.

        A file that is not the vault's own is set aside, and so is a genuine one that is newer than
        the index. `beyond` is the newest generation that the audit knows. Raises StationError:
        KEYS_ASIDE_FULL, and the errors of a write.
        """
        if is_index_older:
            self._disk.keep_copies()
        content = self._with_rotation(keys) if self.genuine else self._made_anew(beyond)
        if self._disk.trusts_old_formats:
            self._take_over(content)
        else:
            self._settle_new_secrets(keys)
            expected = self._expected(content, keys)
            if self.faults or expected != content or not self.agreed:
                self._write(replace(expected, generation=max(expected.generation, beyond) + 1))
            else:
                self._content = content
        self._disk.trusts_old_formats = False

    def bring_up_to_date(self) -> None:
        """Write the files if the index says otherwise than they do. Raises as a write does."""
        expected = self._expected(self.content, IndexKeys(self._database.key, self.coming))
        if expected != self.content:
            self._write(replace(expected, generation=expected.generation + 1))

    def write_anchor(self, anchor: Anchor, *, beyond: int) -> None:
        """Record how far the audit has got.

        The files' new generation is greater than `beyond`, the newest one that the audit knows.
        Raises StationError as a write does.
        """
        generation = max(self.content.generation, beyond) + 1
        self._write(replace(self.content, generation=generation, anchor=anchor))

    def begin_rotation(self) -> None:
        """Make the next index key, and store it sealed beside the current one.

        When this returns, both key files hold both keys; only then may the database be re-keyed.
        Raises StationError as a write does.
        """
        if self.content.current_id != key_id(self._database.key):
            raise RuntimeError("the database uses another key: finish that rotation first")
        key = locked(bytearray(secrets.token_bytes(KEY_BYTES)))
        begun = replace(self.content.with_next(key), generation=self.content.generation + 1)
        self._write(begun, coming=key)
        self._disk.coming = key

    def finish_rotation(self) -> None:
        """Make the next key the only one. The database must use it already."""
        if self.content.next_id is not None:
            advanced = self.content.advanced()
            self._write(replace(advanced, generation=advanced.generation + 1))
        self.forget()
        self._disk.coming = None

    def on_disk(self) -> KeyFile:
        """Return the newest genuine file on the disk. Raises StationError KEYS_DAMAGED."""
        found = _newest(one.content for one in self._disk.images() if self._disk.is_genuine(one))
        if found is None:
            raise StationError(ErrorCode.KEYS_DAMAGED)
        return found

    def forget(self) -> None:
        """Overwrite the next index key."""
        if self.coming is not None:
            zero(self.coming)

    # at the opening

    def _fault_of(self, one: KeyImage, authorised: Authorised) -> KeyFileFault | None:
        if one.content is not None and self.genuine is not None and self._disk.is_ours(one):
            is_behind = one.content.generation < self.genuine.generation - 1
            return KeyFileFault.OLDER if is_behind else None
        return fault_of(one, self._database.key, authorised)

    def _trusted(self, images: tuple[KeyImage, ...]) -> Authorised:
        """Choose the file that is trusted this once, as the index says nothing yet."""
        sealed = [one.content for one in images if one.is_sealed_by(self._database.key)]
        old = [one.content for one in images if self._disk.is_trusted(one)]
        content = _newest(sealed or old)
        if content is None:
            raise StationError(ErrorCode.KEYS_DAMAGED)
        self.genuine = replace(
            content,
            generation=min(content.generation, _MOST_GENERATION),
            vault_id=self._identity.id(),
            slots=self._identity.present(content.slots),
            format=FORMAT,
        )
        return Authorised(
            self._identity.id(), content.recovery.public, _bare(self.genuine), revoked=()
        )

    def _check_holder(self, keys: IndexKeys, authorised: Authorised) -> None:
        """Refuse whoever unlocked the vault by what the index does not know, or no more."""
        fitting = [one for one in keys.offered() if self._database.key in (one.current, one.next)]
        new = self._identity.coming()
        valid = {(slot.operator.id, slot.keys.public) for slot in authorised.slots}
        valid |= {(who, slot.keys.public) for who, slot in new.items()}
        valid |= {(RECOVERY_KEY, authorised.recovery_public), ("", b"")}
        if any((one.holder, one.public) in valid for one in fitting):
            return
        raise StationError(ErrorCode.OPERATOR_REFUSED, reason=_reason(keys.holder, authorised))

    def _with_rotation(self, keys: IndexKeys) -> KeyFile:
        """Return the genuine content, and take up the rotation that it may be in the middle of.

        The next key is taken from nowhere else: anybody can seal a key to a public key.
        """
        content = self.genuine
        assert content is not None  # noqa: S101 - the caller has seen that it is there
        if content.next_id is None:
            return content
        for key in (self._database.key, *keys.in_turn()):
            if key_id(key) == content.next_id:
                self._disk.coming = locked(bytearray(key))
                return content
        return content.resealed(IndexKeys(self._database.key))

    def _made_anew(self, beyond: int) -> KeyFile:
        """Return content for key files none of which is genuine."""
        authorised = self._identity.authorised()
        recovery = SealedKeys(authorised.recovery_public, b"")
        bare = KeyFile(beyond, "", None, recovery, authorised.slots, vault_id=authorised.vault_id)
        return bare.resealed(IndexKeys(self._database.key))

    def _take_over(self, content: KeyFile) -> None:
        """Write files of the present format, then let the index say who may unlock the vault."""
        if not are_there(self._folder):
            with changing_tries(self._folder) as tries:  # those of the older key files
                write_tries(self._folder, tries)
        self._write(replace(content, generation=content.generation + 1))
        self._identity.bind(content.recovery.public, _bare(content))

    def _settle_new_secrets(self, keys: IndexKeys) -> None:
        """Decide on new secrets whose writing was cut off: by what the newest file holds."""
        if self.genuine is not None:
            there = {slot.keys.public for slot in self.genuine.slots}
        else:
            there = {one.public for one in keys.offered()}
        for who, slot in self._identity.coming().items():
            self._identity.settle(who, has_come=slot.keys.public in there)

    def _expected(self, content: KeyFile, keys: IndexKeys) -> KeyFile:
        """Return the content as the index wants it; what is sealed already stays as it is."""
        authorised = self._identity.authorised()
        new = self._identity.coming()
        wanted = [new.get(one.operator.id, one) for one in authorised.slots]
        if replace(authorised, slots=tuple(wanted)).fits(content):
            return content
        current = next((k for k in keys.in_turn() if key_id(k) == content.current_id), None)
        if current is None:  # the database is under the next one already
            content, current = content.advanced(), self._database.key
        to_seal = IndexKeys(current, self.coming if content.next_id else None)
        present = {slot.bare(): slot for slot in content.slots}
        return replace(
            content,
            vault_id=authorised.vault_id,
            recovery=SealedKeys.seal(authorised.recovery_public, to_seal),
            slots=tuple(present.get(one) or one.sealed_for(to_seal) for one in wanted),
        )

    def _write(self, content: KeyFile, *, coming: bytearray | None = None) -> None:
        exchanged = self._disk.write(content, coming=coming)
        if self._content is not None:
            authorised = self._identity.authorised()
            for one in exchanged:
                fault = fault_of(one, self._database.key, authorised)
                self.exchanged.append(FoundFault(one.name, fault or KeyFileFault.ALTERED))
        self._content = content


def _newest(contents: Iterable[KeyFile | None]) -> KeyFile | None:
    found = [one for one in contents if one is not None]
    return max(found, key=lambda one: one.generation) if found else None


def _reason(holder: str, authorised: Authorised) -> str:
    if holder == RECOVERY_KEY:
        return "recovery_key"
    if holder in authorised.revoked:
        return "revoked"
    is_known = any(slot.operator.id == holder for slot in authorised.slots)
    return "replaced" if is_known else "unknown"


def _bare(content: KeyFile) -> tuple[OperatorSlot, ...]:
    return tuple(slot.bare() for slot in content.slots)
