"""The items of a wipe under way: each has a method, and an outcome once it is known.

An outcome is "removed" only if the station removed the item itself. A crash between overwriting a
file and noting the outcome must not leave that open: the stage is noted in between. Runs in the
vault's thread.
"""

import logging
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dermstation.domain.copies import COPY_WORDS
from dermstation.domain.records import WipedItem
from dermstation.vault import columns
from dermstation.vault.connection import Database
from dermstation.vault.episode_files import EpisodeFiles
from dermstation.vault.episodes import Episodes
from dermstation.vault.tables import Table

log = logging.getLogger(__name__)

CAPTURE = "capture"
PACKAGE_FILE = "package file"
EPISODE_FILE = "episode file"
IDENTITY = "identity"
CARD_COPY = "picture on a memory card"
CARD_COMPANION = "other file of a picture on a memory card"
ROW_METHOD = "deleted from the index; the index key is changed after it"
_PICTURES = (CAPTURE, *COPY_WORDS.values())
_KEY_METHOD = "encryption key destroyed, encrypted file overwritten and deleted"
_NOT_FOUND_METHOD = "encryption key destroyed; encrypted file not found, not removed by the station"
_STAYS_METHOD = "encryption key destroyed; encrypted file could not be removed"
_COVERED_METHOD = "encryption key destroyed when the picture was covered"
_ON_CARD_METHOD = "not erased from the card by the station"
_MAY_BE_METHOD = "not erased from the card by the station; it may be of another shot"
_ITEMS = Table("wipe_items", WipedItem)


class WipeStage(StrEnum):
    """How far the removal of a file has come; stands for the method until the outcome is known."""

    WAITING = "overwritten and deleted"
    BEGUN = "found as it was made, overwriting begun"
    OVERWRITTEN = "overwritten, not deleted yet"


@dataclass(frozen=True, slots=True)
class ExportLeft:
    """An exported file that is not removed yet; `sha256` is None if it was never verified."""

    path: Path
    sha256: str | None
    stage: WipeStage


class WipeItems:
    """The table of items."""

    def __init__(self, database: Database, episodes: Episodes, files: EpisodeFiles) -> None:
        self._database = database
        self._episodes = episodes
        self._files = files

    def list(self, wipe_id: str, episode_id: str) -> None:
        """Note everything that a wipe must remove; belongs in the transaction that begins it."""
        self._list_exports(wipe_id, episode_id)
        self._list_card_copies(wipe_id, episode_id)
        self._list_companions(wipe_id, episode_id)
        captures = self._database.rows(
            "SELECT id, sha256, origin_id, derivation, wiped_at FROM captures"
            " WHERE episode_id = ? ORDER BY rowid",
            (episode_id,),
        )
        file_id = self._episodes.place(episode_id).file_id
        begun = self._database.values(
            "SELECT file_id FROM files_begun WHERE episode_id = ?", (episode_id,)
        )
        for one in (file_id, *begun):
            if (captures and one == file_id) or self._files.is_anywhere(one):
                self._add(wipe_id, EPISODE_FILE, one, None, WipeStage.WAITING)
        for capture in captures:
            copy = columns.to_derivation(capture["derivation"], capture["origin_id"])
            kind = CAPTURE if copy is None else COPY_WORDS[copy.kind]
            item = WipedItem(kind, capture["id"], capture["sha256"], _COVERED_METHOD, removed=True)
            if capture["wiped_at"] is not None:
                self.settle(wipe_id, item)
            else:
                self._add(wipe_id, kind, item.reference, item.sha256, WipeStage.WAITING)

    def all(self, wipe_id: str) -> tuple[WipedItem, ...]:
        """Return the items in the order in which they were noted."""
        return _ITEMS.find(self._database, "WHERE wipe_id = ? ORDER BY position", (wipe_id,))

    def count_left(self, wipe_id: str) -> int:
        """Count the items without an outcome, good or bad."""
        sql = "SELECT count(*) FROM wipe_items WHERE removed IS NULL AND wipe_id = ?"
        return int(self._database.value(sql, (wipe_id,)))

    def exports_left(self, wipe_id: str) -> tuple[ExportLeft, ...]:
        """List the exported files without an outcome."""
        rows = self._database.rows(
            "SELECT reference, sha256, method FROM wipe_items"
            " WHERE wipe_id = ? AND kind = ? AND removed IS NULL ORDER BY position",
            (wipe_id, PACKAGE_FILE),
        )
        return tuple(
            ExportLeft(Path(row["reference"]), row["sha256"], WipeStage(row["method"]))
            for row in rows
        )

    def note_stage(self, wipe_id: str, kind: str, reference: str, stage: WipeStage) -> None:
        """Note how far the removal of a file has come."""
        self._database.change(
            "UPDATE wipe_items SET method = ?"
            " WHERE wipe_id = ? AND kind = ? AND reference = ? AND removed IS NULL",
            (stage.value, wipe_id, kind, reference),
        )

    def settle(self, wipe_id: str, item: WipedItem) -> None:
        """Note an item's outcome; an item that was not listed is added."""
        self._add(wipe_id, item.kind, item.reference, item.sha256, item.method)
        self._database.change(
            "UPDATE wipe_items SET method = ?, removed = ?"
            " WHERE wipe_id = ? AND kind = ? AND reference = ?",
            (item.method, int(item.removed), wipe_id, item.kind, item.reference),
        )

    def remove_files(self, wipe_id: str) -> bool:
        """Remove the episode's files and note what became of them and of the pictures in them.

        Returns whether all of them were found and removed.
        """
        rows = self._database.rows(
            "SELECT reference, method FROM wipe_items"
            " WHERE wipe_id = ? AND kind = ? ORDER BY position",
            (wipe_id, EPISODE_FILE),
        )
        methods = [self._remove_file(wipe_id, row["reference"], row["method"]) for row in rows]
        with self._database.transaction():
            for row, method in zip(rows, methods, strict=True):
                removed = method == _KEY_METHOD
                item = WipedItem(EPISODE_FILE, row["reference"], None, method, removed)
                self.settle(wipe_id, item)
            if methods:  # the first is the file of the pictures; others were only begun
                self._database.change(
                    "UPDATE wipe_items SET method = ?, removed = ? WHERE wipe_id = ?"
                    " AND method <> ? AND kind IN (?, ?, ?)",
                    (methods[0], methods[0] == _KEY_METHOD, wipe_id, _COVERED_METHOD, *_PICTURES),
                )
        return all(method == _KEY_METHOD for method in methods)

    def _remove_file(self, wipe_id: str, file_id: str, noted: str) -> str:
        """Remove one file and return the method that is true of it."""
        try:
            is_found = self._files.overwrite(file_id)
            if is_found:
                with self._database.transaction():
                    self.note_stage(wipe_id, EPISODE_FILE, file_id, WipeStage.OVERWRITTEN)
            self._files.remove(file_id)
        except OSError as error:
            log.warning("wipe %s: an episode file stays (errno %s)", wipe_id, error.errno)
            return _STAYS_METHOD
        was_found = is_found or noted in (WipeStage.OVERWRITTEN, _KEY_METHOD)
        return _KEY_METHOD if was_found else _NOT_FOUND_METHOD

    def _list_exports(self, wipe_id: str, episode_id: str) -> None:
        for package in self._database.rows(
            "SELECT id, files FROM packages WHERE episode_id = ? ORDER BY rowid", (episode_id,)
        ):
            files = columns.to_package_files(package["files"])
            hashes = {one.name: one.sha256 for one in files}
            for path in self._database.values(
                "SELECT path FROM package_files WHERE package_id = ? ORDER BY rowid",
                (package["id"],),
            ):
                sha256 = hashes.get(Path(path).name)
                self._add(wipe_id, PACKAGE_FILE, path, sha256, WipeStage.WAITING)

    def _list_card_copies(self, wipe_id: str, episode_id: str) -> None:
        """Note what became of each imported picture on its card, without its name."""
        for copy in self._database.rows(
            "SELECT capture_id, sha256, method, removed FROM card_files WHERE episode_id = ?"
            " AND capture_id IN (SELECT id FROM captures) ORDER BY noted_at, rowid",
            (episode_id,),
        ):
            method, removed = copy["method"] or _ON_CARD_METHOD, bool(copy["removed"])
            item = WipedItem(CARD_COPY, copy["capture_id"], copy["sha256"], method, removed)
            self.settle(wipe_id, item)

    def _list_companions(self, wipe_id: str, episode_id: str) -> None:
        """Note what became of each companion on its card, without its name."""
        for number, one in enumerate(
            self._database.rows(
                "SELECT capture_id, is_certain, method, removed FROM card_companions"
                " WHERE episode_id = ? ORDER BY noted_at, rowid",
                (episode_id,),
            ),
            start=1,
        ):
            stays = _ON_CARD_METHOD if one["is_certain"] else _MAY_BE_METHOD
            method, removed = one["method"] or stays, bool(one["removed"])
            reference = f"{one['capture_id']}, file {number}"
            self.settle(wipe_id, WipedItem(CARD_COMPANION, reference, None, method, removed))

    def _add(
        self, wipe_id: str, kind: str, reference: str, sha256: str | None, method: str
    ) -> None:
        # two packages in one folder may share a file name: one file, one item
        self._database.change(
            "INSERT INTO wipe_items (wipe_id, position, kind, reference, sha256, method)"
            " SELECT ?, count(*), ?, ?, ?, ? FROM wipe_items WHERE wipe_id = ?"
            " ON CONFLICT DO NOTHING",
            (wipe_id, kind, reference, sha256, method, wipe_id),
        )
