"""The names of backups: which vault made them, and in which order, whatever the clock says.

`dermstation-VAULT-NUMBER-DATE.dermbackup` has the start of the vault's id and a number that grows
with each backup of that vault. A folder may hold the backups of several stations. Pure but for
listing a folder.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from dermstation.files import PART_SUFFIX
from dermstation.plain_files import plain_files

BACKUP_ENDING = ".dermbackup"
_MOST_BACKUPS = 10_000
_VAULT_CHARS = 12
_NAME = re.compile(
    rf"dermstation-([0-9a-f]{{{_VAULT_CHARS}}})-(\d{{6,12}})-(\d{{8}}-\d{{6}})"
    rf"{re.escape(BACKUP_ENDING)}"
)


@dataclass(frozen=True, slots=True)
class BackupName:
    """The parts of a backup's name."""

    vault: str  # the start of the vault's id
    number: int
    made: str  # the time by the clock, for people only

    def __str__(self) -> str:
        return f"dermstation-{self.vault}-{self.number:06d}-{self.made}{BACKUP_ENDING}"

    @classmethod
    def of(cls, vault_id: str, number: int, at: datetime) -> Self:
        """Name a vault's backup."""
        return cls(vault_id[:_VAULT_CHARS], number, at.strftime("%Y%m%d-%H%M%S"))

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Read a name; None for one of another form, such as those of version 0.1."""
        found = _NAME.fullmatch(name)
        return None if found is None else cls(found[1], int(found[2]), found[3])

    def is_of(self, vault_id: str) -> bool:
        """Return whether a vault of this id made the backup."""
        return self.vault == vault_id[:_VAULT_CHARS]


def backups_of(folder: Path, vault_id: str) -> list[tuple[BackupName, Path]]:
    """List a vault's finished backups in a folder, oldest first. Raises OSError."""
    return _of(folder, vault_id, "")


def parts_of(folder: Path, vault_id: str) -> list[tuple[BackupName, Path]]:
    """List what killed runs left of a vault's backups in a folder. Raises OSError."""
    return _of(folder, vault_id, PART_SUFFIX)


def _of(folder: Path, vault_id: str, suffix: str) -> list[tuple[BackupName, Path]]:
    def name_in(text: str) -> BackupName | None:
        name = BackupName.parse(text.removesuffix(suffix)) if text.endswith(suffix) else None
        return name if name is not None and name.is_of(vault_id) else None

    paths = plain_files(folder, _MOST_BACKUPS, lambda text: name_in(text) is not None)
    found = [(name, path) for path in paths if (name := name_in(path.name)) is not None]
    return sorted(found, key=lambda one: (one[0].number, one[0].made))
