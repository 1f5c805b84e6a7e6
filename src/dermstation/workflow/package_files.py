"""The files of a package that was made: what the vault knows of them, and their removal.

Runs on the vault's thread. A sign-in looks for what a crash left, so this does without the
libraries that make a package.
"""

import logging
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Package
from dermstation.domain.rights import Right, require
from dermstation.domain.states import EpisodeEvent
from dermstation.handover.file_types import SEALED_PDF
from dermstation.handover.removal import PART_SUFFIX, remove_package, stays
from dermstation.vault.store import Vault
from dermstation.workflow.clearing import check_not_moved
from dermstation.workflow.viewing import view_of
from dermstation.workflow.walk import EpisodeView

log = logging.getLogger(__name__)


def deadline_of(package: Package, hours: int) -> datetime:
    """Return the time until which a package's files may stay unencrypted."""
    return package.created_at + timedelta(hours=hours)


def lies_in_the_clear(package: Package) -> bool:
    """Return whether any file of a package is unencrypted."""
    return any(file.media_type != SEALED_PDF for file in package.files)


def half_written(vault: Vault) -> tuple[Package, ...]:
    """List the packages that were begun but never verified."""
    return vault.packages.half_written()


def files_there(vault: Vault, package_id: str) -> int:
    """Count the journalled files of a package that are on the disk now."""
    return sum(
        os.path.lexists(place)
        for file in vault.packages.files(package_id)
        for place in (file, _part(file))
    )


def by_folder(files: Iterable[Path]) -> dict[Path, list[str]]:
    """Group journalled files by folder, with the names in each."""
    folders: dict[Path, list[str]] = {}
    for file in files:
        folders.setdefault(file.parent, []).append(file.name)
    return folders


def withdraw_package(
    vault: Vault, operator: Operator, episode_id: str, *, moved_is_known: bool = False
) -> EpisodeView:
    """Remove the package's files and go back to the summary.

    Raises StationError RIGHT_MISSING; PACKAGE_MOVED for a file that is gone, unless
    `moved_is_known`; WIPE_INCOMPLETE while a file cannot be removed (it stays journalled, and the
    package can be withdrawn again); STEP_NOT_ALLOWED if it is already withdrawn.
    """
    require(operator, Right.COMPLETE)
    package = view_of(vault, episode_id).package
    if package is not None:
        if not moved_is_known:
            check_not_moved(vault, episode_id)
        try:
            _remove(vault, package.id)
        except StationError as trouble:
            raise StationError(trouble.code, **trouble.facts, step="withdraw") from None
    with vault.transaction():
        vault.episodes.change_state(episode_id, EpisodeEvent.PACKAGE_WITHDRAWN)
        vault.set_scores.forget(episode_id)
        vault.outgoing.withdraw(episode_id)
    return view_of(vault, episode_id)


def remove_half_written(vault: Vault) -> int:
    """Remove the packages that a crash interrupted; return how many files stay for now."""
    return sum(removed_or_left(vault, package.id) for package in half_written(vault))


def removed_or_left(vault: Vault, package_id: str) -> int:
    """Remove a package and return how many files stay; those are journalled for the next start."""
    try:
        _remove(vault, package_id)
    except StationError as trouble:
        log.warning("a package was not removed: %s", trouble.code.value)
        return int(str(trouble.facts.get("left", 1)))
    return 0


def _remove(vault: Vault, package_id: str) -> None:
    folders = by_folder(vault.packages.files(package_id))
    items = {folder: remove_package(names, folder) for folder, names in folders.items()}
    left = {
        folder / Path(item.reference).name
        for folder, found in items.items()
        for item in found
        if stays(item)
    }
    if left:
        for path in left:  # also one of a file browser: it is looked for again
            vault.packages.note_file(package_id, path)
        with vault.transaction():  # what is removed already is not missed later
            for folder, found in items.items():
                for item in found:
                    if item.removed:
                        vault.packages.forget_file(package_id, folder / Path(item.reference).name)
        raise StationError(ErrorCode.WIPE_INCOMPLETE, left=len(left))
    vault.packages.drop(package_id)


def final_place(path: Path) -> Path:
    """Return a file's path in the finished package; `remove_package` looks in both places."""
    return path.parent.with_name(path.parent.name.removesuffix(PART_SUFFIX)) / path.name


def _part(file: Path) -> Path:
    """Return a file's path while the package is being written."""
    return file.parent.with_name(file.parent.name + PART_SUFFIX) / file.name
