"""The wipe's journal: every local copy of an episode goes, step by step, and can be resumed.

`begin` destroys the episode's key; the workflow removes the exported files and notes each;
`remove_episode_file` and `finish` do the rest, and the vault changes its index key at the end
(a journal's tail would otherwise keep the destroyed key). Claims no more than was done: what
could not be removed stays in the certificate as not removed. Runs in the vault's thread.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Certificate, HandOver, WipedItem, new_id, now
from dermstation.domain.states import EpisodeEvent, advance
from dermstation.vault.audit import Audit
from dermstation.vault.certificates import Certificates
from dermstation.vault.condemned import CondemnedFiles
from dermstation.vault.connection import Database, Row
from dermstation.vault.episode_files import EpisodeFiles
from dermstation.vault.episodes import DESTROYED_KEY, Episodes
from dermstation.vault.patient_copies import PatientCopies
from dermstation.vault.tables import Table
from dermstation.vault.wipe_items import (
    CAPTURE,
    CARD_COMPANION,
    CARD_COPY,
    EPISODE_FILE,
    IDENTITY,
    PACKAGE_FILE,
    ROW_METHOD,
    ExportLeft,
    WipeItems,
    WipeStage,
)

__all__ = [
    "CAPTURE",
    "CARD_COMPANION",
    "CARD_COPY",
    "EPISODE_FILE",
    "IDENTITY",
    "PACKAGE_FILE",
    "ExportLeft",
    "PendingWipe",
    "WipeStage",
    "Wiping",
]

log = logging.getLogger(__name__)

_TABLES_OF_EPISODE = (
    "outgoing",
    "packages",
    "hand_overs",
    "card_files",
    "card_companions",
    "captures",
    "lesions",
)


@dataclass(frozen=True, slots=True)
class PendingWipe:
    """A wipe under way, with the exported files that must be removed before it can be finished."""

    id: str
    episode_id: str
    wiped_by: str
    reason: str
    hand_over: HandOver | None
    started_at: datetime
    files_left: tuple[Path, ...] = ()


_WIPES = Table("wipes", PendingWipe, apart=("files_left",))


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
        condemned: CondemnedFiles,
        copies: PatientCopies,
    ) -> None:
        self._database = database
        self._episodes = episodes
        self._certificates = certificates
        self._condemned = condemned
        self._items = WipeItems(database, episodes, files)
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
            self._items.list(wipe_id, episode_id)
            self._condemned.condemn(self._episodes.place(episode_id).file_id)
            self._condemned.condemn_begun(episode_id)
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
        left = tuple(one.path for one in self._items.exports_left(wipe_id))
        return _WIPES.read(row, files_left=left)

    def exports_left(self, wipe_id: str) -> tuple[ExportLeft, ...]:
        """List the exported files whose outcome is not noted yet. Raises LookupError."""
        self._begun(wipe_id)
        return self._items.exports_left(wipe_id)

    def note_stage(self, wipe_id: str, paths: Iterable[Path], stage: WipeStage) -> None:
        """Note how far the removal of exported files has come, in one commit."""
        self._begun(wipe_id)
        with self._database.transaction():
            for path in paths:
                self._items.note_stage(wipe_id, PACKAGE_FILE, str(path), stage)

    def note(self, wipe_id: str, *items: WipedItem) -> None:
        """Note the outcome for exported files, or for anything else, in one commit."""
        self._begun(wipe_id)
        with self._database.transaction():
            for item in items:
                self._items.settle(wipe_id, item)

    def remove_episode_file(self, wipe_id: str) -> bool:
        """Overwrite and unlink the episode's file; note, and return, whether that was done."""
        self._begun(wipe_id)
        return self._items.remove_files(wipe_id)

    def finish(self, wipe_id: str) -> Certificate:
        """Remove the rows and store the certificate, in one commit; the rotation comes after.

        The patient goes too when no other episode needs the record. Raises StationError
        WIPE_INCOMPLETE (`left`) while an item has no outcome noted, good or bad; LookupError.
        """
        with self._database.transaction():
            pending = self.get(wipe_id)
            if left := self._items.count_left(wipe_id):
                raise StationError(ErrorCode.WIPE_INCOMPLETE, left=left)
            given = self._copies.of_episode(pending.episode_id)
            identity = self._remove_rows(pending.episode_id)
            certificate = Certificate(
                id=wipe_id,
                episode_id=pending.episode_id,
                items=(*self._items.all(wipe_id), *identity),
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

    def _remove_rows(self, episode_id: str) -> tuple[WipedItem, ...]:
        """Remove an episode's rows, and the patient's when it was the last one."""
        patient_id = self._episodes.get(episode_id).patient_id
        self._database.change(
            "DELETE FROM drafts WHERE episode_id = ? OR instr(key, ?)", (episode_id, episode_id)
        )
        for table in _TABLES_OF_EPISODE:
            self._database.change(
                f"DELETE FROM {table} WHERE episode_id = ?",  # noqa: S608 - names from above
                (episode_id,),
            )
        self._database.change("DELETE FROM episodes WHERE id = ?", (episode_id,))
        if self._episodes.of_patient(patient_id):
            return ()
        self._database.change("DELETE FROM drafts WHERE instr(key, ?)", (patient_id,))
        self._database.change("DELETE FROM patients WHERE id = ?", (patient_id,))
        return (WipedItem(IDENTITY, patient_id, None, ROW_METHOD, removed=True),)
