"""A backup from inside the station, step by step. Runs on the vault's thread."""

from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.security.recovery import parse_recovery_key
from dermstation.vault.backup import Backup, BackupProgress
from dermstation.vault.checking import check_vault
from dermstation.vault.restore import restore
from dermstation.vault.store import Vault

__all__ = ["Backup", "BackupProgress", "begin", "give_up", "go_on", "restore_station"]


def begin(vault: Vault, operator: Operator, folder: Path) -> Backup:
    """Begin a backup into `folder`. Raises StationError: RIGHT_MISSING, BACKUP_FAILED, VAULT_*."""
    require(operator, Right.ADMINISTER)
    return Backup(vault, folder)


def go_on(_vault: Vault, backup: Backup) -> BackupProgress:
    """Take one step. Raises StationError BACKUP_FAILED."""
    return backup.step()


def restore_station(folder: Path, backup: Path, words: str) -> int:
    """Restore a backup to this PC, check every picture, and return how many there are.

    The vault is closed again: an operator signs in afterwards. Raises StationError:
    RECOVERY_KEY_*, BACKUP_DAMAGED (also if a picture in it is damaged), RESTORE_PLACE_TAKEN,
    VAULT_*.
    """
    with restore(backup, folder, parse_recovery_key(words)) as vault:
        report = check_vault(vault)
    if not report.ok:
        raise StationError(ErrorCode.BACKUP_DAMAGED, lost=len(report.lost))
    return len(report.whole)


def give_up(_vault: Vault, backup: Backup) -> None:
    """Remove everything that was written of a backup that is no longer wanted."""
    backup.drop()
