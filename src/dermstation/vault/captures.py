"""The captures: bytes in the episode's file first, then the row.

Never edited, but for the note of which way up they are, and never removed but by a wipe. Runs in
the vault's thread.
"""

import hashlib
import logging
from collections.abc import Collection, Iterable
from typing import Any

from dermstation.domain.audit import AuditEvent
from dermstation.domain.copies import CopyKind
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Capture
from dermstation.security.disk import named_troubles
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database, Row
from dermstation.vault.episode_files import EpisodeFiles, EpisodePlace
from dermstation.vault.episodes import Episodes
from dermstation.vault.tables import Table, insert, or_update

log = logging.getLogger(__name__)

_CAPTURES = Table("captures", Capture, apart=("derivation",))
_SELECT = _CAPTURES.select("origin_id", "derivation")
_COPY_EVENTS = {
    CopyKind.MARKED: AuditEvent.COPY_MARKED,
    CopyKind.COVERED: AuditEvent.COPY_COVERED,
}
_FIRST_SAVED_FIRST = "ORDER BY rowid"


class Captures:
    """The table of captures and the images behind it."""

    def __init__(
        self, database: Database, episodes: Episodes, files: EpisodeFiles, audit: Audit
    ) -> None:
        self._database = database
        self._episodes = episodes
        self._files = files
        self._audit = audit

    def save(self, capture: Capture, image: bytes) -> None:
        """Store a capture; image and row are on the disk when this returns.

        After an error it may be saved again unchanged: the same capture saved twice is one capture.
        Raises StationError: CAPTURE_CHANGED (bytes and record, or bytes and an earlier capture
        of this id, differ), STEP_NOT_ALLOWED (the episode is being wiped),
        EPISODE_FILE_MISSING, VAULT_DISK_FULL, VAULT_READ_ONLY, VAULT_WRITE_FAILED.
        """
        if self._database.in_transaction:
            raise RuntimeError("a capture inside a transaction would not be saved on return")
        _check(capture, image)
        known = self._database.value("SELECT sha256 FROM captures WHERE id = ?", (capture.id,))
        if known is not None and known != capture.sha256:
            raise StationError(ErrorCode.CAPTURE_CHANGED, saved_before=True)
        place = self._episodes.place(capture.episode_id)
        is_first = not self._has_any(capture.episode_id)
        self._files.put(place, capture.id, image, may_create=is_first)
        with named_troubles():
            mark = self._files.mark(place.file_id)
        # whoever waits for "saved" does not wait for the key files: `Vault.settle` tells them
        with self._audit.anchored_later(), self._database.transaction():
            # written anew even when known: an earlier commit that failed may not be on the disk
            self._database.change("DELETE FROM captures WHERE id = ?", (capture.id,))
            self._add(capture)
            self._save_mark(capture.episode_id, mark)
            if known is None:
                self._record(capture)

    def get(self, capture_id: str) -> Capture:
        """Return a capture's record. Raises LookupError."""
        row = self._database.row(f"{_SELECT} WHERE id = ?", (capture_id,))
        if row is None:
            raise LookupError("no such capture")
        return _capture(row)

    def image(self, capture_id: str) -> bytes:
        """Return a capture's bytes, hashed anew.

        Raises StationError: CAPTURE_CHANGED (the bytes are not those saved, cannot be read or
        are gone), ORIGINAL_WIPED, EPISODE_FILE_MISSING, STEP_NOT_ALLOWED (being wiped);
        LookupError.
        """
        capture = self.get(capture_id)
        image = self._bytes(capture)
        self._audit.note_view(capture.episode_id)
        return image

    def turn(self, capture: Capture, along: Iterable[Capture], *, by: str) -> None:
        """Note which way up a capture is, and the copies of it that are turned along.

        Their orientation and the shapes drawn on them are taken from the given records; nothing
        else is, and no bytes change.
        """
        with self._database.transaction():
            for one in (capture, *along):
                copy = one.derivation
                self._database.change(
                    "UPDATE captures SET details = ?, derivation = ? WHERE id = ?",
                    (
                        columns.from_details(one.details),
                        columns.from_derivation(copy) if copy else None,
                        one.id,
                    ),
                )
            self._audit.append(
                AuditEvent.TURNED,
                operator_id=by,
                episode_id=capture.episode_id,
                subject=capture.id,
                orientation=capture.details.orientation,
            )

    def ids_to_check(self) -> tuple[str, ...]:
        """List every capture whose episode is not being wiped."""
        found = self._database.values(
            "SELECT id FROM captures WHERE episode_id NOT IN (SELECT episode_id FROM wipes)"
            " AND wiped_at IS NULL ORDER BY captured_at, rowid"
        )
        return tuple(found)

    def check(self, capture_id: str) -> None:
        """Read a capture's bytes and check their hash, without showing them.

        Raises StationError: CAPTURE_CHANGED, EPISODE_FILE_MISSING; LookupError.
        """
        self._bytes(self.get(capture_id))

    def _bytes(self, capture: Capture) -> bytes:
        if capture.wiped_at is not None:
            raise StationError(ErrorCode.ORIGINAL_WIPED, capture=capture.id)
        place = self._episodes.place(capture.episode_id)
        try:
            image = self._files.get(place, capture.id)
        except StationError as error:
            if error.code is ErrorCode.VAULT_DAMAGED:
                raise StationError(ErrorCode.CAPTURE_CHANGED, capture=capture.id) from error
            raise
        if image is None or hashlib.sha256(image).hexdigest() != capture.sha256:
            raise StationError(ErrorCode.CAPTURE_CHANGED, capture=capture.id)
        return image

    def is_whole(self, episode_id: str) -> bool:
        """Return whether an episode's file holds every capture, without reading the images.

        A file that looks as it did after its last capture is taken as whole. Any other, such as
        one left by a crash or an older copy put back, is opened and compared. Raises StationError
        VAULT_READ_ONLY, VAULT_WRITE_FAILED if a file cannot be read; LookupError.
        """
        place = self._episodes.place(episode_id)
        mark = self._database.value(
            "SELECT mark FROM file_marks WHERE episode_id = ?", (episode_id,)
        )
        with named_troubles():
            is_as_marked = mark is not None and mark == self._files.mark(place.file_id)
            if is_as_marked and not self._files.is_cut_off(place.file_id):
                return True
        if not self._holds_all(episode_id, self._files, place):
            return False
        with named_troubles():
            mark = self._files.mark(place.file_id)
        try:
            with self._database.transaction():
                self._save_mark(episode_id, mark)
        except StationError as trouble:  # a full disk: the file is compared again next time
            log.info("the mark of a file was not saved: %s", trouble.code.value)
        return True

    def is_whole_aside(self, episode_id: str, name: str) -> bool:
        """Return whether a file that was set aside holds every capture of an episode."""
        key = self._episodes.place(episode_id).key
        return self._holds_all(episode_id, self._files.kept_aside(), EpisodePlace(name, key))

    def knows_all_of(self, episode_id: str, name: str) -> bool:
        """Return whether a file that was set aside holds only captures that the index has."""
        key = self._episodes.place(episode_id).key
        sizes = self._sizes(self._files.kept_aside(), EpisodePlace(name, key))
        return sizes is not None and sizes.keys() <= self._sizes_of_rows(episode_id).keys()

    def _holds_all(self, episode_id: str, files: EpisodeFiles, place: EpisodePlace) -> bool:
        sizes = self._sizes(files, place)
        if sizes is None:
            return False
        return all(sizes.get(one) == size for one, size in self._sizes_of_rows(episode_id).items())

    def _sizes(self, files: EpisodeFiles, place: EpisodePlace) -> dict[str, int] | None:
        """Map the captures in a file to their lengths; None if this key does not open it."""
        try:
            return files.sizes(place)
        except StationError as error:
            if error.code not in (ErrorCode.VAULT_DAMAGED, ErrorCode.EPISODE_FILE_MISSING):
                raise
            return None

    def _sizes_of_rows(self, episode_id: str) -> dict[str, int]:
        rows = self._database.rows(
            "SELECT id, size_bytes FROM captures WHERE episode_id = ? AND wiped_at IS NULL",
            (episode_id,),
        )
        return {row["id"]: row["size_bytes"] for row in rows}

    def of_episode(self, episode_id: str) -> tuple[Capture, ...]:
        """List an episode's captures but for the copies drawn from them, first saved first."""
        return self._where("episode_id = ? AND origin_id IS NULL", (episode_id,))

    def copies_of_episode(self, episode_id: str) -> tuple[Capture, ...]:
        """List the copies drawn from an episode's captures, first saved first."""
        return self._where("episode_id = ? AND origin_id IS NOT NULL", (episode_id,))

    def of_episodes(self, episode_ids: tuple[str, ...]) -> tuple[Capture, ...]:
        """List the captures of several episodes but for copies of them, first saved first."""
        of_these = f"episode_id IN ({columns.marks(episode_ids)}) AND origin_id IS NULL"
        return self._where(of_these, episode_ids)

    def of_lesion(self, lesion_id: str) -> tuple[Capture, ...]:
        """List a lesion's captures but for the copies drawn from them, first saved first."""
        return self._where("lesion_id = ? AND origin_id IS NULL", (lesion_id,))

    def with_hashes(self, hashes: Collection[str]) -> tuple[Capture, ...]:
        """List the captures of any episode whose bytes have one of these SHA-256."""
        of_these = f"sha256 IN ({columns.marks(tuple(hashes))})"
        return self._where(of_these, tuple(hashes))

    def _where(self, condition: str, values: tuple[object, ...]) -> tuple[Capture, ...]:
        rows = self._database.rows(f"{_SELECT} WHERE {condition} {_FIRST_SAVED_FIRST}", values)
        return tuple(_capture(row) for row in rows)

    def _add(self, capture: Capture) -> None:
        copy = capture.derivation
        _CAPTURES.insert(
            self._database,
            capture,
            origin_id=copy.origin_id if copy else None,
            derivation=columns.from_derivation(copy) if copy else None,
        )

    def _save_mark(self, episode_id: str, mark: str) -> None:
        marked = {"episode_id": episode_id, "mark": mark}
        insert(self._database, "file_marks", marked, or_update("episode_id", "mark"))

    def _record(self, capture: Capture) -> None:
        report, copy = capture.report, capture.derivation
        if copy is not None:
            self._audit.append(
                _COPY_EVENTS[copy.kind],
                operator_id=copy.made_by,
                episode_id=capture.episode_id,
                subject=capture.id,
                origin=copy.origin_id,
                shapes=len(copy.shapes),
            )
            return
        event = AuditEvent.OVERRIDDEN if capture.override_reason else AuditEvent.CAPTURED
        self._audit.append(
            event,
            operator_id=capture.captured_by,
            episode_id=capture.episode_id,
            subject=capture.id,
            shot=capture.shot.value,
            verdict=report.verdict.value if report.judgements else "not measured",
            **_kind_facts(capture),
        )

    def _has_any(self, episode_id: str) -> bool:
        sql = "SELECT 1 FROM captures WHERE episode_id = ? LIMIT 1"
        return self._database.row(sql, (episode_id,)) is not None


def _check(capture: Capture, image: bytes) -> None:
    same = len(image) == capture.size_bytes and hashlib.sha256(image).hexdigest() == capture.sha256
    if not same:
        raise StationError(ErrorCode.CAPTURE_CHANGED, capture=capture.id)


def _kind_facts(capture: Capture) -> dict[str, Any]:
    """Return what was decided on a picture that looked like another shot."""
    looks_like, details = capture.report.looks_like, capture.details
    facts: dict[str, Any] = {}
    if looks_like is not None:
        facts |= {"looks_like": looks_like.value, "kept": details.kind_kept is True}
    if details.pressed_as is not None:
        facts["pressed_as"] = details.pressed_as.value
    return facts


def _capture(row: Row) -> Capture:
    derivation = columns.to_derivation(row["derivation"], row["origin_id"])
    return _CAPTURES.read(row, derivation=derivation)
