"""The vault: the index, the episode files and the change of the index key, held together.

Strange to camera and hand-over. Everything is synchronous and belongs to one thread, the one
that opened it; SQLCipher refuses any other.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import make_folder, remove_folder, scrub, shred, sync_folder
from dermstation.security.disk import named_troubles
from dermstation.security.keyfile import KEY_FILES
from dermstation.security.locked_memory import locked
from dermstation.security.slots import IndexKeys
from dermstation.vault.audit import Audit, Rollback
from dermstation.vault.captures import Captures
from dermstation.vault.card_files import CardFiles
from dermstation.vault.certificates import Certificates
from dermstation.vault.chart_checks import ChartChecks
from dermstation.vault.condemned import CondemnedFiles
from dermstation.vault.connection import Database
from dermstation.vault.drafts import Drafts
from dermstation.vault.episode_files import EpisodeFiles
from dermstation.vault.episodes import Episodes
from dermstation.vault.hand_overs import HandOvers
from dermstation.vault.identity import Identity
from dermstation.vault.index_opening import note_id, open_index
from dermstation.vault.key_files import KeyFiles
from dermstation.vault.key_folder import discard_aside
from dermstation.vault.keys_at_opening import record_exchanged, settle_key_files
from dermstation.vault.lesions import Lesions
from dermstation.vault.migration import Schema, migrate
from dermstation.vault.operators import Operators
from dermstation.vault.originals import Originals
from dermstation.vault.outgoing import OutgoingObjects
from dermstation.vault.packages import Packages
from dermstation.vault.patient_copies import PatientCopies
from dermstation.vault.patients import Patients
from dermstation.vault.picture_choices import PictureChoicesTable
from dermstation.vault.reconciling import Damage, DamageKind, reconciled
from dermstation.vault.retentions import Retentions
from dermstation.vault.reviews import Reviews
from dermstation.vault.route_notes import RouteNotes
from dermstation.vault.set_scores import SetScores
from dermstation.vault.shape import note_shape
from dermstation.vault.tips import Tips
from dermstation.vault.wiping import Wiping
from dermstation.vault.withdrawals import Withdrawals
from dermstation.vault.work_list import WorkList

log = logging.getLogger(__name__)

INDEX_FILE = "vault.db"
EPISODES_FOLDER = "episodes"
BACKUP_STAGE = "backup.tmp"
_PASSING = {ErrorCode.VAULT_DISK_FULL, ErrorCode.VAULT_WRITE_FAILED}
_JOURNAL_HEADER_BYTES = 28  # zeros there tell SQLite that the journal is not hot


def clear_stage(folder: Path) -> None:
    """Remove the copies that a backup under way has made: their keys would outlive a wipe.

    Anything else in their folder stays. Raises OSError.
    """
    stage = folder / BACKUP_STAGE
    if stage.is_dir():
        for name in (*KEY_FILES, INDEX_FILE, f"{INDEX_FILE}-journal"):
            shred(stage / name)
        with suppress(OSError):  # not empty
            remove_folder(stage)


class Vault:
    """An open vault. Make one with `Vault.open`, or `dermstation.vault.setup.set_up`."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._database = database
        self._files = EpisodeFiles(folder / EPISODES_FOLDER)
        self.identity = Identity(database)
        self.key_files = KeyFiles(folder, database, self.identity)
        self.audit = Audit(database, self.key_files)
        self.operators = Operators(database, self.audit)
        self.patients = Patients(database)
        self.episodes = Episodes(database, self.audit)
        self.lesions = Lesions(database)
        self.captures = Captures(database, self.episodes, self._files, self.audit)
        self.card_files = CardFiles(database, self.audit)
        self.packages = Packages(database, self.audit)
        self.hand_overs = HandOvers(database, self.audit)
        self.outgoing = OutgoingObjects(database, self.audit)
        self.certificates = Certificates(database)
        self._condemned = CondemnedFiles(database)
        self.patient_copies = PatientCopies(database, self.audit)
        self.retentions = Retentions(database, self.audit)
        self.drafts = Drafts(database)
        self.wiping = Wiping(
            database,
            self.episodes,
            self.certificates,
            self._files,
            self.audit,
            condemned=self._condemned,
            copies=self.patient_copies,
        )
        self.route_notes = RouteNotes(database)
        self.reviews = Reviews(database, self.audit)
        self.work_list = WorkList(database)
        self.tips = Tips(database)
        self.chart_checks = ChartChecks(database)
        self.set_scores = SetScores(database)
        self.picture_choices = PictureChoicesTable(database, self.audit)
        journals = (self._files, self._condemned, self.audit)
        self.originals = Originals(database, self.episodes, *journals)
        self.withdrawals = Withdrawals(database, self.episodes, *journals)
        self.damage: tuple[Damage, ...] = ()
        self.rollback = Rollback.NONE
        self.key_change_waits: StationError | None = None
        self.to_record: list[Callable[[], None]] = []  # openings, until the disk has room
        self.before_lock: list[Callable[[], str]] = []  # what is under way is finished here
        self.before_close: list[Callable[[], None]] = []  # or gives up here

    @classmethod
    def create(cls, folder: Path, keys: IndexKeys) -> "Vault":
        """Make an empty vault in an existing folder that has key files and no index.

        Raises StationError: VAULT_EXISTS, CIPHER_MISSING, and the errors of a write.
        """
        if (folder / INDEX_FILE).exists():
            raise StationError(ErrorCode.VAULT_EXISTS)
        with named_troubles():
            make_folder(folder / EPISODES_FOLDER, exist_ok=True)
        vault = cls._begin(folder, keys)
        try:
            with named_troubles():
                sync_folder(folder)
        except BaseException:
            vault.close()
            raise
        return vault

    @classmethod
    def open(cls, folder: Path, keys: IndexKeys) -> "Vault":
        """Open a vault, and finish what a crash left half done; `keys` may then be forgotten.

        The key files and who unlocked them are judged first, by what the index says. A half-done
        rotation is finished, unless the disk is full: see `key_change_waits`. Condemned files are
        removed; other files that the index does not list are set aside, whole. `damage` has what
        is missing or set aside, and `rollback` whether an old copy of the index or of the key
        files was put back. Wipes left half done are in `wiping.pending()`, for the workflow.
        Raises StationError: VAULT_ABSENT, VAULT_DAMAGED (no vault, or `keys` of another vault or
        of another time), OPERATOR_REFUSED, KEYS_DAMAGED, KEYS_ASIDE_FULL, VAULT_IN_USE,
        VAULT_NEWER, CIPHER_MISSING, and the errors of a write.
        """
        try:
            vault = cls._opened(folder, keys)
        except StationError as error:
            if keys.attempt is not None:
                with suppress(StationError):  # then the try stays counted
                    keys.attempt.take_back(is_failed=error.code is ErrorCode.VAULT_DAMAGED)
            raise
        return vault

    @classmethod
    def _opened(cls, folder: Path, keys: IndexKeys) -> "Vault":
        if not folder.is_dir():
            raise StationError(ErrorCode.VAULT_ABSENT)
        index = folder / INDEX_FILE
        if not index.is_file() or index.stat().st_size == 0:
            # SQLite would make an empty index here, and nobody would notice the loss
            raise StationError(ErrorCode.VAULT_DAMAGED, missing="index")
        vault = cls._begin(folder, keys)
        try:
            vault.rollback = settle_key_files(vault.key_files, vault.audit, keys)
            with named_troubles():
                clear_stage(folder)
            if keys.attempt is not None:
                keys.attempt.forgive()
            if vault.key_files.coming is not None or vault._is_rotation_due():
                vault.change_key_or_wait()
            vault.damage = vault._reconcile()
            vault._note_shape()
        except BaseException:
            vault.close()
            raise
        return vault

    @classmethod
    def _begin(cls, folder: Path, keys: IndexKeys) -> "Vault":
        database = open_index(folder / INDEX_FILE, keys)
        try:
            migrate(database, Schema.INDEX)
            note_id(folder, database)
            Patients(database).index_words()
        except BaseException:
            database.close()
            raise
        return cls(folder, database)

    @property
    def has_wiped(self) -> bool:
        """Return whether pictures were wiped since this was opened: memory may hold them still."""
        return self._condemned.has_grown

    def transaction(self) -> AbstractContextManager[None]:
        """Make several saves one commit: `with vault.transaction(): ...`.

        Captures and notes of files refuse to be in one, as they promise to be durable on return.
        """
        return self._database.transaction()

    @property
    def id(self) -> str:
        """Return the vault's random id: its key files and its backups carry the same."""
        return self.identity.id()

    @property
    def folder(self) -> Path:
        """Return the folder of key files, index and episode files."""
        return self._folder

    @contextmanager
    def index_keys(self) -> Iterator[IndexKeys]:
        """Yield a copy of the index key, to be sealed to an operator.

        A rotation that was left half-done is finished first. Raises as `rotate_index_key`.
        """
        if self.key_files.coming is not None:
            self.rotate_index_key()
        keys = IndexKeys(locked(bytearray(self._database.key)))
        try:
            yield keys
        finally:
            keys.forget()

    def export_index(self, path: Path, key: bytearray) -> None:
        """Write a copy of the index, as it is now, to a new file under another key.

        Raises StationError: VAULT_DISK_FULL, VAULT_READ_ONLY, VAULT_WRITE_FAILED.
        """
        self._database.export(path, key)

    def episode_file_ids(self) -> tuple[str, ...]:
        """List the files of the episodes that are not being wiped, by their random ids."""
        file_ids = self._database.values(
            "SELECT file_id FROM episodes WHERE id NOT IN (SELECT episode_id FROM wipes)"
        )
        return tuple(filter(self._files.is_there, file_ids))

    def episode_file(self, file_id: str) -> Path:
        """Return an episode's file for copying: complete by itself, without its journal.

        A damaged file is copied as it is. Raises StationError: VAULT_DISK_FULL,
        VAULT_READ_ONLY, VAULT_WRITE_FAILED.
        """
        episode_id = self._database.value(
            "SELECT id FROM episodes WHERE file_id = ?"
            " AND id NOT IN (SELECT episode_id FROM wipes)",
            (file_id,),
        )
        if episode_id is not None:
            try:
                with named_troubles():
                    self._files.take_back(self.episodes.place(episode_id))
            except StationError as error:
                if error.code is not ErrorCode.VAULT_DAMAGED:
                    raise
        return self._files.path(file_id)

    def discard_aside(self) -> int:
        """Remove the files that were set aside, for good; return how many were episodes' files.

        Raises StationError: VAULT_READ_ONLY, VAULT_WRITE_FAILED.
        """
        with named_troubles():
            discard_aside(self._folder)
            count = self._files.discard_aside()
        kept = (one for one in self.damage if one.kind is not DamageKind.FILE_KEPT_ASIDE)
        self.damage = tuple(kept)
        return count

    def index_complaints(self) -> tuple[str, ...]:
        """Check every page of the index by its HMAC, then its tables and references."""
        found: list[str] = []
        for pragma in ("cipher_integrity_check", "integrity_check", "foreign_key_check"):
            try:
                said = self._database.values(f"PRAGMA {pragma}")
            except StationError as error:
                if error.code is not ErrorCode.VAULT_DAMAGED:
                    raise
                found.append(f"{pragma} stopped at a damaged page")
            else:
                found += [str(one) for one in said if one != "ok"]
        return tuple(found)

    def rotate_index_key(self) -> None:
        """Change the index key, so that neither old key files nor journal tails open anything.

        May be called again after it failed, and is finished by the next `open` in any case.
        Raises StationError: VAULT_DISK_FULL, VAULT_READ_ONLY, VAULT_WRITE_FAILED.
        """
        if self.key_files.coming is None:
            self.key_files.begin_rotation()
        if self.key_files.coming is not None:
            self._database.rekey(self.key_files.coming)
        journal = self._database.path.with_name(INDEX_FILE + "-journal")
        with named_troubles():
            if journal.exists():  # it holds every page as it was under the old key
                scrub(journal, start=_JOURNAL_HEADER_BYTES)
        self.key_files.finish_rotation()
        self.wiping.rotation_done()
        self.operators.revocation_done()
        self.withdrawals.rotation_done()

    def change_key_or_wait(self) -> None:
        """Change the index key, or let that wait if the disk is full or failing.

        What is wiped is removed by then. The change is tried again at the lock and at the next
        opening, and until then `key_change_waits` has the trouble.
        """
        try:
            self.rotate_index_key()
        except StationError as trouble:
            if trouble.code not in _PASSING:
                raise
            log.warning("the change of the index key waits: %s", trouble.code.value)
            self.key_change_waits = trouble
        else:
            self.key_change_waits = None

    def finish_under_way(self) -> tuple[str, ...]:
        """Finish work under way, such as a backup, and return the names of what was made.

        Raises StationError BACKUP_FAILED.
        """
        return tuple(finish() for finish in tuple(self.before_lock))

    def settle(self) -> None:
        """Bring the key files up to date with captures saved since; nothing waits for this."""
        self.audit.anchor()

    def close(self) -> None:
        """Close the vault and overwrite its keys; every later use raises VAULT_LOCKED."""
        for give_up in self.before_close:
            give_up()
        self.before_close.clear()
        self.settle()
        record_exchanged(self.key_files, self.audit)
        self._database.close()
        self.key_files.forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _is_rotation_due(self) -> bool:
        return bool(
            self.wiping.is_rotation_due()
            or self.operators.being_revoked()
            or self.withdrawals.pending()
        )

    def _note_shape(self) -> None:
        try:
            note_shape(self._folder, self._database)
        except StationError as trouble:  # the note before still leads to all but new tables
            log.info("the shape of the index was not noted: %s", trouble.code.value)

    def _reconcile(self) -> tuple[Damage, ...]:
        with named_troubles():
            make_folder(self._folder / EPISODES_FOLDER, exist_ok=True)
        return reconciled(self._database, self._files, self.captures, self._condemned)
