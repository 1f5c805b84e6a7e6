"""The lesions of an episode. Runs in the vault's thread."""

from dermstation.domain.records import Lesion
from dermstation.domain.sites import Side
from dermstation.vault import columns
from dermstation.vault.connection import Database, Row
from dermstation.vault.findings import from_facts, to_facts

_SELECT = "SELECT id, episode_id, number, site_code, side, history, facts FROM lesions"


class Lesions:
    """The table of lesions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, lesion: Lesion) -> None:
        """Add a lesion, or change what is known of it; never its episode or number."""
        side = lesion.side.value if lesion.side else None
        with self._database.transaction():
            self._database.change(
                "INSERT INTO lesions (id, episode_id, number, site_code, side, history, facts)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " site_code = excluded.site_code, side = excluded.side,"
                " history = excluded.history, facts = excluded.facts",
                (
                    lesion.id,
                    lesion.episode_id,
                    lesion.number,
                    lesion.site_code,
                    side,
                    lesion.history,
                    from_facts(lesion.facts),
                ),
            )

    def get(self, lesion_id: str) -> Lesion:
        """Return a lesion. Raises LookupError."""
        row = self._database.row(f"{_SELECT} WHERE id = ?", (lesion_id,))
        if row is None:
            raise LookupError("no such lesion")
        return _lesion(row)

    def of_episode(self, episode_id: str) -> tuple[Lesion, ...]:
        """List an episode's lesions by number."""
        rows = self._database.rows(f"{_SELECT} WHERE episode_id = ? ORDER BY number", (episode_id,))
        return tuple(_lesion(row) for row in rows)

    def of_episodes(self, episode_ids: tuple[str, ...]) -> tuple[Lesion, ...]:
        """List the lesions of several episodes by number."""
        of_these = f"episode_id IN ({columns.marks(episode_ids)})"
        rows = self._database.rows(f"{_SELECT} WHERE {of_these} ORDER BY number", episode_ids)
        return tuple(_lesion(row) for row in rows)


def _lesion(row: Row) -> Lesion:
    lesion_id, episode_id, number, site_code, side, history, facts = row
    return Lesion(
        lesion_id,
        episode_id,
        number,
        site_code,
        Side(side) if side else None,
        history,
        to_facts(facts),
    )
