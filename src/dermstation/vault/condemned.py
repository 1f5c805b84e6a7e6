"""The journal of episode files that may be overwritten, and of those that were only begun.

A file is condemned in the commit that destroys its key. Every other file that the index does not
list may be the only copy of pictures that a newer index, or another vault's, calls saved: it is set
aside, never removed. Runs in the vault's thread.
"""

from dermstation.vault.connection import Database
from dermstation.vault.tables import OR_IGNORE, insert


class CondemnedFiles:
    """The tables of condemned files and of files begun."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.has_grown = False  # since the vault was opened: something was wiped

    def condemn(self, file_id: str) -> None:
        """Note that a file's key is destroyed; belongs in the transaction that destroys it."""
        with self._database.transaction():
            insert(self._database, "condemned_files", {"file_id": file_id}, OR_IGNORE)
            self._database.change("DELETE FROM files_begun WHERE file_id = ?", (file_id,))
        self.has_grown = True

    def condemn_begun(self, episode_id: str) -> None:
        """Condemn the files that were begun for an episode that goes."""
        for file_id in self._database.values(
            "SELECT file_id FROM files_begun WHERE episode_id = ?", (episode_id,)
        ):
            self.condemn(file_id)

    def ids(self) -> frozenset[str]:
        """Return the ids of all condemned files, removed or not."""
        return frozenset(self._database.values("SELECT file_id FROM condemned_files"))

    def begin(self, file_id: str, episode_id: str) -> None:
        """Note a file before it is made; what a crash leaves of it is then known to be nothing."""
        with self._database.transaction():
            begun = {"file_id": file_id, "episode_id": episode_id}
            insert(self._database, "files_begun", begun)

    def end(self, file_id: str) -> None:
        """Forget a file begun: it has become its episode's, or is gone again."""
        with self._database.transaction():
            self._database.change("DELETE FROM files_begun WHERE file_id = ?", (file_id,))

    def begun(self) -> frozenset[str]:
        """Return the ids of the files that were begun and, as far as this index knows, no more."""
        return frozenset(self._database.values("SELECT file_id FROM files_begun"))
