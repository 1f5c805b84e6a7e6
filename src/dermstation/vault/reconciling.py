"""Compare the episode files with the index when the vault is opened, and say what is wrong.

A file of no episode is what a crash left of a wipe or of an episode's first moment: it goes, unless
the index is an older copy that was put back.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dermstation.security.disk import named_troubles
from dermstation.vault.captures import Captures
from dermstation.vault.connection import Database
from dermstation.vault.episode_files import EpisodeFiles

log = logging.getLogger(__name__)


class DamageKind(StrEnum):
    """What was found wrong when the vault was opened."""

    EPISODE_FILE_MISSING = "episode_file_missing"
    EPISODE_FILE_OLDER = "episode_file_older"  # it lacks captures, or cannot be read
    STRAY_FILE_STAYS = "stray_file_stays"
    FILE_KEPT_ASIDE = "file_kept_aside"  # the index, being an older copy, does not list it


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing wrong: an episode whose images are gone, or a file that no episode has."""

    kind: DamageKind
    reference: str


def reconciled(
    database: Database, files: EpisodeFiles, captures: Captures, *, is_newest: bool
) -> tuple[Damage, ...]:
    """Reconcile files and index as far as possible, and return what stays wrong.

    If the index `is_newest`, files that it does not list are removed; otherwise none. Raises
    StationError: VAULT_READ_ONLY, VAULT_WRITE_FAILED.
    """
    rows = database.rows(
        "SELECT id, file_id, id IN (SELECT episode_id FROM captures)"
        " AND id NOT IN (SELECT episode_id FROM wipes) AS is_needed FROM episodes"
    )
    damage = [
        found
        for row in rows
        if row["is_needed"]
        and (found := _damage_of(row["id"], row["file_id"], files, captures)) is not None
    ]
    damage += _strays(files, {row["file_id"] for row in rows}, is_newest=is_newest)
    damage += (Damage(DamageKind.FILE_KEPT_ASIDE, one) for one in files.ids_aside())
    if damage:
        log.warning("the vault opened with %d things wrong", len(damage))
    return tuple(damage)


def _damage_of(
    episode_id: str, file_id: str, files: EpisodeFiles, captures: Captures
) -> Damage | None:
    if not files.is_there(file_id):
        with named_troubles():
            is_back = files.bring_back(file_id)
        if not is_back:
            return Damage(DamageKind.EPISODE_FILE_MISSING, episode_id)
    if not captures.is_whole(episode_id):
        return Damage(DamageKind.EPISODE_FILE_OLDER, episode_id)
    return None


def _strays(files: EpisodeFiles, known: set[str], *, is_newest: bool) -> Iterator[Damage]:
    """Remove the files of no episode, or set them aside; give those that stay."""
    for file_id in files.file_ids():
        if file_id in known:
            continue
        try:
            if is_newest:
                files.remove(file_id)
            else:
                files.set_aside(file_id)
        except OSError:
            yield Damage(DamageKind.STRAY_FILE_STAYS, file_id)
