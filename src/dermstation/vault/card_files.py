"""The journal of imported pictures that lie on a memory card too. Runs in the vault's thread.

A wipe lists what became of them and takes the rows along.
"""

import json

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import CardCopy
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database, Row

_SELECT = (
    "SELECT capture_id, episode_id, card, path, sha256, noted_at, method, removed FROM card_files"
)


class CardFiles:
    """The table of pictures on cards."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def note(self, copy: CardCopy) -> None:
        """Write down where a picture lies, or what became of it; durable on return."""
        with self._database.transaction():
            self._database.change(
                "INSERT OR REPLACE INTO card_files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    copy.capture_id,
                    copy.episode_id,
                    copy.card,
                    json.dumps(copy.path),
                    copy.sha256,
                    columns.from_instant(copy.noted_at),
                    copy.method,
                    None if copy.removed is None else int(copy.removed),
                ),
            )
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
        rows = self._database.rows(
            f"{_SELECT} WHERE episode_id = ? ORDER BY noted_at, rowid", (episode_id,)
        )
        return tuple(_copy(row) for row in rows)

    def left(self) -> tuple[CardCopy, ...]:
        """List every picture that is still on a card as far as anybody knows."""
        rows = self._database.rows(f"{_SELECT} WHERE removed IS NULL ORDER BY noted_at, rowid")
        return tuple(_copy(row) for row in rows)


def _copy(row: Row) -> CardCopy:
    return CardCopy(
        capture_id=row[0],
        episode_id=row[1],
        card=row[2],
        path=json.loads(row[3]),
        sha256=row[4],
        noted_at=columns.to_instant(row[5]),
        method=row[6],
        removed=None if row[7] is None else bool(row[7]),
    )
