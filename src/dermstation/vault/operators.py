"""The operators of the practice, as the records of who did what need them.

How they sign in is no concern of this table. Runs in the vault's thread.
"""

from dermstation.domain.records import Operator, Role
from dermstation.vault.connection import Database


class Operators:
    """The table of operators."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, operator: Operator) -> None:
        """Add an operator or change name and role."""
        with self._database.transaction():
            self._database.change(
                "INSERT INTO operators VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " name = excluded.name, role = excluded.role",
                (operator.id, operator.name, operator.role.value),
            )

    def get(self, operator_id: str) -> Operator:
        """Return an operator. Raises LookupError."""
        row = self._database.row("SELECT * FROM operators WHERE id = ?", (operator_id,))
        if row is None:
            raise LookupError("no such operator")
        return Operator(row[0], row[1], Role(row[2]))

    def all(self) -> tuple[Operator, ...]:
        """List all operators by name."""
        rows = self._database.rows("SELECT * FROM operators ORDER BY name, id")
        return tuple(Operator(row[0], row[1], Role(row[2])) for row in rows)
