"""The operators' confirmations that a package arrived. Runs in the vault's thread."""

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import HandOver
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database


class HandOvers:
    """The table of hand-overs, one an episode."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def save(self, episode_id: str, hand_over: HandOver) -> None:
        """Store an episode's hand-over, in place of an earlier one."""
        with self._database.transaction():
            self._database.change(
                "INSERT INTO hand_overs VALUES (?, ?) ON CONFLICT (episode_id) DO UPDATE SET"
                " hand_over = excluded.hand_over",
                (episode_id, columns.from_hand_over(hand_over)),
            )
            self._audit.append(
                AuditEvent.HANDED_OVER,
                operator_id=hand_over.confirmed_by,
                episode_id=episode_id,
                confirmed=[one.value for one in hand_over.confirmed],
            )

    def get(self, episode_id: str) -> HandOver | None:
        """Return an episode's hand-over, or None."""
        sql = "SELECT hand_over FROM hand_overs WHERE episode_id = ?"
        row = self._database.row(sql, (episode_id,))
        return None if row is None else columns.to_hand_over(row[0])
