"""The operators of the practice, as the records of who did what need them.

How they sign in is no concern of this table. One who was revoked stays, for the records.
Runs in the vault's thread.
"""

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import Operator, now
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database
from dermstation.vault.tables import OR_IGNORE, Table, insert, or_update

_OPERATORS = Table("operators", Operator)


class Operators:
    """The table of operators."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def save(self, operator: Operator) -> None:
        """Add an operator or change name, role and professional number."""
        with self._database.transaction():
            known = self._database.row("SELECT 1 FROM operators WHERE id = ?", (operator.id,))
            changes = or_update("id", "name", "role", "professional_number")
            _OPERATORS.insert(self._database, operator, changes)
            event = AuditEvent.OPERATOR_ADDED if known is None else AuditEvent.OPERATOR_CHANGED
            self._audit.append(event, subject=operator.id, role=operator.role.value)

    def forget(self, operator_id: str) -> None:
        """Remove an operator who was just added but whose key slot could not be written."""
        with self._database.transaction():
            self._database.change("DELETE FROM operators WHERE id = ?", (operator_id,))
            self._audit.append(AuditEvent.OPERATOR_REVOKED, subject=operator_id)

    def get(self, operator_id: str) -> Operator:
        """Return an operator. Raises LookupError."""
        found = _OPERATORS.find(self._database, "WHERE id = ?", (operator_id,))
        if not found:
            raise LookupError("no such operator")
        return found[0]

    def all(self) -> tuple[Operator, ...]:
        """List all operators by name, those who were revoked too."""
        return _OPERATORS.find(self._database, "ORDER BY name, id")

    def present(self) -> tuple[Operator, ...]:
        """List the operators who can sign in, by name."""
        return _OPERATORS.find(self._database, "WHERE revoked_at IS NULL ORDER BY name, id")

    def revoke(self, operator_id: str) -> None:
        """Note that an operator may not sign in any more, and that the index key has to change."""
        with self._database.transaction():
            self._database.change(
                "UPDATE operators SET revoked_at = ? WHERE id = ?",
                (columns.from_instant(now()), operator_id),
            )
            self._database.change("DELETE FROM key_holders WHERE operator_id = ?", (operator_id,))
            insert(self._database, "revocations", {"operator_id": operator_id}, OR_IGNORE)
            self._audit.append(AuditEvent.OPERATOR_REVOKED, subject=operator_id)

    def being_revoked(self) -> tuple[str, ...]:
        """List the operators since whose revocation the index key has not been changed."""
        return tuple(self._database.values("SELECT operator_id FROM revocations"))

    def revocation_done(self) -> None:
        """Forget the revocations that waited for the change of the index key."""
        with self._database.transaction():
            self._database.change("DELETE FROM revocations")
