"""Compare the episode files with the index when the vault is opened, and report what is wrong.

Only a file that the index condemned is removed. Any other file that it does not list is set aside
whole, as a newer index, or another vault's, may list it; it comes back with that index.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dermstation.vault.captures import Captures
from dermstation.vault.condemned import CondemnedFiles
from dermstation.vault.connection import Database
from dermstation.vault.episode_files import EpisodeFiles, file_id_of

log = logging.getLogger(__name__)


class DamageKind(StrEnum):
    """The kinds of what may be found wrong when the vault is opened."""

    EPISODE_FILE_MISSING = "episode_file_missing"
    EPISODE_FILE_OLDER = "episode_file_older"  # it lacks captures, or cannot be read
    STRAY_FILE_STAYS = "stray_file_stays"
    FILE_KEPT_ASIDE = "file_kept_aside"  # it may hold pictures that this index does not list


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing wrong: an episode whose images are gone, or a file that no episode has."""

    kind: DamageKind
    reference: str


def reconciled(
    database: Database, files: EpisodeFiles, captures: Captures, condemned: CondemnedFiles
) -> tuple[Damage, ...]:
    """Reconcile files and index as far as possible, and return what stays wrong.

    A file that cannot be moved or removed just now is reported, and keeps nobody out. Raises
    StationError: VAULT_READ_ONLY, VAULT_WRITE_FAILED if the folder cannot be read.
    """
    rows = database.rows(
        "SELECT id, file_id, id IN (SELECT episode_id FROM captures)"
        " AND id NOT IN (SELECT episode_id FROM wipes) AS is_needed FROM episodes"
    )
    needed = {row["file_id"]: row["id"] for row in rows if row["is_needed"]}
    damage = [
        found
        for file_id, episode_id in needed.items()
        if (found := _damage_of(episode_id, file_id, files, captures)) is not None
    ]
    damage += _strays(files, {row["file_id"] for row in rows}, condemned.ids())
    damage += _aside(files, captures, needed, condemned.begun())
    if damage:
        log.warning("the vault opened with %d things wrong", len(damage))
    return tuple(damage)


def _damage_of(
    episode_id: str, file_id: str, files: EpisodeFiles, captures: Captures
) -> Damage | None:
    is_there = files.is_there(file_id)
    if is_there and captures.is_whole(episode_id):
        return None
    aside = files.aside_of(file_id)
    whole = [name for name in aside if captures.is_whole_aside(episode_id, name)]
    try:
        if whole or (aside and not is_there):
            files.bring_back((whole or aside)[0], file_id)
            is_there = True
    except OSError as error:
        log.warning("a file that was set aside stays there (errno %s)", error.errno)
    if not is_there:
        return Damage(DamageKind.EPISODE_FILE_MISSING, episode_id)
    if not captures.is_whole(episode_id):
        return Damage(DamageKind.EPISODE_FILE_OLDER, episode_id)
    return None


def _strays(files: EpisodeFiles, known: set[str], condemned: frozenset[str]) -> Iterator[Damage]:
    """Remove the condemned files, set the unknown ones aside, and yield those that stay."""
    aside = {file_id_of(name) for name in files.ids_aside()}
    for file_id in sorted({*files.file_ids(), *aside & condemned} - known):
        try:
            if file_id in condemned:
                files.remove(file_id)
            else:
                files.set_aside(file_id)
        except OSError:
            yield Damage(DamageKind.STRAY_FILE_STAYS, file_id)


def _aside(
    files: EpisodeFiles, captures: Captures, needed: dict[str, str], begun: frozenset[str]
) -> Iterator[Damage]:
    """Yield the files set aside that may hold what this index does not list.

    Not among them: what a crash left of a file that was never finished, and an older copy of a
    file that is in its place.
    """
    for name in files.ids_aside():
        file_id = file_id_of(name)
        is_known = file_id in needed and captures.knows_all_of(needed[file_id], name)
        if not is_known and file_id not in begun:
            yield Damage(DamageKind.FILE_KEPT_ASIDE, name)
