"""Operators' access to the vault's index key: set-up, unlocking, new secrets, rotation.

Works only on the key files, never on the database. Synchronous and slow by design (Argon2id): call
it from the vault's worker, never from the window's thread.

Every attempt is counted on disk before it is made, so that killing the program gives no free guess.
"""

import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, new_id, now
from dermstation.domain.text_limits import NAME_MAX_CHARS
from dermstation.security.kdf import DEFAULT_KDF, KEY_BYTES, KdfParameters, expand, zero
from dermstation.security.keyfile import (
    KEY_FILES,
    FailedTry,
    KeyFile,
    changing,
    key_id,
    read_key_file,
    write_key_file,
)
from dermstation.security.passphrases import check_secret
from dermstation.security.pepper import Keystore, drop_pepper, new_pepper, read_pepper
from dermstation.security.recovery import RecoveryKey, new_recovery_key
from dermstation.security.sealing import WrongKeyError, public_key
from dermstation.security.slots import IndexKeys, OperatorSlot, SealedKeys, new_slot
from dermstation.security.tries import MOST_TRIES, is_restarted, seconds_left

MOST_OPERATORS = 30
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
    the slot gets a pepper, and a PIN is accepted as the secret. Raises StationError: SECRET_WEAK,
    KEYSTORE_FAILED, NAME_EMPTY, NAME_TOO_LONG, VAULT_EXISTS, and the errors of `write_key_file`.
    """
    if any((folder / name).exists() for name in KEY_FILES):
        raise StationError(ErrorCode.VAULT_EXISTS)
    _check_name(operator.name)
    recovery = recovery or new_recovery_key()
    keys = IndexKeys(bytearray(secrets.token_bytes(KEY_BYTES)))
    slot = _slot_for(operator, secret, keys, keystore, kdf)
    private = recovery_private(recovery)
    sealed = SealedKeys.seal(public_key(private), keys)
    zero(private)
    write_key_file(folder, KeyFile(1, key_id(keys.current), None, sealed, (slot,)))
    return keys, recovery


def operators(folder: Path) -> tuple[Operator, ...]:
    """Return the operators who can sign in. Raises as `read_key_file` does."""
    return tuple(slot.operator for slot in read_key_file(folder).slots)


def unlock_with_secret(
    folder: Path,
    operator_id: str,
    secret: str,
    *,
    keystore: Keystore | None,
    uptime_s: Callable[[], float] = time.monotonic,
) -> IndexKeys:
    """Unlock the index key with an operator's PIN or passphrase.

    Raises StationError: SECRET_WRONG (`tries_left`; at 0 the slot is locked until it gets a new
    secret, and the secret is not tried), SECRET_WAIT (`seconds`), KEYSTORE_FAILED (not counted as
    an attempt), and the errors of `read_key_file` and `write_key_file`.
    """
    slot = read_key_file(folder).slot(operator_id)
    pepper = bytearray()
    if slot.pepper_name is not None and slot.wrong_tries < MOST_TRIES:
        pepper = read_pepper(keystore, slot.pepper_name, slot.pepper_check)
    slot = _counted(folder, operator_id, uptime_s())
    try:
        keys = slot.unlock(secret, pepper)
    except WrongKeyError:
        tries_left = MOST_TRIES - slot.wrong_tries
        raise StationError(ErrorCode.SECRET_WRONG, tries_left=tries_left) from None
    finally:
        zero(pepper)
    _forgive(folder, operator_id)
    return keys


def unlock_with_recovery(folder: Path, recovery: RecoveryKey) -> IndexKeys:
    """Unlock the index key with the recovery key.

    Raises StationError RECOVERY_KEY_WRONG, and the errors of `read_key_file` and `write_key_file`.
    """
    content = read_key_file(folder)
    private = recovery_private(recovery)
    try:
        return content.recovery.unseal(private)
    except WrongKeyError:
        with changing(folder) as present:
            write_key_file(folder, present.with_failed_try(_failed(RECOVERY_KEY)))
        raise StationError(ErrorCode.RECOVERY_KEY_WRONG) from None
    finally:
        zero(private)


def replace_secret(
    folder: Path,
    operator_id: str,
    keys: IndexKeys,
    new_secret: str,
    *,
    keystore: Keystore | None,
    kdf: KdfParameters = DEFAULT_KDF,
) -> None:
    """Set a new secret, key pair and pepper for an operator; this also ends a lock-out.

    Raises StationError VAULT_LOCKED if a rotation has replaced `keys` (unlock again), and
    otherwise as `set_up_keys` does.
    """
    operator = read_key_file(folder).slot(operator_id).operator
    slot = _slot_for(operator, new_secret, keys, keystore, kdf)
    with changing(folder) as content:
        if not content.is_sealed_for(keys):
            raise StationError(ErrorCode.VAULT_LOCKED)
        old = content.slot(operator_id)
        write_key_file(folder, content.with_slot(slot))
    if old.pepper_name is not None:
        drop_pepper(keystore, old.pepper_name)


def add_operator(
    folder: Path,
    operator: Operator,
    secret: str,
    keys: IndexKeys,
    *,
    keystore: Keystore | None,
    kdf: KdfParameters = DEFAULT_KDF,
) -> None:
    """Add an operator who can unlock `keys`, the vault's current ones.

    Raises StationError OPERATORS_FULL (`most`), VAULT_LOCKED if a rotation has replaced `keys`,
    and otherwise as `set_up_keys` does.
    """
    _check_name(operator.name)
    if len(read_key_file(folder).slots) >= MOST_OPERATORS:
        raise StationError(ErrorCode.OPERATORS_FULL, most=MOST_OPERATORS)
    slot = _slot_for(operator, secret, keys, keystore, kdf)
    with changing(folder) as content:
        if not content.is_sealed_for(keys):
            raise StationError(ErrorCode.VAULT_LOCKED)
        write_key_file(folder, replace(content, slots=(*content.slots, slot)))


def drop_slots(
    folder: Path, operator_ids: Collection[str], *, keystore: Keystore | None = None
) -> None:
    """Remove the slots and peppers of revoked operators; does nothing if they are gone already."""
    if not operator_ids:
        return
    with changing(folder) as content:
        dropped = [one for one in content.slots if one.operator.id in operator_ids]
        kept = tuple(one for one in content.slots if one not in dropped)
        if dropped:
            write_key_file(folder, replace(content, slots=kept))
    for slot in dropped:
        if slot.pepper_name is not None:
            drop_pepper(keystore, slot.pepper_name)


def locked_out(folder: Path) -> frozenset[str]:
    """Return the ids of the operators who are locked out after too many wrong attempts."""
    slots = read_key_file(folder).slots
    return frozenset(one.operator.id for one in slots if one.wrong_tries >= MOST_TRIES)


def failed_tries(folder: Path) -> tuple[FailedTry, ...]:
    """Return the failed sign-in attempts that are not yet in the audit."""
    return read_key_file(folder).failed_tries


def forget_failed_tries(folder: Path) -> None:
    """Remove the failed attempts from the key files once they are in the audit."""
    with changing(folder) as content:
        if content.failed_tries:
            write_key_file(folder, replace(content, failed_tries=()))


def begin_rotation(folder: Path, present: bytes | bytearray) -> bytearray:
    """Make the next index key, store it sealed beside the current one, and return it.

    `present` is the key that the database was opened with. This proves that a next key left over
    from a failed start is not in use. When this returns, both key files hold both keys; only then
    may the database be re-keyed.

    Raises RuntimeError if the database is under another key than the current one, and StationError
    as `changing` does.
    """
    key = bytearray(secrets.token_bytes(KEY_BYTES))
    with changing(folder) as content:
        if content.current_id != key_id(present):
            raise RuntimeError("the database uses another key: finish that rotation first")
        write_key_file(folder, content.with_next(key))
    return key


def finish_rotation(folder: Path) -> None:
    """Make the next key the only one. The database must use it already.

    Does nothing if the rotation is finished already.
    """
    with changing(folder) as content:
        if content.next_id is not None:
            write_key_file(folder, content.advanced())


def _counted(folder: Path, operator_id: str, uptime_s: float) -> OperatorSlot:
    """Count an attempt before it is made, and return the slot; or refuse the attempt.

    Raises StationError SECRET_WRONG if the slot is locked, SECRET_WAIT if it is too early.
    """
    with changing(folder) as content:
        slot = content.slot(operator_id)
        if slot.wrong_tries >= MOST_TRIES:
            raise StationError(ErrorCode.SECRET_WRONG, tries_left=0)
        if slot.wrong_tries and is_restarted(slot.waits_since_s, uptime_s):
            slot = replace(slot, waits_since_s=uptime_s)
            write_key_file(folder, content.with_slot(slot))
        left = seconds_left(slot.wrong_tries, slot.waits_since_s, uptime_s)
        if left > 0:
            raise StationError(ErrorCode.SECRET_WAIT, seconds=left)
        slot = replace(slot, wrong_tries=slot.wrong_tries + 1, waits_since_s=uptime_s)
        failed = _failed(operator_id)  # removed again by `_forgive` if the attempt succeeds
        write_key_file(folder, content.with_slot(slot).with_failed_try(failed))
        return slot


def _forgive(folder: Path, operator_id: str) -> None:
    with changing(folder) as content:
        slot = replace(content.slot(operator_id), wrong_tries=0, waits_since_s=0.0)
        forgiven = replace(content.with_slot(slot), failed_tries=content.failed_tries[:-1])
        write_key_file(folder, forgiven)


def _failed(who: str) -> FailedTry:
    return FailedTry(who, now().isoformat(timespec="seconds"))


def _slot_for(
    operator: Operator,
    secret: str,
    keys: IndexKeys,
    keystore: Keystore | None,
    kdf: KdfParameters,
) -> OperatorSlot:
    check_secret(secret, has_pepper=keystore is not None)
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


def _check_name(name: str) -> None:
    if not name.strip():
        raise StationError(ErrorCode.NAME_EMPTY)
    if len(name) > NAME_MAX_CHARS:
        raise StationError(ErrorCode.NAME_TOO_LONG, limit=NAME_MAX_CHARS)
