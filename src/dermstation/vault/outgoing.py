"""The objects on their way to the image archive: what is queued, sent and proven, across restarts.

Holds no picture and makes none; knows no network. Runs in the vault's thread.
"""

from collections.abc import Iterable
from datetime import datetime

from dermstation.domain.audit import AuditEvent
from dermstation.domain.outgoing import Outgoing, OutgoingState
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database
from dermstation.vault.tables import Codec, Table, replace

_OUTGOING = Table(
    "outgoing",
    Outgoing,
    datasets=Codec(
        lambda hashes: columns.from_json(list(hashes)), lambda text: tuple(columns.to_json(text))
    ),
    facts=Codec(columns.from_json, columns.to_json),
)
_OPEN = (OutgoingState.QUEUED.value, OutgoingState.SENT.value)
_IN_ORDER = "ORDER BY queued_at, rowid"
_DUE = (
    "WHERE state IN (?, ?) AND (next_try_at IS NULL OR next_try_at <= ?)"
    " AND episode_id NOT IN (SELECT episode_id FROM wipes) ORDER BY queued_at, rowid"
)


class OutgoingObjects:
    """The table of outgoing objects."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def put(self, objects: Iterable[Outgoing]) -> None:
        """Store objects, in place of rows of the same UIDs, in one commit."""
        with self._database.transaction():
            for one in objects:
                replace(self._database, "outgoing", _OUTGOING.write(one))

    def queue(self, operator_id: str, episode_id: str, objects: tuple[Outgoing, ...]) -> None:
        """Store what an operator wants sent of an episode; its other objects are withdrawn."""
        with self._database.transaction():
            self.withdraw(episode_id)
            self.put(objects)
            self._audit.append(
                AuditEvent.ARCHIVE_QUEUED,
                operator_id=operator_id,
                episode_id=episode_id,
                objects=len(objects),
            )

    def withdraw(self, episode_id: str) -> None:
        """Send an episode's objects no more; what an archive has already stays there."""
        with self._database.transaction():
            self._database.change(
                "UPDATE outgoing SET state = ?, next_try_at = NULL WHERE episode_id = ?",
                (OutgoingState.WITHDRAWN.value, episode_id),
            )

    def of_episode(self, episode_id: str) -> tuple[Outgoing, ...]:
        """List an episode's objects in the order in which they were queued."""
        return _OUTGOING.find(self._database, f"WHERE episode_id = ? {_IN_ORDER}", (episode_id,))

    def all(self) -> tuple[Outgoing, ...]:
        """List all objects that are not withdrawn."""
        wanted = f"WHERE state <> ? {_IN_ORDER}"
        return _OUTGOING.find(self._database, wanted, (OutgoingState.WITHDRAWN.value,))

    def due(self, at: datetime) -> tuple[Outgoing, ...]:
        """List the objects to send at an instant, the one queued first at the front."""
        return _OUTGOING.find(self._database, _DUE, (*_OPEN, columns.from_instant(at)))

    def note_proven(self, episode_id: str, objects: int, archive: str) -> None:
        """Record that an archive gave all of an episode's objects back as they were sent."""
        with self._database.transaction():
            self._audit.append(
                AuditEvent.ARCHIVE_PROVEN,
                operator_id=self._audit.acting,
                episode_id=episode_id,
                objects=objects,
                archive=archive,
            )
