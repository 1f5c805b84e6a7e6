"""Set the station up, sign in, sign in with the recovery key, and lock.

Runs on the vault's thread. Every opening first finishes whatever a crash left half-done.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role, now
from dermstation.security import accounts
from dermstation.security.attempts import forget_failed_tries
from dermstation.security.disk import named_troubles
from dermstation.security.keystore import Keystore, answering
from dermstation.security.passphrases import check_secret, is_pin
from dermstation.security.pin_policy import PinRule, allows_pin, rule_of
from dermstation.security.recovery import RecoveryKey, parse_recovery_key
from dermstation.security.slots import IndexKeys
from dermstation.security.tries_file import Tries, read_tries
from dermstation.vault.audit import Rollback
from dermstation.vault.holders import replace_secret
from dermstation.vault.setup import is_set_up, set_up
from dermstation.vault.store import Vault
from dermstation.vault.witnessing import ask_keystore, tell_keystore
from dermstation.workflow.occupant import open_vault
from dermstation.workflow.outstanding import Reminder, reminder
from dermstation.workflow.wiping import Resumed, resume

log = logging.getLogger(__name__)

_PASSING = {ErrorCode.VAULT_DISK_FULL, ErrorCode.VAULT_WRITE_FAILED}


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many pictures were moved with a store, and whose secrets could not be moved."""

    pictures: int
    without_secret: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An open vault, the operator who opened it, and what the opening finished or found."""

    vault: Vault
    operator: Operator
    resumed: Resumed
    reminder: Reminder = field(default_factory=Reminder)
    pin_rule: PinRule = PinRule.ENOUGH  # a reason if a PIN was typed that is not enough here
    taken_over: TakenOver | None = None  # the store came from this account


def set_up_station(
    folder: Path,
    operator: Operator,
    secret: str,
    recovery: RecoveryKey,
    *,
    keystore: Keystore | None,
) -> SignedIn:
    """Create the vault with its first operator and a recovery key that was already typed back.

    The first operator is the administrator, whatever their job in the practice.
    Raises StationError: NAME_*, SECRET_WEAK, VAULT_EXISTS, KEYSTORE_FAILED, VAULT_*.
    """
    operator = replace(operator, role=Role.ADMINISTRATOR)
    vault, _ = set_up(folder, operator, secret, keystore=keystore, recovery=recovery)
    try:
        record_opening(vault, folder, operator.id, AuditEvent.SIGNED_IN)
        tell_keystore(vault, keystore)
    except BaseException:
        vault.close()
        raise
    return SignedIn(vault, operator, Resumed())


def operators(folder: Path) -> tuple[Operator, ...]:
    """List the operators who can sign in; none means that the station is not set up on this PC.

    Raises StationError: KEYS_DAMAGED (also if there is a store but no key file: setting the
    station up again would abandon the store), VAULT_NEWER, VAULT_READ_ONLY, VAULT_WRITE_FAILED.
    """
    with named_troubles():
        if not is_set_up(folder):
            return ()
    try:
        return accounts.operators(folder)
    except StationError as trouble:
        if trouble.code is ErrorCode.VAULT_ABSENT:
            raise StationError(ErrorCode.KEYS_DAMAGED, missing="both") from None
        raise


def sign_in(folder: Path, operator_id: str, secret: str, *, keystore: Keystore | None) -> SignedIn:
    """Open the vault with an operator's PIN or passphrase.

    Raises StationError: SECRET_WRONG, SECRET_WAIT, KEYSTORE_FAILED, KEYS_DAMAGED, VAULT_*.
    """
    keys = accounts.unlock_with_secret(folder, operator_id, secret, keystore=keystore)
    signed_in = opened(folder, keys, operator_id, AuditEvent.SIGNED_IN, keystore)
    return replace(signed_in, pin_rule=rule_of(keystore)) if is_pin(secret) else signed_in


def sign_in_with_recovery_key(
    folder: Path, operator_id: str, words: str, new_secret: str, *, keystore: Keystore | None
) -> SignedIn:
    """Open the vault with the recovery key and give the operator a new secret.

    If the keystore does not answer, the new secret must be a passphrase, which needs no keystore.
    Raises StationError: RECOVERY_KEY_MISTYPED, RECOVERY_KEY_WRONG, SECRET_WEAK, KEYSTORE_FAILED
    (the secret is a PIN), VAULT_*.
    """
    recovery = parse_recovery_key(words)
    check_secret(new_secret, has_pepper=allows_pin(keystore))
    keystore = _usable(keystore, new_secret)
    keys = accounts.unlock_with_recovery(folder, recovery)
    signed_in = opened(folder, keys, operator_id, AuditEvent.RECOVERED, keystore)
    try:
        replace_secret(signed_in.vault, operator_id, new_secret, keystore=keystore)
    except BaseException:
        signed_in.vault.close()
        raise
    return signed_in


def _usable(keystore: Keystore | None, new_secret: str) -> Keystore | None:
    """Return a keystore if it answers; without it, refuse a secret that it would have to protect.

    Raises StationError KEYSTORE_FAILED: there would be no way in if the recovery key also needed
    the keystore.
    """
    found = answering(keystore)
    if keystore is not None and found is None:
        try:
            check_secret(new_secret, has_pepper=False)
        except StationError:
            raise StationError(ErrorCode.KEYSTORE_FAILED, step="passphrase") from None
    return found


def lock(signed_in: SignedIn) -> Reminder:
    """Close the vault, drop its keys, and return a reminder for the person who leaves.

    A backup under way is finished first, because people do lock the station while one runs.
    """
    left = Reminder()
    try:
        left = _with_backup(signed_in.vault, reminder(signed_in.vault))
        make_up_for(signed_in.vault)
        signed_in.vault.audit.append(AuditEvent.LOCKED)
    except StationError as trouble:  # a full disk must not prevent locking
        log.info("the lock was not recorded: %s", trouble.code.value)
    finally:
        signed_in.vault.close()
    return left


def leave(signed_in: SignedIn) -> None:
    """Close the vault because the program ends; a backup under way is abandoned."""
    signed_in.vault.before_lock.clear()
    lock(signed_in)


def _with_backup(vault: Vault, left: Reminder) -> Reminder:
    try:
        made = vault.finish_under_way()
    except StationError as trouble:
        log.info("a backup was not finished at the lock: %s", trouble.code.value)
        return replace(left, backup_failed=True)
    return replace(left, backup_made=made[-1] if made else "")


def record_opening(
    vault: Vault, folder: Path, operator_id: str, event: AuditEvent, at: datetime | None = None
) -> None:
    """Record in the audit who opened the vault, failed attempts, and an old copy put back.

    Raises StationError VAULT_*.
    """
    vault.audit.acting = operator_id
    tries = read_tries(folder)
    seen = vault.identity.tries_seen()
    with vault.transaction():
        _record_tries(vault, tries, seen)
        if vault.rollback is not Rollback.NONE:
            genuine = vault.key_files.genuine
            anchor = genuine.anchor if genuine else None
            vault.audit.append(
                AuditEvent.OLD_COPY_NOTICED,
                standing=vault.rollback.value,
                entries_known=anchor.count if anchor else 0,
            )
        vault.audit.append(event, at=at)
        if tries.total > seen:
            vault.identity.note_tries(tries.total)
    forget_failed_tries(folder, tries, total=seen)


def _record_tries(vault: Vault, tries: Tries, seen: int) -> None:
    """Record each failed try, those that were only counted, and that a count was put back."""
    for one in tries.failed:
        vault.audit.append(
            AuditEvent.SIGN_IN_FAILED,
            operator_id=one.operator_id,
            at=datetime.fromisoformat(one.at),
        )
    for who, more in tries.more.items():
        vault.audit.append(AuditEvent.SIGN_IN_FAILED, operator_id=who, more=more)
    if tries.total < seen or tries.put_back:
        vault.audit.append(
            AuditEvent.TRIES_PUT_BACK,
            known=seen,
            found=tries.total,
            in_keystore=tries.put_back,
        )


def _recorded(vault: Vault, folder: Path, operator_id: str, event: AuditEvent) -> bool:
    """Record the opening; return False if the disk is full, so that it waits for the lock.

    Failed tries wait in the key files.
    """
    at = now()
    try:
        record_opening(vault, folder, operator_id, event, at)
        _make_first_administrator(vault)
    except StationError as trouble:
        if trouble.code not in _PASSING:
            raise
        log.warning("the opening is not recorded yet: %s", trouble.code.value)
        vault.to_record.append(partial(record_opening, vault, folder, operator_id, event, at))
        return False
    return True


def make_up_for(vault: Vault) -> None:
    """Do what had to wait for room on the disk. Raises StationError VAULT_* if there is none."""
    while vault.to_record:
        vault.to_record[0]()
        vault.to_record.pop(0)
    if vault.key_change_waits is not None:
        vault.change_key_or_wait()


def _make_first_administrator(vault: Vault) -> None:
    """Make the only operator an administrator, if the vault dates from before there were rights."""
    present = vault.operators.present()
    if len(present) == 1 and present[0].role is not Role.ADMINISTRATOR:
        vault.operators.save(replace(present[0], role=Role.ADMINISTRATOR))


def _check_present(vault: Vault, operator_id: str) -> None:
    """Refuse a name that the key files offered and the index does not know."""
    if operator_id not in {one.id for one in vault.operators.present()}:
        vault.audit.append(AuditEvent.SIGN_IN_REFUSED, operator_id=operator_id, reason="unknown")
        raise StationError(ErrorCode.OPERATOR_REFUSED, reason="unknown")


def opened(
    folder: Path, keys: IndexKeys, operator_id: str, event: AuditEvent, keystore: Keystore | None
) -> SignedIn:
    """Open the vault with keys that are unlocked, and forget them. Raises as `sign_in` does."""
    try:
        vault = open_vault(folder, keys)
    finally:
        keys.forget()
    try:
        _check_present(vault, operator_id)
        ask_keystore(vault, keystore)
        if _recorded(vault, folder, operator_id, event):
            tell_keystore(vault, keystore)
        resumed = resume(vault)
        return SignedIn(vault, vault.operators.get(operator_id), resumed, reminder(vault))
    except BaseException:
        vault.close()
        raise
