"""Why an episode is kept on this PC, by whom, until when. Runs in the vault's thread."""

from dataclasses import dataclass
from datetime import date, datetime

from dermstation.domain.audit import AuditEvent
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database
from dermstation.vault.tables import Table, replace


@dataclass(frozen=True, slots=True)
class Retention:
    """One episode that is kept for a continuing clinical need."""

    episode_id: str
    reason: str
    owner_id: str
    review_on: date
    retained_at: datetime
    retained_by: str


_RETENTIONS = Table("retentions", Retention)


class Retentions:
    """The table of retentions, one an episode."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def save(self, retention: Retention) -> None:
        """Keep an episode, or change why."""
        with self._database.transaction():
            replace(self._database, "retentions", _RETENTIONS.write(retention))
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
        return _RETENTIONS.find(self._database, "ORDER BY review_on, retained_at")
