"""Add, change and drop those who may unlock an open vault.

The index first, then the key files, so that a crash in between leaves the index ahead; the next
opening brings the key files in line. Slow by design (Argon2id). Runs in the vault's thread.
"""

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.security.accounts import slot_for
from dermstation.security.attempts import Counter
from dermstation.security.kdf import DEFAULT_KDF, KdfParameters
from dermstation.security.keystore import Keystore
from dermstation.security.pepper import drop_pepper
from dermstation.security.tries import Wrong
from dermstation.vault.store import Vault

MOST_OPERATORS = 30


def add_holder(
    vault: Vault,
    operator: Operator,
    secret: str,
    *,
    keystore: Keystore | None,
    kdf: KdfParameters = DEFAULT_KDF,
) -> None:
    """Record an operator and let them unlock the vault.

    Raises StationError: OPERATORS_FULL (`most`), SECRET_WEAK, KEYSTORE_FAILED, NAME_EMPTY,
    NAME_TOO_LONG, and the errors of a write; then nobody was added.
    """
    if len(vault.key_files.content.slots) >= MOST_OPERATORS:
        raise StationError(ErrorCode.OPERATORS_FULL, most=MOST_OPERATORS)
    with vault.index_keys() as keys:
        slot = slot_for(operator, secret, keys, keystore=keystore, kdf=kdf)
    with vault.transaction():
        vault.operators.save(operator)
        vault.identity.hold(slot)
    try:
        vault.key_files.bring_up_to_date()
    except BaseException:
        vault.operators.forget(operator.id)  # and with the record the slot
        if slot.pepper_name is not None:
            drop_pepper(keystore, slot.pepper_name)
        raise


def replace_secret(
    vault: Vault,
    operator_id: str,
    new_secret: str,
    *,
    keystore: Keystore | None,
    kdf: KdfParameters = DEFAULT_KDF,
) -> None:
    """Set a new secret, key pair and pepper for an operator; this also ends a lock-out.

    Raises StationError: OPERATOR_REFUSED (nobody who may sign in), SECRET_WEAK, KEYSTORE_FAILED,
    and the errors of a write.
    """
    try:
        old = vault.key_files.content.slot(operator_id)
    except LookupError:
        raise StationError(ErrorCode.OPERATOR_REFUSED, reason="unknown") from None
    with vault.index_keys() as keys:
        slot = slot_for(old.operator, new_secret, keys, keystore=keystore, kdf=kdf)
    vault.identity.announce(slot)
    try:
        vault.key_files.bring_up_to_date()
    except BaseException:
        vault.identity.settle(operator_id, has_come=False)
        if slot.pepper_name is not None:
            drop_pepper(keystore, slot.pepper_name)
        raise
    vault.identity.settle(operator_id, has_come=True)
    Counter(vault.folder, operator_id).set_to(Wrong())
    if old.pepper_name is not None:
        drop_pepper(keystore, old.pepper_name)


def drop_holder(vault: Vault, operator_id: str, *, keystore: Keystore | None) -> None:
    """Take a revoked operator's slot out of the key files, and drop their pepper.

    Raises StationError as a write does; does nothing if the slot is gone already.
    """
    gone = [one for one in vault.key_files.content.slots if one.operator.id == operator_id]
    vault.key_files.bring_up_to_date()
    for slot in gone:
        if slot.pepper_name is not None:
            drop_pepper(keystore, slot.pepper_name)
