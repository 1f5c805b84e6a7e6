"""Why an episode is kept on this PC, by whom, until when. Runs in the vault's thread."""

from dataclasses import dataclass
from datetime import date, datetime

from dermstation.domain.audit import AuditEvent
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database, Row


@dataclass(frozen=True, slots=True)
class Retention:
    """One episode that is kept for a continuing clinical need."""

    episode_id: str
    reason: str
    owner_id: str
    review_on: date
    retained_at: datetime
    retained_by: str


class Retentions:
    """The table of retentions, one an episode."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def save(self, retention: Retention) -> None:
        """Keep an episode, or change why."""
        with self._database.transaction():
            self._database.change(
                "INSERT OR REPLACE INTO retentions VALUES (?, ?, ?, ?, ?, ?)",
                (
                    retention.episode_id,
                    retention.reason,
                    retention.owner_id,
                    retention.review_on.isoformat(),
                    columns.from_instant(retention.retained_at),
                    retention.retained_by,
                ),
            )
            self._audit.append(
                AuditEvent.RETAINED,
                operator_id=retention.retained_by,
                episode_id=retention.episode_id,
                subject=retention.owner_id,
                review_on=retention.review_on.isoformat(),
            )

    def drop(self, episode_id: str) -> None:
        """Keep an episode no longer."""
        with self._database.transaction():
            self._database.change("DELETE FROM retentions WHERE episode_id = ?", (episode_id,))

    def all(self) -> tuple[Retention, ...]:
        """List what is kept, the earliest review first."""
        rows = self._database.rows("SELECT * FROM retentions ORDER BY review_on, retained_at")
        return tuple(map(_retention, rows))


def _retention(row: Row) -> Retention:
    return Retention(
        episode_id=row[0],
        reason=row[1],
        owner_id=row[2],
        review_on=date.fromisoformat(row[3]),
        retained_at=columns.to_instant(row[4]),
        retained_by=row[5],
    )
