"""Remove the exported files of a wipe, so that its certificate claims no more than was done.

All files are looked at, then overwritten, then unlinked, and their folders removed; after each of
the first two, and at the end, the vault notes how far it has come. So whatever a crash interrupts,
a file that is gone later is known to be one that the station overwrote, or one that somebody moved.
Runs on the vault's thread.
"""

import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import WipedItem
from dermstation.handover.removal import (
    BROWSER_FILES,
    KIND_FILE,
    METHOD_LINK,
    METHOD_MISSING,
    METHOD_OTHER,
    METHOD_OVERWRITTEN,
    Lying,
    folders_of,
    overwrite_file,
    place_of,
    stays,
    tidy_folder,
    unlink_file,
    what_lies,
)
from dermstation.vault.store import Vault
from dermstation.vault.wiping import ExportLeft, WipeStage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Seen:
    """An exported file, the place at which it was looked for, and what lies there."""

    export: ExportLeft
    place: Path
    lying: Lying

    @property
    def is_ours(self) -> bool:
        """Return whether it is the file that the station wrote, whole or already overwritten."""
        return self.lying is Lying.AS_MADE or self.export.stage is not WipeStage.WAITING

    def item(self) -> WipedItem:
        """Return the outcome, once nothing lies there any more."""
        reference, sha256 = str(self.export.path), self.export.sha256
        if self.lying is Lying.MISSING and self.export.stage is not WipeStage.OVERWRITTEN:
            return WipedItem(KIND_FILE, reference, sha256, METHOD_MISSING, removed=False)
        if self.lying is Lying.LINK:
            return WipedItem(KIND_FILE, reference, sha256, METHOD_LINK, removed=False)
        if not self.is_ours:
            return WipedItem(KIND_FILE, reference, sha256, METHOD_OTHER, removed=False)
        return WipedItem(KIND_FILE, reference, sha256, METHOD_OVERWRITTEN, removed=True)


def check_not_moved(vault: Vault, episode_id: str) -> None:
    """Look whether every exported file of an episode lies where it was written.

    Raises StationError PACKAGE_MOVED (`missing`, `names`): whoever moved them is asked first.
    """
    files = vault.packages.files_of_episode(episode_id)
    named = [path for path in files if path.name not in BROWSER_FILES]
    names = [path.name for path in named if not os.path.lexists(place_of(path))]
    if names:
        raise StationError(ErrorCode.PACKAGE_MOVED, missing=len(names), names=", ".join(names))


def clear_exports(vault: Vault, wipe_id: str) -> None:
    """Remove the files in the clear, and note each outcome.

    Raises StationError WIPE_INCOMPLETE (`left`) for files that stay: they keep the wipe open.
    """
    seen = [_look(one) for one in vault.wiping.exports_left(wipe_id)]
    folders = {one.export.path.parent: folders_of(one.export.path.parent) for one in seen}
    there = [one for one in seen if one.lying not in (Lying.MISSING, Lying.STUBBORN)]
    begun = [one.export.path for one in there if one.is_ours]
    vault.wiping.note_stage(wipe_id, begun, WipeStage.BEGUN)
    there = [one for one in there if overwrite_file(one.place)]
    done = [one.export.path for one in there if one.is_ours]
    vault.wiping.note_stage(wipe_id, done, WipeStage.OVERWRITTEN)
    gone = [one for one in there if unlink_file(one.place)]
    gone += [one for one in seen if one.lying is Lying.MISSING]
    left = len(seen) - len(gone)
    for folder, places in folders.items():
        of_folder = [one for one in gone if one.export.path.parent == folder]
        left += _close(vault, wipe_id, of_folder, places)
    if left:
        log.warning("wipe %s: %d files stay for now", wipe_id, left)
        raise StationError(ErrorCode.WIPE_INCOMPLETE, left=left)


def _close(vault: Vault, wipe_id: str, gone: Sequence[_Seen], places: Iterable[Path]) -> int:
    """Remove the folders that files are gone from, then note all of it in one commit.

    Returns how many files of a file browser stay. A folder is found again by a file of it whose
    outcome is not noted: so the folder comes first, and while something stays, one file waits.
    """
    items = [item for place in places for item in tidy_folder(place)]
    stay = sum(map(stays, items))
    noted = gone[1:] if stay else gone
    outcomes = [one.item() for one in noted] + [one for one in items if not stays(one)]
    vault.wiping.note(wipe_id, *outcomes)
    return stay


def _look(export: ExportLeft) -> _Seen:
    place = place_of(export.path)
    is_begun = export.stage is not WipeStage.WAITING  # its content need not be whole any more
    return _Seen(export, place, what_lies(place, None if is_begun else export.sha256))
