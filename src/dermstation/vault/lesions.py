"""The lesions of an episode. Runs in the vault's thread."""

from dermstation.domain.records import Lesion
from dermstation.vault import columns
from dermstation.vault.connection import Database
from dermstation.vault.lesion_facts import from_facts, to_facts
from dermstation.vault.tables import Codec, Table, or_update

_LESIONS = Table("lesions", Lesion, facts=Codec(from_facts, to_facts))


class Lesions:
    """The table of lesions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, lesion: Lesion) -> None:
        """Add a lesion, or change what is known of it; never its episode or number."""
        changes = or_update("id", "site_code", "side", "history", "facts", "is_removed")
        with self._database.transaction():
            _LESIONS.insert(self._database, lesion, changes)

    def get(self, lesion_id: str) -> Lesion:
        """Return a lesion. Raises LookupError."""
        found = _LESIONS.find(self._database, "WHERE id = ?", (lesion_id,))
        if not found:
            raise LookupError("no such lesion")
        return found[0]

    def of_episode(self, episode_id: str) -> tuple[Lesion, ...]:
        """List an episode's lesions by number, without the removed ones."""
        return self.of_episodes((episode_id,))

    def of_episodes(self, episode_ids: tuple[str, ...]) -> tuple[Lesion, ...]:
        """List the lesions of several episodes by number, without the removed ones."""
        return self._found(episode_ids, is_removed=False)

    def removed_of(self, episode_id: str) -> tuple[Lesion, ...]:
        """List an episode's removed lesions by number."""
        return self._found((episode_id,), is_removed=True)

    def _found(self, episode_ids: tuple[str, ...], *, is_removed: bool) -> tuple[Lesion, ...]:
        these = f"WHERE episode_id IN ({columns.marks(episode_ids)}) AND is_removed = ?"
        return _LESIONS.find(
            self._database, f"{these} ORDER BY number", (*episode_ids, int(is_removed))
        )
