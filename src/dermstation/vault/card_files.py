"""The journal of imported pictures on a memory card, and of their companions. Vault's thread.

A wipe lists what became of them and takes the rows along.
"""

import json
from collections.abc import Iterable

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import CardCompanion, CardCopy
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database
from dermstation.vault.tables import Codec, Table, replace

_PATH = Codec(json.dumps, json.loads)
_CARD_FILES = Table("card_files", CardCopy, path=_PATH)
_COMPANIONS = Table("card_companions", CardCompanion, path=_PATH)


class CardFiles:
    """The table of pictures on cards."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def note(self, copy: CardCopy) -> None:
        """Record where a picture is, or what became of it; durable on return."""
        with self._database.transaction():
            replace(self._database, "card_files", _CARD_FILES.write(copy))
            self._note_erased(copy)

    def note_companions(
        self, companions: Iterable[CardCompanion], others: Iterable[CardCompanion] = ()
    ) -> None:
        """Record where companions are, or what became of them; durable on return.

        `others` turned out to be none, and are forgotten.
        """
        with self._database.transaction():
            for one in others:
                self._forget(one)
            for one in companions:
                replace(self._database, "card_companions", _COMPANIONS.write(one))
                self._note_erased(one)

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

    def companions_of(self, episode_id: str) -> tuple[CardCompanion, ...]:
        """List the companions of an episode's pictures, in the order they were found."""
        of_it = "WHERE episode_id = ? ORDER BY noted_at, rowid"
        return _COMPANIONS.find(self._database, of_it, (episode_id,))

    def companions_left(self) -> tuple[CardCompanion, ...]:
        """List every companion that is still on a card as far as anybody knows."""
        return _COMPANIONS.find(self._database, "WHERE removed IS NULL ORDER BY noted_at, rowid")

    def _forget(self, companion: CardCompanion) -> None:
        self._database.change(
            "DELETE FROM card_companions"
            " WHERE episode_id = ? AND card = ? AND serial = ? AND path = ?",
            (
                companion.episode_id,
                companion.card,
                companion.serial,
                json.dumps(companion.path),
            ),
        )

    def _note_erased(self, file: CardCopy | CardCompanion) -> None:
        if file.removed:
            self._audit.append(
                AuditEvent.ERASED_FROM_CARD,
                episode_id=file.episode_id,
                subject=file.capture_id,
                method=file.method,
            )
