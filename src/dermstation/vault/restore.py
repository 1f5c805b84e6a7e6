"""A backup made a vault again, on this PC or a new one, with the recovery key.

Everything is unpacked beside the place and renamed into it, so that an interruption leaves
nothing that looks like a vault. A vault that is there is never replaced.
"""

import json
import re
import shutil
import tarfile
from pathlib import Path
from typing import IO

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import OWNER_ONLY, new_file, sync_folder, write_in_place
from dermstation.security.accounts import RECOVERY_KEY, recovery_private, unlock_with_recovery
from dermstation.security.disk import named_troubles
from dermstation.security.kdf import zero
from dermstation.security.keyfile import KEY_FILES
from dermstation.security.recovery import RecoveryKey
from dermstation.security.sealed_stream import OpeningReader
from dermstation.vault.backup import MANIFEST
from dermstation.vault.setup import is_set_up
from dermstation.vault.store import EPISODES_FOLDER, INDEX_FILE, Vault

_KNOWN = re.compile(
    rf"{re.escape(KEY_FILES[0])}|{re.escape(INDEX_FILE)}|{EPISODES_FOLDER}/[0-9a-f]{{32}}\.db"
)
_COPY_BYTES = 1 << 20
_MOST_MANIFEST_BYTES = 1 << 24


def restore(backup: Path, folder: Path, recovery: RecoveryKey) -> Vault:
    """Make the vault of a backup at `folder`, and return it open.

    Raises StationError: RESTORE_PLACE_TAKEN, BACKUP_DAMAGED, RECOVERY_KEY_WRONG, VAULT_NEWER,
    and the errors of a write.
    """
    if is_set_up(folder):
        raise StationError(ErrorCode.RESTORE_PLACE_TAKEN)
    stage = folder.with_name(f"{folder.name}.restoring")
    with named_troubles():
        folder.parent.mkdir(parents=True, exist_ok=True)
        if stage.exists():
            shutil.rmtree(stage)  # of a restoring that was cut off
        for made in (stage, stage / EPISODES_FOLDER):
            made.mkdir(mode=0o700)
    try:
        _unpack(backup, stage, recovery)
        with named_troubles():
            if folder.exists():
                folder.rmdir()  # empty, as checked
            stage.rename(folder)
            sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    return _opened(folder, recovery)


def _opened(folder: Path, recovery: RecoveryKey) -> Vault:
    keys = unlock_with_recovery(folder, recovery)
    try:
        vault = Vault.open(folder, keys)
    finally:
        keys.forget()
    try:
        vault.identity.note_tries(0)  # those of the vault that was backed up are not here
        vault.audit.acting = RECOVERY_KEY
        vault.audit.append(AuditEvent.RESTORED)
    except BaseException:
        vault.close()
        raise
    return vault


def _unpack(backup: Path, stage: Path, recovery: RecoveryKey) -> None:
    private = recovery_private(recovery)
    try:
        with backup.open("rb") as file, OpeningReader(file, private) as stream:
            found, manifest = _take_entries(stream, stage)
    except tarfile.TarError:
        raise StationError(ErrorCode.BACKUP_DAMAGED, part="entries") from None
    except FileNotFoundError:
        raise StationError(ErrorCode.BACKUP_DAMAGED, part="file") from None
    finally:
        zero(private)
    if found != manifest or not {KEY_FILES[0], INDEX_FILE} <= found.keys():
        raise StationError(ErrorCode.BACKUP_DAMAGED, part="manifest")
    with named_troubles():
        write_in_place(stage / KEY_FILES[1], (stage / KEY_FILES[0]).read_bytes())
        for made in (stage / EPISODES_FOLDER, stage):
            sync_folder(made)


def _take_entries(stream: OpeningReader, stage: Path) -> tuple[dict[str, int], dict[str, int]]:
    found: dict[str, int] = {}
    manifest: dict[str, int] = {}
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for entry in tar:
            content = tar.extractfile(entry) if entry.type == tarfile.REGTYPE else None
            if content is None or entry.name in found:
                raise StationError(ErrorCode.BACKUP_DAMAGED, part="entries")
            if entry.name == MANIFEST:
                manifest = _manifest(content.read(_MOST_MANIFEST_BYTES))
            elif _KNOWN.fullmatch(entry.name):
                found[entry.name] = _write(content, stage / entry.name)
            else:
                raise StationError(ErrorCode.BACKUP_DAMAGED, part="entries")
    while stream.read(_COPY_BYTES):  # to the very end, which proves that nothing was cut
        pass
    return found, manifest


def _manifest(body: bytes) -> dict[str, int]:
    try:
        return {str(name): int(size) for name, size in json.loads(body)["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StationError(ErrorCode.BACKUP_DAMAGED, part="manifest") from None


def _write(content: IO[bytes], path: Path) -> int:
    size = 0
    with named_troubles(), new_file(path, OWNER_ONLY) as file:
        while piece := content.read(_COPY_BYTES):
            file.write(piece)
            size += len(piece)
    return size
