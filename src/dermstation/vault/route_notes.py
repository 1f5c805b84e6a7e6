"""What was said to the patient about an episode's route. Runs in the vault's thread."""

from dermstation.domain.consents import Answer
from dermstation.vault.connection import Database


class RouteNotes:
    """The table of what was said; an episode's wipe takes its row along."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, episode_id: str, told: Answer) -> None:
        """Note whether the patient was told that it may become a suspected-cancer referral."""
        with self._database.transaction():
            self._database.change(
                "INSERT INTO route_notes VALUES (?, ?) ON CONFLICT (episode_id) DO UPDATE SET"
                " told = excluded.told",
                (episode_id, told.value),
            )

    def told(self, episode_id: str) -> Answer:
        """Return what was noted."""
        row = self._database.row("SELECT told FROM route_notes WHERE episode_id = ?", (episode_id,))
        return Answer.NOT_ASKED if row is None else Answer(row[0])
