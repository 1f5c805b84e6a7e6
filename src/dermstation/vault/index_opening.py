"""Open the index with the keys on offer, and say where key files that do not fit come from.

Runs in the vault's thread.
"""

from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.plain_files import open_plain
from dermstation.security.keyfile import read_key_images
from dermstation.security.slots import IndexKeys
from dermstation.vault.connection import INDEX_PRAGMAS, Database
from dermstation.vault.identity import Identity

_SALT_BYTES = 16


def open_index(index: Path, keys: IndexKeys) -> Database:
    """Open the index with the first key that fits. Raises StationError as `Database` does."""
    salt = _salt_of(index)
    try:
        return Database(index, keys.in_turn(), INDEX_PRAGMAS)
    except StationError as error:
        if error.code is not ErrorCode.VAULT_DAMAGED:
            raise
        raise StationError(error.code, **error.facts, keys=_origin(index.parent, salt)) from None


def _origin(folder: Path, salt: str) -> str:
    """Return whether key files that do not open the index are another vault's, as far as they say.

    Without a key nothing of this is proved; it only helps to find the right files.
    """
    contents = [one.content for one in read_key_images(folder) if one.content is not None]
    salts = {one.index_salt for one in contents if one.index_salt}
    if len({one.vault_id for one in contents}) > 1:
        return "two_vaults"
    return "other_vault" if salts and salt not in salts else "other_time"


def note_id(folder: Path, database: Database) -> None:
    """Take the id that set-up gave to the vault's key files, or make one for an older vault."""
    sealed = [
        one.content.vault_id
        for one in read_key_images(folder)
        if one.content is not None and one.is_sealed_by(database.key)
    ]
    Identity(database).id(otherwise=sealed[0] if sealed else "")


def _salt_of(index: Path) -> str:
    """Return the salt in an index's first bytes, empty if there is no index yet.

    Never called while the index is open: closing the file would drop the lock on it.
    """
    try:
        with open_plain(index, follows_link=True) as file:
            return file.read(_SALT_BYTES).hex()
    except OSError:
        return ""
