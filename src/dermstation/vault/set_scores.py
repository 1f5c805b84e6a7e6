"""The scores of the sets of pictures that were packed, which outlive the wipe without identity.

While its episode is here, a row names it, so that a package made again is counted once. The wipe
cuts the row off from the episode. Runs in the vault's thread.
"""

import secrets
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from dermstation.domain.set_score import CountedSet, SetPoint
from dermstation.domain.shots import ShotKind
from dermstation.vault import columns
from dermstation.vault.connection import Database
from dermstation.vault.tables import Codec, Table

_ID_BITS = 62


def _list_of(kind: type[StrEnum] | type[str]) -> Codec:
    def read(text: str) -> tuple[Any, ...]:
        return tuple(map(kind, columns.to_json(text)))

    return Codec(lambda values: columns.from_json([str(one) for one in values]), read)


_SET_SCORES = Table(
    "set_scores",
    CountedSet,
    lacks=_list_of(SetPoint),
    shots=_list_of(ShotKind),
    cameras=_list_of(str),
)


class SetScores:
    """The table of scores."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, episode_id: str, sets: Iterable[CountedSet]) -> None:
        """Count the sets of an episode's package, in place of those of an earlier package."""
        with self._database.transaction():
            self.forget(episode_id)
            for one in sets:
                # a random id: in the order of ids, a row could be found in the order of the audit
                number = secrets.randbits(_ID_BITS)
                _SET_SCORES.insert(self._database, one, id=number, episode_id=episode_id)

    def forget(self, episode_id: str) -> None:
        """Take an episode's sets out of the count: its package was withdrawn."""
        with self._database.transaction():
            self._database.change("DELETE FROM set_scores WHERE episode_id = ?", (episode_id,))

    def all(self) -> tuple[CountedSet, ...]:
        """List all that were counted, oldest week first."""
        return _SET_SCORES.find(self._database, "ORDER BY week, id")
