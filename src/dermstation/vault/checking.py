"""Check the index page by page, and every capture byte by byte.

Changes nothing. Runs in the vault's thread.
"""

from dataclasses import dataclass

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.vault.reconciling import Damage
from dermstation.vault.store import Vault

_LOST = {
    ErrorCode.CAPTURE_CHANGED,
    ErrorCode.EPISODE_FILE_MISSING,
    ErrorCode.VAULT_DAMAGED,
}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Captures that are whole, captures that are lost, and what else is wrong; ids only."""

    whole: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    damage: tuple[Damage, ...] = ()
    index_pages: tuple[str, ...] = ()  # what the index's own check says
    key_files_agree: bool = True  # as they were found; one that is not right is written again

    @property
    def ok(self) -> bool:
        """Return whether nothing is wrong."""
        return self.key_files_agree and not (self.lost or self.damage or self.index_pages)


def check_vault(vault: Vault) -> CheckReport:
    """Read every page of the index and every capture's bytes, and check their hashes.

    Takes about 5 s for each GB. Raises StationError VAULT_DAMAGED if the index cannot be read.
    """
    whole, lost = [], []
    for capture_id in vault.captures.ids_to_check():
        try:
            vault.captures.check(capture_id)
        except StationError as error:
            if error.code not in _LOST:
                raise
            lost.append(capture_id)
        else:
            whole.append(capture_id)
    return CheckReport(
        tuple(whole), tuple(lost), vault.damage, vault.index_complaints(), vault.key_files.agreed
    )
