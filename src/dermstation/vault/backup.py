"""A backup of the open vault: one encrypted file that the recovery key alone opens.

The index is exported under a key of the backup's own; the episode files, encrypted as they are,
follow one in each step, so that captures are saved in between. Every capture that the exported
index knows is in its file by then, as captures are only ever added. Runs in the vault's thread.
"""

import io
import json
import logging
import os
import secrets
import tarfile
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import new_id, now
from dermstation.files import PART_SUFFIX, sync_folder
from dermstation.security.kdf import KEY_BYTES, zero
from dermstation.security.keyfile import (
    KEY_FILES,
    KeyFile,
    key_id,
    read_key_file,
    write_key_file,
)
from dermstation.security.sealed_stream import SealingWriter
from dermstation.security.slots import IndexKeys, SealedKeys
from dermstation.vault.store import BACKUP_STAGE, EPISODES_FOLDER, INDEX_FILE, Vault, clear_stage

log = logging.getLogger(__name__)

BACKUP_ENDING = ".dermbackup"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class BackupProgress:
    """How far a backup has come; `path` is there when it is finished."""

    done: int
    total: int
    path: Path | None = None


class Backup:
    """One backup under way. Call `step` until the progress has a path; `drop` gives it up."""

    def __init__(self, vault: Vault, destination: Path) -> None:
        """Export the index into a new file in `destination`.

        Raises StationError: BACKUP_FAILED, VAULT_DISK_FULL, VAULT_WRITE_FAILED.
        """
        self._vault = vault
        self._path = _free_name(destination, now())
        self._stage = vault.folder / BACKUP_STAGE
        self._sizes: dict[str, int] = {}
        vault.before_lock.append(self.finish)
        vault.before_close.append(self.drop)
        self._left = list(vault.episode_file_ids())
        self._total = len(self._left)
        self._file: BinaryIO | None = None
        self._sealing: SealingWriter | None = None
        try:
            self._begin()
        except OSError as error:
            self.drop()
            raise StationError(ErrorCode.BACKUP_FAILED, errno=error.errno) from None
        except BaseException:
            self.drop()
            raise

    def step(self) -> BackupProgress:
        """Add one episode's file, or end the backup. Raises StationError BACKUP_FAILED."""
        try:
            if self._left:
                self._add_episode(self._left.pop(0))
                return BackupProgress(self._total - len(self._left), self._total)
            self._end()
        except OSError as error:
            self.drop()
            raise StationError(ErrorCode.BACKUP_FAILED, errno=error.errno) from None
        except BaseException:
            self.drop()
            raise
        return BackupProgress(self._total, self._total, self._path)

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
        if self._sealing is not None:
            with suppress(OSError):
                self._sealing.drop()
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        with suppress(OSError):
            clear_stage(self._vault.folder)
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    @property
    def _part(self) -> Path:
        return self._path.with_name(self._path.name + PART_SUFFIX)

    def _begin(self) -> None:
        clear_stage(self._vault.folder)
        self._stage.mkdir(mode=0o700, exist_ok=True)
        key = bytearray(secrets.token_bytes(KEY_BYTES))
        try:
            self._vault.export_index(self._stage / INDEX_FILE, key)
            content = read_key_file(self._vault.folder)
            write_key_file(self._stage, resealed(content, key))
        finally:
            zero(key)
        self._file = self._part.open("xb")
        self._sealing = SealingWriter(self._file, content.recovery.public)
        self._tar = tarfile.open(fileobj=self._sealing, mode="w|")  # noqa: SIM115 - closed at the end
        for name in (KEY_FILES[0], INDEX_FILE):
            self._add(name, self._stage / name)
        clear_stage(self._vault.folder)

    def _add_episode(self, file_id: str) -> None:
        path = self._vault.episode_file(file_id)
        with suppress(FileNotFoundError):  # wiped since
            self._add(f"{EPISODES_FOLDER}/{path.name}", path)

    def _add(self, name: str, path: Path) -> None:
        entry = tarfile.TarInfo(name)
        with path.open("rb") as file:
            entry.size = os.fstat(file.fileno()).st_size
            self._tar.addfile(entry, file)
        self._sizes[name] = entry.size

    def _end(self) -> None:
        if self._file is None or self._sealing is None:
            raise RuntimeError("a backup that was given up has no end")
        body = json.dumps({"made_at": now().isoformat(), "files": self._sizes}).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(body)
        self._tar.addfile(entry, io.BytesIO(body))
        self._tar.close()
        self._sealing.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._path)
        self._end_waiting()
        with suppress(OSError):  # a share need not know how to sync a folder
            sync_folder(self._path.parent)
        try:
            self._vault.audit.append(AuditEvent.BACKED_UP, episodes=self._total)
        except StationError as trouble:  # the backup is made all the same
            log.warning("a backup was not recorded: %s", trouble.code.value)


def resealed(content: KeyFile, key: bytearray) -> KeyFile:
    """Return the key files' content for another index key; every way in stays the same."""
    keys = IndexKeys(key)
    slots = tuple(
        replace(slot, keys=SealedKeys.seal(slot.keys.public, keys)) for slot in content.slots
    )
    recovery = SealedKeys.seal(content.recovery.public, keys)
    return replace(content, current_id=key_id(key), next_id=None, recovery=recovery, slots=slots)


def remove_old_backups(destination: Path, keep: int) -> int:
    """Remove all but the newest `keep` backups of a folder; return how many went."""
    found = sorted(destination.glob(f"dermstation-*{BACKUP_ENDING}"))
    old = found[: max(0, len(found) - keep)]
    for path in old:
        path.unlink()
    return len(old)


def _free_name(destination: Path, at: datetime) -> Path:
    stamp = at.strftime("%Y%m%d-%H%M%S-%f")  # names sort as they were made, within a second too
    return destination / f"dermstation-{stamp}-{new_id()[:6]}{BACKUP_ENDING}"
