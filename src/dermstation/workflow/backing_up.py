"""A backup from inside the station, step by step. Runs on the vault's thread."""

from pathlib import Path

from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.vault.backup import Backup, BackupProgress
from dermstation.vault.store import Vault

__all__ = ["Backup", "BackupProgress", "begin", "give_up", "go_on"]


def begin(vault: Vault, operator: Operator, folder: Path) -> Backup:
    """Begin a backup into `folder`. Raises StationError: RIGHT_MISSING, BACKUP_FAILED, VAULT_*."""
    require(operator, Right.ADMINISTER)
    return Backup(vault, folder)


def go_on(_vault: Vault, backup: Backup) -> BackupProgress:
    """Take one step. Raises StationError BACKUP_FAILED."""
    return backup.step()


def give_up(_vault: Vault, backup: Backup) -> None:
    """Leave nothing of a backup that nobody waits for."""
    backup.drop()
