"""Add and revoke operators, reset their secrets, and let them change their own.

Runs on the vault's thread. Each change is recorded in the audit. Revoking also changes the index
key, so that neither a copied key file nor a remembered key opens the store again.
"""

from dataclasses import dataclass

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import check_name
from dermstation.domain.professional import parse_professional_number
from dermstation.domain.records import Operator, Role, new_id
from dermstation.domain.rights import Right, require
from dermstation.security.accounts import check_secret_of
from dermstation.security.attempts import locked_out
from dermstation.security.keystore import Keystore
from dermstation.security.passphrases import check_secret
from dermstation.security.pin_policy import allows_pin
from dermstation.vault.holders import add_holder, drop_holder, replace_secret
from dermstation.vault.store import Vault


@dataclass(frozen=True, slots=True)
class OperatorLine:
    """One line of the list of operators."""

    operator: Operator
    is_locked_out: bool


@dataclass(frozen=True, slots=True)
class TypedOperator:
    """A new operator as typed by the administrator."""

    name: str
    role: Role
    professional_number: str = ""


def list_operators(vault: Vault, operator: Operator) -> tuple[OperatorLine, ...]:
    """List who can sign in. Raises StationError RIGHT_MISSING."""
    require(operator, Right.ADMINISTER)
    present = vault.operators.present()
    locked = locked_out(vault.folder, [one.id for one in present])
    return tuple(OperatorLine(one, one.id in locked) for one in present)


def add_operator(
    vault: Vault,
    operator: Operator,
    typed: TypedOperator,
    secret: str,
    *,
    keystore: Keystore | None,
) -> Operator:
    """Add an operator, who can then sign in, and return their record.

    Raises StationError: RIGHT_MISSING, NAME_*, OPERATOR_NAME_TAKEN, OPERATORS_FULL,
    PROFESSIONAL_NUMBER_FORMAT, SECRET_WEAK, KEYSTORE_FAILED, VAULT_*.
    """
    require(operator, Right.ADMINISTER)
    number = parse_professional_number(typed.professional_number)
    added = Operator(new_id(), check_name(typed.name), typed.role, number)
    taken = {one.name.casefold() for one in vault.operators.present()}
    if added.name.casefold() in taken:
        raise StationError(ErrorCode.OPERATOR_NAME_TAKEN)
    check_secret(secret, has_pepper=allows_pin(keystore), names=[added.name])
    add_holder(vault, added, secret, keystore=keystore)
    return added


def revoke_operator(
    vault: Vault, operator: Operator, operator_id: str, *, keystore: Keystore | None
) -> None:
    """Revoke an operator, who can then no longer sign in, and change the index key.

    If a crash interrupts this, the next opening finishes it. Raises StationError: RIGHT_MISSING,
    OPERATOR_NEEDED (oneself, or the last administrator), VAULT_*.
    """
    require(operator, Right.ADMINISTER)
    present = vault.operators.present()
    administrators = {one.id for one in present if one.role is Role.ADMINISTRATOR}
    if operator_id == operator.id or administrators == {operator_id}:
        raise StationError(ErrorCode.OPERATOR_NEEDED)
    vault.operators.revoke(operator_id)
    drop_holder(vault, operator_id, keystore=keystore)
    vault.rotate_index_key()


def reset_secret(
    vault: Vault,
    operator: Operator,
    operator_id: str,
    new_secret: str,
    *,
    keystore: Keystore | None,
) -> None:
    """Replace an operator's secret, and end a lock-out.

    Raises StationError: RIGHT_MISSING, SECRET_WEAK, KEYSTORE_FAILED, VAULT_*.
    """
    require(operator, Right.ADMINISTER)
    _replace(vault, operator_id, new_secret, keystore)


def change_own_secret(
    vault: Vault,
    operator: Operator,
    old_secret: str,
    new_secret: str,
    *,
    keystore: Keystore | None,
) -> None:
    """Change an operator's own PIN or passphrase, if the old one is right; wrong tries count.

    Raises StationError: SECRET_WRONG, SECRET_WAIT, SECRET_WEAK, KEYSTORE_FAILED, VAULT_*.
    """
    check_secret(new_secret, has_pepper=allows_pin(keystore), names=[operator.name])
    slot = vault.key_files.content.slot(operator.id)
    check_secret_of(vault.folder, slot, old_secret, keystore=keystore)
    _replace(vault, operator.id, new_secret, keystore)


def _replace(vault: Vault, operator_id: str, secret: str, keystore: Keystore | None) -> None:
    replace_secret(vault, operator_id, secret, keystore=keystore)
    vault.audit.append(AuditEvent.SECRET_CHANGED, subject=operator_id)
    vault.change_key_or_wait()  # else a copy of the key files and the old secret still open it
