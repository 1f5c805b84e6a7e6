"""The operators of the practice, as the records of who did what need them.

How they sign in is no concern of this table. One who was revoked stays, for the records.
Runs in the vault's thread.
"""

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import Operator, Role, now
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database, Row

_SELECT = "SELECT id, name, role, professional_number FROM operators"


class Operators:
    """The table of operators."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def save(self, operator: Operator) -> None:
        """Add an operator or change name, role and professional number."""
        with self._database.transaction():
            known = self._database.row("SELECT 1 FROM operators WHERE id = ?", (operator.id,))
            self._database.change(
                "INSERT INTO operators (id, name, role, professional_number) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role,"
                " professional_number = excluded.professional_number",
                (operator.id, operator.name, operator.role.value, operator.professional_number),
            )
            event = AuditEvent.OPERATOR_ADDED if known is None else AuditEvent.OPERATOR_CHANGED
            self._audit.append(event, subject=operator.id, role=operator.role.value)

    def forget(self, operator_id: str) -> None:
        """Take back an operator who was just added, and whose way to sign in could not be made."""
        with self._database.transaction():
            self._database.change("DELETE FROM operators WHERE id = ?", (operator_id,))
            self._audit.append(AuditEvent.OPERATOR_REVOKED, subject=operator_id)

    def get(self, operator_id: str) -> Operator:
        """Return an operator. Raises LookupError."""
        row = self._database.row(f"{_SELECT} WHERE id = ?", (operator_id,))
        if row is None:
            raise LookupError("no such operator")
        return _operator(row)

    def all(self) -> tuple[Operator, ...]:
        """List all operators by name, those who were revoked too."""
        rows = self._database.rows(f"{_SELECT} ORDER BY name, id")
        return tuple(map(_operator, rows))

    def present(self) -> tuple[Operator, ...]:
        """List the operators who can sign in, by name."""
        rows = self._database.rows(f"{_SELECT} WHERE revoked_at IS NULL ORDER BY name, id")
        return tuple(map(_operator, rows))

    def revoke(self, operator_id: str) -> None:
        """Note that an operator may not sign in any more, and that the index key has to change."""
        with self._database.transaction():
            self._database.change(
                "UPDATE operators SET revoked_at = ? WHERE id = ?",
                (columns.from_instant(now()), operator_id),
            )
            self._database.change(
                "INSERT INTO revocations VALUES (?) ON CONFLICT DO NOTHING", (operator_id,)
            )
            self._audit.append(AuditEvent.OPERATOR_REVOKED, subject=operator_id)

    def being_revoked(self) -> tuple[str, ...]:
        """List the operators since whose revocation the index key has not been changed."""
        return tuple(row[0] for row in self._database.rows("SELECT * FROM revocations"))

    def revocation_done(self) -> None:
        """Forget the revocations that waited for the change of the index key."""
        with self._database.transaction():
            self._database.change("DELETE FROM revocations")


def _operator(row: Row) -> Operator:
    return Operator(row[0], row[1], Role(row[2]), row[3])
