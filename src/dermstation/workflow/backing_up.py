"""A backup from inside the station, step by step. Runs on the vault's thread."""

from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.security.keystore import Keystore
from dermstation.security.recovery import parse_recovery_key
from dermstation.security.witness import read_witness
from dermstation.vault.backup import Backup, BackupProgress
from dermstation.vault.checking import check_vault
from dermstation.vault.restore import BackupStanding, restore, standing_of
from dermstation.vault.store import Vault

__all__ = [
    "Backup",
    "BackupProgress",
    "BackupStanding",
    "Restored",
    "begin",
    "give_up",
    "go_on",
    "restore_station",
]


@dataclass(frozen=True, slots=True)
class Restored:
    """The number of pictures that came back, and how the backup compares with the store before."""

    pictures: int
    standing: BackupStanding


def begin(vault: Vault, operator: Operator, folder: Path) -> Backup:
    """Begin a backup into `folder`. Raises StationError: RIGHT_MISSING, BACKUP_FAILED, VAULT_*."""
    require(operator, Right.ADMINISTER)
    return Backup(vault, folder)


def go_on(_vault: Vault, backup: Backup) -> BackupProgress:
    """Take one step. Raises StationError BACKUP_FAILED."""
    return backup.step()


def restore_station(
    folder: Path, backup: Path, words: str, *, keystore: Keystore | None
) -> Restored:
    """Restore a backup to this PC and check every picture.

    The vault is closed again: an operator signs in afterwards. Raises StationError:
    RECOVERY_KEY_*, BACKUP_DAMAGED (also if a picture in it is damaged), RESTORE_PLACE_TAKEN,
    VAULT_*.
    """
    with restore(backup, folder, parse_recovery_key(words)) as vault:
        report = check_vault(vault)
        standing = standing_of(vault, backup, read_witness(keystore, folder))
    if not report.ok:
        raise StationError(ErrorCode.BACKUP_DAMAGED, lost=len(report.lost))
    return Restored(len(report.whole), standing)


def give_up(_vault: Vault, backup: Backup) -> None:
    """Remove everything that was written of a backup that is no longer wanted."""
    backup.drop()
