"""Remove the whole store from a PC that is taken out of use.

First the store loses its name, so that from then on there is none; then its keys are overwritten,
without which nobody can read what a disk may still hold; then every file. Whatever cuts this off,
the same command goes on with it.
"""

from dataclasses import dataclass

from dermstation.archive.connection import access_of
from dermstation.archive.token import drop_token
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import shred
from dermstation.paths import StationPaths
from dermstation.plain_files import is_plain
from dermstation.security.keyfile import KEY_FILES
from dermstation.security.keystore import Keystore
from dermstation.security.pepper import drop_pepper
from dermstation.security.witness import drop_witness
from dermstation.settings_file import load_settings
from dermstation.vault.moving import give_up_place, moved_place, wipe_folder
from dermstation.vault.setup import is_set_up
from dermstation.vault.store import Vault
from dermstation.workflow.package_files import files_there, half_written


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed: the files of the store, and the other files of the station."""

    store_files: int
    other_files: int


def check_removable(vault: Vault, unfinished: int) -> None:
    """Refuse to remove a store in which more is left than the caller knows.

    `unfinished` is how many episodes may be lost. Raises StationError STORE_NOT_EMPTY.
    """
    episodes = vault.episodes.count_unfinished()
    packages = (*vault.packages.verified(), *half_written(vault))
    open_files = sum(files_there(vault, one.id) for one in packages)
    open_files += len(vault.wiping.pending())
    if episodes != unfinished or open_files:
        raise StationError(ErrorCode.STORE_NOT_EMPTY, episodes=episodes, files=open_files)


def remove_store(vault: Vault, paths: StationPaths, keystore: Keystore | None) -> Removed:
    """Close the vault and remove everything that the station keeps but its logs.

    Raises OSError; what is left is then removed by `go_on`.
    """
    peppers = [one.pepper_name for one in vault.key_files.content.slots if one.pepper_name]
    vault.close()
    give_up_place(paths.vault)
    for name in peppers:
        drop_pepper(keystore, name)
    drop_witness(keystore, paths.vault)
    drop_token(keystore, access_of(load_settings(paths.settings)).address)
    return _removed(paths)


def go_on(paths: StationPaths) -> Removed | None:
    """Finish a removal that was cut off; return None if there was none. Raises OSError."""
    if is_set_up(paths.vault) or not moved_place(paths.vault).exists():
        return None
    return _removed(paths)


def _removed(paths: StationPaths) -> Removed:
    place = moved_place(paths.vault)
    keys = [place / name for name in KEY_FILES]
    there = sum(map(is_plain, keys))
    for key in keys:
        shred(key)
    others = (paths.held, paths.settings, paths.cameras, paths.scales, paths.occupant)
    beside = [one for one in others if is_plain(one)]
    for file in beside:
        shred(file)
    # the last one holds what the record system named and nobody has taken up yet
    folders = (paths.keystore, paths.packages, paths.incoming)
    count = len(beside) + sum(map(wipe_folder, folders))
    return Removed(there + wipe_folder(place), count)
