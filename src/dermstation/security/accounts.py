"""Operators' access to the vault's index key: set-up, unlocking, new slots.

Reads the key files and writes none but those of a new vault; uses no database. Unlocking is slow by
design (Argon2id): call it from the vault's worker, never from the window's thread. What it returns
is an offer: only the index can say whether its keys and their holder are the vault's.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from argon2.exceptions import HashingError

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role, new_id
from dermstation.domain.text_limits import NAME_MAX_CHARS
from dermstation.security.attempts import Counter, locked_out
from dermstation.security.kdf import DEFAULT_KDF, KEY_BYTES, KdfParameters, expand, zero
from dermstation.security.keyfile import (
    KEY_FILES,
    KeyFile,
    key_id,
    read_key_files,
    write_key_file,
)
from dermstation.security.keystore import Keystore
from dermstation.security.locked_memory import locked
from dermstation.security.passphrases import check_secret
from dermstation.security.pepper import new_pepper, read_pepper
from dermstation.security.pin_policy import allows_pin
from dermstation.security.recovery import RecoveryKey, new_recovery_key
from dermstation.security.sealing import WrongKeyError, public_key
from dermstation.security.slots import IndexKeys, OperatorSlot, SealedKeys, new_slot
from dermstation.security.tries import LONGEST_LAST_WAIT_S

RECOVERY_KEY = "recovery key"  # recorded in place of an operator's id
_RECOVERY = b"dermstation recovery key v1"


def set_up_keys(
    folder: Path,
    operator: Operator,
    secret: str,
    *,
    keystore: Keystore | None,
    recovery: RecoveryKey | None = None,
    kdf: KdfParameters = DEFAULT_KDF,
) -> tuple[IndexKeys, RecoveryKey]:
    """Create the key files of a new vault in an existing folder, with one operator.

    `recovery` is a key already shown to the operator; if None, a new one is made. With a keystore
    the slot gets a pepper, and a PIN may be enough: see `pin_policy`. Raises StationError:
    SECRET_WEAK, KEYSTORE_FAILED, NAME_EMPTY, NAME_TOO_LONG, VAULT_EXISTS, and the errors of
    `write_key_file`.
    """
    if any((folder / name).exists() for name in KEY_FILES):
        raise StationError(ErrorCode.VAULT_EXISTS)
    recovery = recovery or new_recovery_key()
    keys = IndexKeys(locked(bytearray(secrets.token_bytes(KEY_BYTES))))
    slot = slot_for(operator, secret, keys, keystore=keystore, kdf=kdf)
    private = recovery_private(recovery)
    sealed = SealedKeys.seal(public_key(private), keys)
    zero(private)
    content = KeyFile(1, key_id(keys.current), None, sealed, (slot,), vault_id=new_id())
    write_key_file(folder, content, [keys.current])
    return keys, recovery


def operators(folder: Path) -> tuple[Operator, ...]:
    """Return the operators who may try to sign in. Raises as `read_key_files` does.

    If the key files differ, these are the operators of both: which one is the vault's is known
    only once it is open.
    """
    found: dict[str, Operator] = {}
    for content in read_key_files(folder):
        for slot in content.slots:
            found.setdefault(slot.operator.id, slot.operator)
    return tuple(found.values())


def unlock_with_secret(
    folder: Path,
    operator_id: str,
    secret: str,
    *,
    keystore: Keystore | None,
    uptime_s: Callable[[], float] = time.monotonic,
) -> IndexKeys:
    """Unlock the index key with an operator's PIN or passphrase.

    The try is counted before it is made, so that killing the program gives no free guess, and stays
    counted until `IndexKeys.attempt` is settled. Raises StationError: SECRET_WRONG (`tries_left`;
    at 0 the operator is locked out until they get a new secret, and the secret is not tried; the
    last way into the vault is never locked, has no `tries_left` and waits longer),
    SECRET_WAIT (`seconds`), KEYSTORE_FAILED (not counted as an attempt), and the errors of
    `read_key_files` and of a write.
    """
    contents = read_key_files(folder)
    every = (slot for one in contents for slot in one.slots)
    slots = list(dict.fromkeys(slot for slot in every if slot.operator.id == operator_id))
    if not slots:
        raise LookupError("no such operator in the key files")
    found = _unlocked(folder, slots, secret, keystore, uptime_s)
    first, *others = found
    first.others = tuple(others)
    return first


def check_secret_of(
    folder: Path,
    slot: OperatorSlot,
    secret: str,
    *,
    keystore: Keystore | None,
    uptime_s: Callable[[], float] = time.monotonic,
) -> None:
    """Check the secret of a slot that is known to be the vault's. Raises as unlocking does."""
    (keys,) = _unlocked(folder, [slot], secret, keystore, uptime_s)
    if keys.attempt is not None:
        keys.attempt.forgive()
    keys.forget()


def unlock_with_recovery(
    folder: Path, recovery: RecoveryKey, *, uptime_s: Callable[[], float] = time.monotonic
) -> IndexKeys:
    """Unlock the index key with the recovery key.

    Raises StationError: RECOVERY_KEY_WRONG, SECRET_WAIT (`seconds`) after wrong ones, and the
    errors of `read_key_files` and of a write.
    """
    contents = read_key_files(folder)
    counter = Counter(folder, RECOVERY_KEY, has_lock_out=False)
    counted = counter.check_wait(uptime_s())
    private = recovery_private(recovery)
    public = public_key(private)
    found: list[IndexKeys] = []
    try:
        for content in contents:
            found += _opened(content.recovery, private, RECOVERY_KEY, public)
    finally:
        zero(private)
    if not found:
        counter.note_wrong(uptime_s())
        raise StationError(ErrorCode.RECOVERY_KEY_WRONG)
    first, *others = found
    first.others, first.attempt = tuple(others), counted
    return first


def slot_for(
    operator: Operator,
    secret: str,
    keys: IndexKeys,
    *,
    keystore: Keystore | None,
    kdf: KdfParameters = DEFAULT_KDF,
) -> OperatorSlot:
    """Return a new slot, with a key pair and a pepper of its own.

    Raises StationError: SECRET_WEAK, KEYSTORE_FAILED, NAME_EMPTY, NAME_TOO_LONG.
    """
    if not operator.name.strip():
        raise StationError(ErrorCode.NAME_EMPTY)
    if len(operator.name) > NAME_MAX_CHARS:
        raise StationError(ErrorCode.NAME_TOO_LONG, limit=NAME_MAX_CHARS)
    check_secret(secret, has_pepper=allows_pin(keystore), names=[operator.name])
    if keystore is None:
        return new_slot(operator, secret, keys, kdf, None)
    name = new_id()
    pepper = new_pepper(keystore, name)
    try:
        return new_slot(operator, secret, keys, kdf, (name, pepper))
    finally:
        zero(pepper)


def recovery_private(recovery: RecoveryKey) -> bytearray:
    """Derive the private key that opens what is sealed to the recovery key."""
    return expand(recovery.entropy, b"", _RECOVERY)


def _unlocked(
    folder: Path,
    slots: list[OperatorSlot],
    secret: str,
    keystore: Keystore | None,
    uptime_s: Callable[[], float],
) -> list[IndexKeys]:
    """Return the keys in all of one operator's slots that the secret unlocks; at least one."""
    counter = _counter(folder, slots, keystore)
    peppers: dict[str, bytearray] = {}
    try:
        if not counter.is_locked_out():
            peppers = _peppers(slots, keystore)
        counted = counter.count(uptime_s())
        found = [keys for one in slots for keys in _tried(one, secret, peppers)]
    finally:
        zero(*peppers.values())
    if not found:
        raise counted.refusal()
    found[0].attempt = counted
    return found


def _counter(folder: Path, slots: list[OperatorSlot], keystore: Keystore | None) -> Counter:
    names = dict.fromkeys(slot.pepper_name for slot in slots if slot.pepper_name is not None)
    who = slots[0].operator.id
    counter = Counter(folder, who, keystore, tuple(names))
    if not _is_last_way_in(folder, who):
        return counter
    return replace(counter, has_lock_out=False, longest_wait_s=LONGEST_LAST_WAIT_S)


def _is_last_way_in(folder: Path, operator_id: str) -> bool:
    """Return whether nobody else could end a lock-out of this operator.

    That takes an administrator who is not at the limit. In a vault from before there were rights
    everybody counts as one.
    """
    people = operators(folder)
    administrators = {one.id for one in people if one.role is Role.ADMINISTRATOR}
    able = administrators or {one.id for one in people}
    if operator_id not in able:
        return False
    others = able - {operator_id}
    return not others - locked_out(folder, others)


def _peppers(slots: list[OperatorSlot], keystore: Keystore | None) -> dict[str, bytearray]:
    """Return the peppers that can be had, by name. Raises StationError if no slot can be tried."""
    peppers: dict[str, bytearray] = {}
    trouble = None
    for slot in slots:
        if slot.pepper_name is None:
            continue
        try:
            peppers[slot.pepper_name] = read_pepper(keystore, slot.pepper_name, slot.pepper_check)
        except StationError as error:
            trouble = trouble or error
    if trouble is not None and not any(_can_be_tried(slot, peppers) for slot in slots):
        raise trouble
    return peppers


def _can_be_tried(slot: OperatorSlot, peppers: dict[str, bytearray]) -> bool:
    return slot.pepper_name is None or slot.pepper_name in peppers


def _tried(slot: OperatorSlot, secret: str, peppers: dict[str, bytearray]) -> Iterator[IndexKeys]:
    if not _can_be_tried(slot, peppers):
        return
    pepper = bytearray() if slot.pepper_name is None else peppers[slot.pepper_name]
    try:
        private = slot.private(secret, pepper)
    except (WrongKeyError, HashingError, ValueError):  # what anybody may have written
        return
    try:
        yield from _opened(slot.keys, private, slot.operator.id, slot.keys.public)
    finally:
        zero(private)


def _opened(
    sealed: SealedKeys, private: bytearray, holder: str, public: bytes
) -> Iterator[IndexKeys]:
    try:
        keys = sealed.unseal(private)
    except (WrongKeyError, ValueError):
        return
    keys.holder, keys.public = holder, public
    yield keys
