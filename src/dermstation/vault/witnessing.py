"""Compare an open vault with what the OS keystore remembers of its place. Runs in its thread."""

import logging
from contextlib import suppress

from dermstation.domain.errors import StationError
from dermstation.security.keystore import Keystore
from dermstation.security.witness import keep_witness, read_witness
from dermstation.vault.audit import Rollback
from dermstation.vault.store import Vault

log = logging.getLogger(__name__)


def ask_keystore(vault: Vault, keystore: Keystore | None) -> None:
    """Set `vault.rollback` if the keystore remembers a newer state, or another vault.

    Nobody is kept out by it: a keystore may be reset, or roam between PCs.
    """
    remembered = read_witness(keystore, vault.folder)
    found = vault.audit.compare_with_witness(remembered, vault.id)
    if vault.rollback is Rollback.NONE and found is not Rollback.NONE:
        vault.rollback = found
        log.warning("the keystore remembers another state of the vault: %s", found.value)


def tell_keystore(vault: Vault, keystore: Keystore | None) -> None:
    """Store the vault's present state in the keystore, and again when the vault is closed."""

    def tell() -> None:
        with suppress(StationError):  # the index cannot be read just now
            keep_witness(keystore, vault.folder, vault.audit.witness(vault.id))

    tell()
    vault.before_close.append(tell)
