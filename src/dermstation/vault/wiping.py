"""The wipe's journal: every local copy of an episode goes, step by step, and can be resumed.

`begin` destroys the episode's key; the workflow removes the exported files and notes each;
`remove_episode_file` and `finish` do the rest, and the vault changes its index key at the end
(a journal's tail would otherwise keep the destroyed key). Claims no more than was done: what
could not be removed stays in the certificate as not removed. Runs in the vault's thread.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dermstation.domain.audit import AuditEvent
from dermstation.domain.copies import COPY_WORDS
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Certificate, HandOver, WipedItem, new_id, now
from dermstation.domain.states import EpisodeEvent, advance
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.certificates import Certificates
from dermstation.vault.connection import Database, Row
from dermstation.vault.episode_files import EpisodeFiles
from dermstation.vault.episodes import DESTROYED_KEY, Episodes
from dermstation.vault.patient_copies import PatientCopies
from dermstation.vault.tables import Table

log = logging.getLogger(__name__)

CAPTURE = "capture"
PACKAGE_FILE = "package file"
EPISODE_FILE = "episode file"
IDENTITY = "identity"
CARD_COPY = "picture on a memory card"
_PICTURES = (CAPTURE, *COPY_WORDS.values())
_KEY_METHOD = "encryption key destroyed, encrypted file overwritten and deleted"
_FILE_METHOD = "overwritten and deleted"
_COVERED_METHOD = "encryption key destroyed when the picture was covered"
_ON_CARD_METHOD = "not erased from the card by the station"
_ROW_METHOD = "deleted from the index, index key changed"


@dataclass(frozen=True, slots=True)
class PendingWipe:
    """A wipe under way: what the workflow has to remove and note before it can be finished."""

    id: str
    episode_id: str
    wiped_by: str
    reason: str
    hand_over: HandOver | None
    started_at: datetime
    files_left: tuple[Path, ...] = ()


_WIPES = Table("wipes", PendingWipe, apart=("files_left",))
_ITEMS = Table("wipe_items", WipedItem)


class Wiping:
    """The journal of wipes."""

    def __init__(
        self,
        database: Database,
        episodes: Episodes,
        certificates: Certificates,
        files: EpisodeFiles,
        audit: Audit,
        *,
        copies: PatientCopies,
    ) -> None:
        self._database = database
        self._episodes = episodes
        self._certificates = certificates
        self._files = files
        self._audit = audit
        self._copies = copies

    def begin(
        self, episode_id: str, *, wiped_by: str, hand_over: HandOver | None, reason: str
    ) -> PendingWipe:
        """Destroy the episode's key and record everything to be removed, in one commit.

        From here on the images are unreadable and the wipe cannot be undone. A wipe begun
        earlier is returned as it is. Raises StationError STEP_NOT_ALLOWED unless the episode is
        handed over or abandoned; LookupError.
        """
        with self._database.transaction():
            sql = "SELECT id FROM wipes WHERE episode_id = ?"
            known = self._database.value(sql, (episode_id,))
            if known is not None:
                return self.get(known)
            advance(self._episodes.get(episode_id).state, EpisodeEvent.WIPED)
            wipe_id = new_id()
            wipe = PendingWipe(wipe_id, episode_id, wiped_by, reason, hand_over, now())
            _WIPES.insert(self._database, wipe, stage="begun")
            self._list_items(wipe_id, episode_id)
            self._database.change(
                "UPDATE episodes SET file_key = ? WHERE id = ?", (DESTROYED_KEY, episode_id)
            )
            self._audit.append(
                AuditEvent.WIPE_BEGUN,
                operator_id=wiped_by,
                episode_id=episode_id,
                subject=wipe_id,
                reason=reason,
            )
            pending = self.get(wipe_id)
        log.info("wipe %s of episode %s begun", wipe_id, episode_id)
        return pending

    def pending(self) -> tuple[PendingWipe, ...]:
        """List the wipes that are not finished, oldest first."""
        begun = self._database.values(
            "SELECT id FROM wipes WHERE stage = 'begun' ORDER BY started_at, rowid"
        )
        return tuple(map(self.get, begun))

    def get(self, wipe_id: str) -> PendingWipe:
        """Return a wipe under way. Raises LookupError."""
        row = self._begun(wipe_id)
        left = self._database.values(
            "SELECT reference FROM wipe_items"
            " WHERE wipe_id = ? AND kind = ? AND removed IS NULL ORDER BY position",
            (wipe_id, PACKAGE_FILE),
        )
        return _WIPES.read(row, files_left=tuple(map(Path, left)))

    def note(self, wipe_id: str, item: WipedItem) -> None:
        """Write down what became of an exported file, or of anything else that was removed."""
        self._begun(wipe_id)
        with self._database.transaction():
            changed = self._database.change(
                "UPDATE wipe_items SET method = ?, removed = ?"
                " WHERE wipe_id = ? AND kind = ? AND reference = ?",
                (item.method, int(item.removed), wipe_id, item.kind, item.reference),
            )
            if not changed:
                self._add_item(wipe_id, item.kind, item.reference, item.sha256, item.method)
                self.note(wipe_id, item)

    def remove_episode_file(self, wipe_id: str) -> bool:
        """Overwrite and unlink the episode's file; tell, and write down, whether that worked."""
        self._begun(wipe_id)
        file_id = self._database.value(
            "SELECT reference FROM wipe_items WHERE wipe_id = ? AND kind = ?",
            (wipe_id, EPISODE_FILE),
        )
        if file_id is None:
            return True  # nothing was ever captured
        try:
            self._files.remove(file_id)
        except OSError as error:
            log.warning("wipe %s: an episode file stays (errno %s)", wipe_id, error.errno)
            removed = False
        else:
            removed = True
        with self._database.transaction():
            self._database.change(
                "UPDATE wipe_items SET removed = ? WHERE wipe_id = ? AND method <> ?"
                " AND kind IN (?, ?, ?, ?)",
                (int(removed), wipe_id, _COVERED_METHOD, EPISODE_FILE, *_PICTURES),
            )
        return removed

    def finish(self, wipe_id: str) -> Certificate:
        """Remove the rows and store the certificate, in one commit; the rotation comes after.

        The patient goes too when no other episode needs the record. Raises StationError
        WIPE_INCOMPLETE (`left`) while an item has no outcome noted, good or bad; LookupError.
        """
        with self._database.transaction():
            pending = self.get(wipe_id)
            sql = "SELECT count(*) FROM wipe_items WHERE removed IS NULL AND wipe_id = ?"
            left = int(self._database.value(sql, (wipe_id,)))
            if left:
                raise StationError(ErrorCode.WIPE_INCOMPLETE, left=left)
            given = self._copies.of_episode(pending.episode_id)
            identity = self._remove_rows(pending.episode_id)
            certificate = Certificate(
                id=wipe_id,
                episode_id=pending.episode_id,
                items=(*self._items(wipe_id), *identity),
                hand_over=pending.hand_over,
                started_at=pending.started_at,
                finished_at=now(),
                wiped_by=pending.wiped_by,
                reason=pending.reason,
                given_copies=given,
            )
            self._certificates.save(certificate)
            self._database.change("DELETE FROM wipe_items WHERE wipe_id = ?", (wipe_id,))
            self._database.change("UPDATE wipes SET stage = 'rotating' WHERE id = ?", (wipe_id,))
            self._audit.append(
                AuditEvent.WIPED,
                operator_id=pending.wiped_by,
                episode_id=pending.episode_id,
                subject=wipe_id,
                items=len(certificate.items),
                complete=certificate.complete,
            )
        log.info("wipe %s finished, complete: %s", wipe_id, certificate.complete)
        return certificate

    def is_rotation_due(self) -> bool:
        """Return whether a finished wipe still waits for the change of the index key."""
        return self._database.row("SELECT 1 FROM wipes WHERE stage = 'rotating'") is not None

    def rotation_done(self) -> None:
        """Forget the wipes that waited for the change of the index key."""
        with self._database.transaction():
            self._database.change("DELETE FROM wipes WHERE stage = 'rotating'")

    def _begun(self, wipe_id: str) -> Row:
        sql = f"{_WIPES.select()} WHERE id = ? AND stage = 'begun'"
        row = self._database.row(sql, (wipe_id,))
        if row is None:
            raise LookupError("no such wipe under way")
        return row

    def _list_items(self, wipe_id: str, episode_id: str) -> None:
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
                self._add_item(wipe_id, PACKAGE_FILE, path, sha256, _FILE_METHOD)
        self._list_card_copies(wipe_id, episode_id)
        captures = self._database.rows(
            "SELECT id, sha256, origin_id, derivation, wiped_at FROM captures"
            " WHERE episode_id = ? ORDER BY rowid",
            (episode_id,),
        )
        file_id = self._episodes.place(episode_id).file_id
        if captures or self._files.is_there(file_id):
            self._add_item(wipe_id, EPISODE_FILE, file_id, None, _KEY_METHOD)
        for capture in captures:
            copy = columns.to_derivation(capture["derivation"], capture["origin_id"])
            kind = CAPTURE if copy is None else COPY_WORDS[copy.kind]
            is_wiped = capture["wiped_at"] is not None
            method = _COVERED_METHOD if is_wiped else _KEY_METHOD
            self._add_item(wipe_id, kind, capture["id"], capture["sha256"], method)
            if is_wiped:
                self._settle(wipe_id, kind, capture["id"], removed=True)

    def _list_card_copies(self, wipe_id: str, episode_id: str) -> None:
        """Record what became of each imported picture on its card, without its name."""
        for copy in self._database.rows(
            "SELECT capture_id, sha256, method, removed FROM card_files WHERE episode_id = ?"
            " AND capture_id IN (SELECT id FROM captures) ORDER BY noted_at, rowid",
            (episode_id,),
        ):
            capture_id, method = copy["capture_id"], copy["method"] or _ON_CARD_METHOD
            self._add_item(wipe_id, CARD_COPY, capture_id, copy["sha256"], method)
            self._settle(wipe_id, CARD_COPY, capture_id, removed=bool(copy["removed"]))

    def _settle(self, wipe_id: str, kind: str, reference: str, *, removed: bool) -> None:
        """Write down what became of an item before this wipe."""
        self._database.change(
            "UPDATE wipe_items SET removed = ? WHERE wipe_id = ? AND kind = ? AND reference = ?",
            (int(removed), wipe_id, kind, reference),
        )

    def _add_item(
        self, wipe_id: str, kind: str, reference: str, sha256: str | None, method: str
    ) -> None:
        # two packages in one folder may share a file name: one file, one item
        self._database.change(
            "INSERT INTO wipe_items (wipe_id, position, kind, reference, sha256, method)"
            " SELECT ?, count(*), ?, ?, ?, ? FROM wipe_items WHERE wipe_id = ?"
            " ON CONFLICT DO NOTHING",
            (wipe_id, kind, reference, sha256, method, wipe_id),
        )

    def _items(self, wipe_id: str) -> tuple[WipedItem, ...]:
        return _ITEMS.find(self._database, "WHERE wipe_id = ? ORDER BY position", (wipe_id,))

    def _remove_rows(self, episode_id: str) -> tuple[WipedItem, ...]:
        """Remove an episode's rows, and the patient's when it was the last one."""
        patient_id = self._episodes.get(episode_id).patient_id
        self._database.change(
            "DELETE FROM drafts WHERE episode_id = ? OR instr(key, ?)", (episode_id, episode_id)
        )
        for table in ("packages", "hand_overs", "card_files", "captures", "lesions"):
            self._database.change(
                f"DELETE FROM {table} WHERE episode_id = ?",  # noqa: S608 - names from above
                (episode_id,),
            )
        self._database.change("DELETE FROM episodes WHERE id = ?", (episode_id,))
        if self._episodes.of_patient(patient_id):
            return ()
        self._database.change("DELETE FROM drafts WHERE instr(key, ?)", (patient_id,))
        self._database.change("DELETE FROM patients WHERE id = ?", (patient_id,))
        return (WipedItem(IDENTITY, patient_id, None, _ROW_METHOD, removed=True),)
