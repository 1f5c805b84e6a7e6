"""The notes of what the patient was told about an episode's route. Runs in the vault's thread."""

from dermstation.domain.consents import Answer
from dermstation.vault.connection import Database
from dermstation.vault.tables import insert, or_update


class RouteNotes:
    """The table of what patients were told; the wipe of an episode removes its row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, episode_id: str, told: Answer) -> None:
        """Note whether the patient was told that it may become a suspected-cancer referral."""
        with self._database.transaction():
            note = {"episode_id": episode_id, "told": told.value}
            insert(self._database, "route_notes", note, or_update("episode_id", "told"))

    def told(self, episode_id: str) -> Answer:
        """Return what was noted."""
        sql = "SELECT told FROM route_notes WHERE episode_id = ?"
        told = self._database.value(sql, (episode_id,))
        return Answer.NOT_ASKED if told is None else Answer(told)
