"""The vault's identity, kept in the encrypted index: its id, and who may unlock it.

Runs in the vault's thread.
"""

from dermstation.domain.records import new_id
from dermstation.vault.connection import Database
from dermstation.vault.tables import OR_IGNORE, insert


class Identity:
    """The tables of the vault's identity and of the holders of its keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def id(self) -> str:
        """Return the vault's random id; the first call makes one."""
        known = self._database.value("SELECT vault_id FROM vault_identity")
        if known is None:
            known = new_id()
            with self._database.transaction():
                insert(self._database, "vault_identity", {"one": 1, "vault_id": known}, OR_IGNORE)
        return str(known)
