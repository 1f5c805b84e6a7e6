"""How often each operator takes each shot, and which tips they closed. Runs in the vault's thread.

Use is read from the audit, which outlives the wipe of an episode and names nobody but operators.
"""

from datetime import datetime

from dermstation.domain.audit import AuditEvent
from dermstation.domain.shots import ShotKind
from dermstation.vault import columns
from dermstation.vault.connection import Database
from dermstation.vault.tables import insert, or_update


class Tips:
    """The table of closed tips."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def taken_at(self, operator_id: str, shot: ShotKind, *, most: int) -> tuple[datetime, ...]:
        """Return when an operator took a shot, newest first, at most `most` instants."""
        times = self._database.values(
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
        return tuple(map(columns.to_instant, times))

    def closed_at(self, operator_id: str, shot: ShotKind) -> datetime | None:
        """Return when an operator last closed the tip of a shot, or None."""
        at = self._database.value(
            "SELECT closed_at FROM tips_closed WHERE operator_id = ? AND shot = ?",
            (operator_id, shot.value),
        )
        return None if at is None else columns.to_instant(at)

    def close(self, operator_id: str, shot: ShotKind, at: datetime) -> None:
        """Note that an operator closed the tip of a shot."""
        with self._database.transaction():
            closed = {
                "operator_id": operator_id,
                "shot": shot.value,
                "closed_at": columns.from_instant(at),
            }
            changes = or_update("operator_id, shot", "closed_at")
            insert(self._database, "tips_closed", closed, changes)
