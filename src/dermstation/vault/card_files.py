"""The journal of imported pictures that lie on a memory card too. Runs in the vault's thread.

A wipe lists what became of them and takes the rows along.
"""

import json

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import CardCopy
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database
from dermstation.vault.tables import Codec, Table, replace

_CARD_FILES = Table("card_files", CardCopy, path=Codec(json.dumps, json.loads))


class CardFiles:
    """The table of pictures on cards."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def note(self, copy: CardCopy) -> None:
        """Record where a picture is, or what became of it; durable on return."""
        with self._database.transaction():
            replace(self._database, "card_files", _CARD_FILES.write(copy))
            if copy.removed:
                self._audit.append(
                    AuditEvent.ERASED_FROM_CARD,
                    episode_id=copy.episode_id,
                    subject=copy.capture_id,
                    method=copy.method,
                )

    def note_first(self, copy: CardCopy) -> None:
        """Note a picture before it is stored; what became of it on the card already stays noted."""
        known = self._database.row(
            "SELECT 1 FROM card_files WHERE capture_id = ?", (copy.capture_id,)
        )
        if known is None:
            self.note(copy)

    def drop(self, capture_id: str) -> None:
        """Forget a picture that was never stored."""
        with self._database.transaction():
            self._database.change("DELETE FROM card_files WHERE capture_id = ?", (capture_id,))

    def of_episode(self, episode_id: str) -> tuple[CardCopy, ...]:
        """List an episode's pictures that were on a card, in the order they were imported."""
        of_it = "WHERE episode_id = ? ORDER BY noted_at, rowid"
        return _CARD_FILES.find(self._database, of_it, (episode_id,))

    def left(self) -> tuple[CardCopy, ...]:
        """List every picture that is still on a card as far as anybody knows."""
        return _CARD_FILES.find(self._database, "WHERE removed IS NULL ORDER BY noted_at, rowid")
