"""A backup of the open vault: one encrypted file that the recovery key alone opens.

The index is exported under a key of the backup's own; the episode files, encrypted as they are,
follow one in each step, so that captures are saved in between. Every capture that the exported
index knows is in its file by then, as captures are only ever added. Before the backup gets its
name, it is read back and compared, an entry in each step. Runs in the vault's thread.
"""

import hashlib
import io
import logging
import os
import secrets
import tarfile
from collections.abc import Generator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import now
from dermstation.files import PART_SUFFIX, make_folder, remove, sync_folder, take_name
from dermstation.plain_files import open_plain
from dermstation.security.kdf import KEY_BYTES, zero
from dermstation.security.keyfile import KEY_FILES, write_key_file
from dermstation.security.locked_memory import locked
from dermstation.security.sealed_stream import SealingWriter
from dermstation.security.slots import IndexKeys
from dermstation.vault.backup_entries import MANIFEST, FileSum, Manifest, entries
from dermstation.vault.backup_names import BACKUP_ENDING, BackupName, backups_of, parts_of
from dermstation.vault.connection import READING_PRAGMAS, Database
from dermstation.vault.store import BACKUP_STAGE, EPISODES_FOLDER, INDEX_FILE, Vault, clear_stage

log = logging.getLogger(__name__)

__all__ = ["BACKUP_ENDING", "Backup", "BackupProgress", "remove_old_backups"]


@dataclass(frozen=True, slots=True)
class BackupProgress:
    """How far a backup has come, in steps; `path` is there when it is finished."""

    done: int
    total: int
    path: Path | None = None
    episodes: int = 0


class Backup:
    """One backup under way. Call `step` until the progress has a path; `drop` gives it up."""

    def __init__(self, vault: Vault, destination: Path) -> None:
        """Export the index into a new file in `destination`.

        Raises StationError: BACKUP_FAILED, VAULT_DISK_FULL, VAULT_WRITE_FAILED.
        """
        self._vault = vault
        self._stage = vault.folder / BACKUP_STAGE
        self._sums: dict[str, FileSum] = {}
        self._left = list(vault.episode_file_ids())
        self._episodes = len(self._left)
        self._done = 0
        self._file: BinaryIO | None = None
        self._sealing: SealingWriter | None = None
        self._checking: Generator[str] | None = None
        self._path = destination  # until its name is known
        vault.before_lock.append(self.finish)
        vault.before_close.append(self.drop)
        try:
            self._entries = vault.audit.count()
            self._number = next_number(vault, destination)
            self._path = destination / str(BackupName.of(vault.id, self._number, now()))
            self._begin()
        except OSError as error:
            self.drop()
            raise StationError(ErrorCode.BACKUP_FAILED, errno=error.errno) from None
        except BaseException:
            self.drop()
            raise

    def step(self) -> BackupProgress:
        """Add one episode's file, check one entry, or end the backup.

        Raises StationError BACKUP_FAILED.
        """
        try:
            if self._left:
                self._add_episode(self._left.pop(0))
            elif self._checking is None:
                self._close()
                self._checking = self._checked()
            elif next(self._checking, None) is None:
                self._end()
                return BackupProgress(self._total, self._total, self._path, self._episodes)
        except OSError as error:
            self.drop()
            raise StationError(ErrorCode.BACKUP_FAILED, errno=error.errno) from None
        except BaseException:
            self.drop()
            raise
        self._done += 1
        return BackupProgress(self._done, self._total)

    @property
    def _total(self) -> int:
        """Each episode is added and read back; so are two key entries and the manifest."""
        return 2 * self._episodes + 4

    def finish(self) -> str:
        """Take every remaining step and return the file's name.

        Raises StationError BACKUP_FAILED.
        """
        while self.step().path is None:
            pass
        return self._path.name

    def _end_waiting(self) -> None:
        if self.finish in self._vault.before_lock:
            self._vault.before_lock.remove(self.finish)

    def drop(self) -> None:
        """Abandon the backup and leave nothing of it; a finished one stays."""
        self._end_waiting()
        if self._checking is not None:
            self._checking.close()
        if self._sealing is not None:
            with suppress(OSError):
                self._sealing.drop()
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        with suppress(OSError):
            clear_stage(self._vault.folder)
        if BackupName.parse(self._path.name) is not None:
            with suppress(OSError):
                remove(self._part, missing_ok=True)

    @property
    def _part(self) -> Path:
        return self._path.with_name(self._path.name + PART_SUFFIX)

    def _begin(self) -> None:
        clear_stage(self._vault.folder)
        for _, part in parts_of(self._path.parent, self._vault.id):
            remove(part)  # of a run that was killed: this one alone has the vault open
        make_folder(self._stage, exist_ok=True)
        key = locked(bytearray(secrets.token_bytes(KEY_BYTES)))
        try:
            self._vault.export_index(self._stage / INDEX_FILE, key)
            check_index(self._stage / INDEX_FILE, key, self._entries)
            content = self._vault.key_files.content  # as the index says, not as it lies there
            write_key_file(self._stage, content.resealed(IndexKeys(key)), [key])
        finally:
            zero(key)
        self._file = self._part.open("xb")
        self._sealing = SealingWriter(self._file, content.recovery.public)
        self._tar = tarfile.open(  # noqa: SIM115 - closed at the end
            fileobj=self._sealing, mode="w|", format=tarfile.GNU_FORMAT
        )
        for name in (KEY_FILES[0], INDEX_FILE):
            self._add(name, self._stage / name)
        clear_stage(self._vault.folder)

    def _add_episode(self, file_id: str) -> None:
        path = self._vault.episode_file(file_id)
        with suppress(FileNotFoundError):  # wiped since
            self._add(f"{EPISODES_FOLDER}/{path.name}", path)

    def _add(self, name: str, path: Path) -> None:
        entry = tarfile.TarInfo(name)
        with open_plain(path, follows_link=True) as file:
            entry.size = os.fstat(file.fileno()).st_size
            hashed = _Hashed(file)
            self._tar.addfile(entry, hashed)
        self._sums[name] = FileSum(entry.size, hashed.digest.hexdigest())

    def _close(self) -> None:
        """Add the manifest and bring all of it to the disk."""
        if self._file is None or self._sealing is None:
            raise RuntimeError("a backup that was given up has no end")
        manifest = Manifest(
            self._sums, self._vault.id, self._number, self._entries, now().isoformat()
        )
        body = manifest.to_bytes()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(body)
        self._tar.addfile(entry, io.BytesIO(body))
        self._tar.close()
        self._sealing.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def _checked(self) -> Generator[str]:
        """Read back what was written, and yield the name of each entry that is right.

        Raises StationError BACKUP_FAILED.
        """
        if self._sealing is None:
            raise RuntimeError("a backup that was given up cannot be checked")
        found: dict[str, FileSum] = {}
        try:
            with self._part.open("rb") as file, self._sealing.reader(file) as stream:
                for name, content in entries(stream):
                    found[name] = content.rest()
                    yield name
        except StationError as trouble:
            raise StationError(ErrorCode.BACKUP_FAILED, step="check") from trouble
        found.pop(MANIFEST, None)
        if found != self._sums:
            raise StationError(ErrorCode.BACKUP_FAILED, step="check")

    def _end(self) -> None:
        take_name(self._part, self._path)
        self._end_waiting()
        with suppress(OSError):  # a share need not know how to sync a folder
            sync_folder(self._path.parent)
        try:
            self._vault.audit.append(
                AuditEvent.BACKED_UP, episodes=self._episodes, number=self._number
            )
        except StationError as trouble:  # the backup is made all the same
            log.warning("a backup was not recorded: %s", trouble.code.value)


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def next_number(vault: Vault, destination: Path) -> int:
    """Return the number of a vault's next backup, above every one that it or the folder knows.

    Raises OSError.
    """
    newest = vault.audit.newest(AuditEvent.BACKED_UP)
    known = [int(str(newest.facts.get("number", 0)))] if newest is not None else [0]
    known += [name.number for name, _ in backups_of(destination, vault.id)]
    return max(known) + 1


def check_index(path: Path, key: bytearray, count: int) -> None:
    """Open the exported index and check its pages. Raises StationError BACKUP_FAILED."""
    with closing(Database(path, [key], READING_PRAGMAS)) as copy:
        is_whole = not copy.values("PRAGMA cipher_integrity_check")
        if not is_whole or copy.value("SELECT count(*) FROM audit") != count:
            raise StationError(ErrorCode.BACKUP_FAILED, step="check")


def remove_old_backups(newest: Path, vault_id: str, keep: int) -> int:
    """Remove all but the `keep` newest backups of a vault, beside the `newest`; return how many.

    The order is that of their numbers. The newest one stays whatever its number, and so does every
    backup of another vault. Raises OSError.
    """
    older = [path for _, path in backups_of(newest.parent, vault_id) if path.name != newest.name]
    old = older[: max(0, len(older) - max(0, keep - 1))]
    for path in old:
        remove(path)
    return len(old)
