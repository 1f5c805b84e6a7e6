"""First-run set-up: keys and an empty vault, made beside the place and renamed into it.

A crash before the rename leaves nothing that looks like a vault. Runs in the vault's thread.
"""

from contextlib import suppress
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.files import make_folder, remove_folder, remove_tree, sync_folder, take_name
from dermstation.security.accounts import set_up_keys
from dermstation.security.disk import named_troubles
from dermstation.security.kdf import DEFAULT_KDF, KdfParameters
from dermstation.security.keystore import Keystore
from dermstation.security.recovery import RecoveryKey
from dermstation.security.slots import IndexKeys
from dermstation.vault.store import EPISODES_FOLDER, Vault


def is_set_up(folder: Path) -> bool:
    """Return whether anything is at the vault's place; a damaged vault is not overwritten."""
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def set_up(
    folder: Path,
    operator: Operator,
    secret: str,
    *,
    keystore: Keystore | None,
    recovery: RecoveryKey | None = None,
    kdf: KdfParameters = DEFAULT_KDF,
) -> tuple[Vault, RecoveryKey]:
    """Make a vault with its first operator, and return it open, with the recovery key.

    Pass a `recovery` key that was shown and typed back beforehand, so that no vault ever exists
    whose recovery key nobody has written down. Raises StationError: VAULT_EXISTS, SECRET_WEAK,
    KEYSTORE_FAILED, NAME_EMPTY, NAME_TOO_LONG, CIPHER_MISSING, and the errors of a write.
    """
    if is_set_up(folder):
        raise StationError(ErrorCode.VAULT_EXISTS)
    new_folder = folder.with_name(f"{folder.name}.new")
    with named_troubles():
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_tree(new_folder)  # of a set-up that was cut off
        make_folder(new_folder)
    try:
        keys, recovery = set_up_keys(
            new_folder, operator, secret, keystore=keystore, recovery=recovery, kdf=kdf
        )
        _make_vault(new_folder, keys, operator)
        with named_troubles():
            if folder.exists():
                remove_folder(folder)  # empty, as checked; Windows renames onto nothing
            take_name(new_folder, folder)
            sync_folder(folder.parent)
    except BaseException:
        with suppress(OSError):
            remove_tree(new_folder)
        raise
    vault = Vault.open(folder, keys)
    keys.forget()
    return vault, recovery


def _make_vault(folder: Path, keys: IndexKeys, operator: Operator) -> None:
    with Vault.create(folder, keys) as vault:
        vault.operators.save(operator)
    with named_troubles():
        sync_folder(folder / EPISODES_FOLDER)
        sync_folder(folder)


def _remove_tree(folder: Path) -> None:
    if folder.exists():
        remove_tree(folder)
