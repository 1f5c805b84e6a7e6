"""Who takes which shot how often, and who closed which tip. Runs in the vault's thread.

Use is read from the audit, which outlives the wipe of an episode and names nobody but operators.
"""

from datetime import datetime

from dermstation.domain.audit import AuditEvent
from dermstation.domain.shots import ShotKind
from dermstation.vault import columns
from dermstation.vault.connection import Database


class Tips:
    """The table of closed tips."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def taken_at(self, operator_id: str, shot: ShotKind, *, most: int) -> tuple[datetime, ...]:
        """Tell when an operator took a shot, newest first, at most so many times."""
        rows = self._database.rows(
            "SELECT at FROM audit WHERE operator_id = ? AND event IN (?, ?)"
            " AND json_extract(facts, '$.shot') = ? ORDER BY number DESC LIMIT ?",
            (
                operator_id,
                AuditEvent.CAPTURED.value,
                AuditEvent.OVERRIDDEN.value,
                shot.value,
                most,
            ),
        )
        return tuple(columns.to_instant(row[0]) for row in rows)

    def closed_at(self, operator_id: str, shot: ShotKind) -> datetime | None:
        """Tell when an operator closed the tip of a shot last; None where never."""
        row = self._database.row(
            "SELECT closed_at FROM tips_closed WHERE operator_id = ? AND shot = ?",
            (operator_id, shot.value),
        )
        return None if row is None else columns.to_instant(row[0])

    def close(self, operator_id: str, shot: ShotKind, at: datetime) -> None:
        """Note that an operator closed the tip of a shot."""
        with self._database.transaction():
            self._database.change(
                "INSERT INTO tips_closed VALUES (?, ?, ?) ON CONFLICT (operator_id, shot)"
                " DO UPDATE SET closed_at = excluded.closed_at",
                (operator_id, shot.value, columns.from_instant(at)),
            )
