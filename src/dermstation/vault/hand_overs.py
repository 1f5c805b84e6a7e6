"""The operators' confirmations that a package arrived. Runs in the vault's thread."""

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import HandOver
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database
from dermstation.vault.tables import insert, or_update


class HandOvers:
    """The table of hand-overs, one an episode."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def save(self, episode_id: str, hand_over: HandOver) -> None:
        """Store an episode's hand-over, in place of an earlier one."""
        with self._database.transaction():
            confirmed = {"episode_id": episode_id, "hand_over": columns.from_hand_over(hand_over)}
            changes = or_update("episode_id", "hand_over")
            insert(self._database, "hand_overs", confirmed, changes)
            self._audit.append(
                AuditEvent.HANDED_OVER,
                operator_id=hand_over.confirmed_by,
                episode_id=episode_id,
                confirmed=[one.value for one in hand_over.confirmed],
            )
