"""Set the station up, sign in, sign in with the recovery key, and lock.

Runs on the vault's thread. Every opening first finishes whatever a crash left half-done.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role
from dermstation.security import accounts
from dermstation.security.disk import named_troubles
from dermstation.security.pepper import Keystore
from dermstation.security.recovery import RecoveryKey, parse_recovery_key
from dermstation.security.slots import IndexKeys
from dermstation.vault.audit import Rollback
from dermstation.vault.setup import is_set_up, set_up
from dermstation.vault.store import Vault
from dermstation.workflow.outstanding import Reminder, reminder
from dermstation.workflow.wiping import Resumed, resume

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An open vault, the operator who opened it, and what the opening finished or found."""

    vault: Vault
    operator: Operator
    resumed: Resumed
    reminder: Reminder = field(default_factory=Reminder)


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
    return _opened(folder, keys, operator_id, AuditEvent.SIGNED_IN)


def sign_in_with_recovery_key(
    folder: Path, operator_id: str, words: str, new_secret: str, *, keystore: Keystore | None
) -> SignedIn:
    """Open the vault with the recovery key and give the operator a new secret.

    Raises StationError: RECOVERY_KEY_MISTYPED, RECOVERY_KEY_WRONG, SECRET_WEAK, VAULT_*.
    """
    keys = accounts.unlock_with_recovery(folder, parse_recovery_key(words))
    accounts.replace_secret(folder, operator_id, keys, new_secret, keystore=keystore)
    return _opened(folder, keys, operator_id, AuditEvent.RECOVERED)


def lock(signed_in: SignedIn) -> Reminder:
    """Close the vault, drop its keys, and return a reminder for the person who leaves.

    A backup under way is finished first, because people do lock the station while one runs.
    """
    left = Reminder()
    try:
        left = _with_backup(signed_in.vault, reminder(signed_in.vault))
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


def record_opening(vault: Vault, folder: Path, operator_id: str, event: AuditEvent) -> None:
    """Record in the audit who opened the vault, failed attempts, and an old copy put back."""
    vault.audit.acting = operator_id
    failed = accounts.failed_tries(folder)
    with vault.transaction():
        for one in failed:
            vault.audit.append(
                AuditEvent.SIGN_IN_FAILED,
                operator_id=one.operator_id,
                at=datetime.fromisoformat(one.at),
            )
        if vault.rollback is not Rollback.NONE:
            anchor = vault.keys_at_opening and vault.keys_at_opening.anchor
            vault.audit.append(
                AuditEvent.OLD_COPY_NOTICED,
                standing=vault.rollback.value,
                entries_known=anchor.count if anchor else 0,
            )
        vault.audit.append(event)
    if failed:
        accounts.forget_failed_tries(folder)


def _make_first_administrator(vault: Vault) -> None:
    """Make the only operator an administrator, if the vault dates from before there were rights."""
    present = vault.operators.present()
    if len(present) == 1 and present[0].role is not Role.ADMINISTRATOR:
        vault.operators.save(replace(present[0], role=Role.ADMINISTRATOR))


def _opened(folder: Path, keys: IndexKeys, operator_id: str, event: AuditEvent) -> SignedIn:
    try:
        vault = Vault.open(folder, keys)
    finally:
        keys.forget()
    try:
        record_opening(vault, folder, operator_id, event)
        _make_first_administrator(vault)
        resumed = resume(vault)
        return SignedIn(vault, vault.operators.get(operator_id), resumed, reminder(vault))
    except BaseException:
        vault.close()
        raise
