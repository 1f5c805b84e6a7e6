"""A backup made a vault again, on this PC or a new one, with the recovery key.

Everything is unpacked beside the place and renamed into it, so that an interruption leaves
nothing that looks like a vault. A vault that is there is never replaced.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import (
    OWNER_ONLY,
    make_folder,
    new_file,
    remove_folder,
    remove_tree,
    sync_folder,
    take_name,
    write_in_place,
)
from dermstation.plain_files import NotPlainError, open_plain
from dermstation.security.accounts import RECOVERY_KEY, recovery_private, unlock_with_recovery
from dermstation.security.disk import named_troubles
from dermstation.security.kdf import zero
from dermstation.security.keyfile import KEY_FILE_BYTES, KEY_FILES
from dermstation.security.recovery import RecoveryKey
from dermstation.security.sealed_stream import OpeningReader
from dermstation.security.witness import Witness
from dermstation.vault.backup_entries import (
    MANIFEST,
    Content,
    FileSum,
    Manifest,
    damaged,
    entries,
)
from dermstation.vault.backup_names import backups_of
from dermstation.vault.setup import is_set_up
from dermstation.vault.store import EPISODES_FOLDER, INDEX_FILE, Vault

_KNOWN = re.compile(
    rf"{re.escape(KEY_FILES[0])}|{re.escape(INDEX_FILE)}|{EPISODES_FOLDER}/[0-9a-f]{{32}}\.db"
)


@dataclass(frozen=True, slots=True)
class BackupStanding:
    """How a restored backup compares with what is known of the store before it."""

    is_of_another_vault: bool = False
    entries_since: int = 0  # of the audit, which the store before had and the backup lacks
    newer: Path | None = None  # a later backup of the same vault, in the same folder


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
            remove_tree(stage)  # of a restoring that was cut off
        for made in (stage, stage / EPISODES_FOLDER):
            make_folder(made)
    try:
        manifest = _unpack(backup, stage, recovery)
        with named_troubles():
            if folder.exists():
                remove_folder(folder)  # empty, as checked
            take_name(stage, folder)
            sync_folder(folder.parent)
    except BaseException:
        with suppress(OSError):
            remove_tree(stage)
        raise
    return _opened(folder, recovery, manifest)


def standing_of(vault: Vault, backup: Path, remembered: Witness | None) -> BackupStanding:
    """Compare a vault just restored with the store that the keystore remembers at its place."""
    newest = vault.audit.newest(AuditEvent.RESTORED)
    facts = newest.facts if newest is not None else {}
    since, is_other = 0, False
    if remembered is not None:
        is_other = remembered.vault_id != vault.id
        since = 0 if is_other else remembered.anchor.count - int(str(facts.get("entries", 0)))
    newer = None
    if number := int(str(facts.get("number", 0))):
        try:
            later = [
                path for name, path in backups_of(backup.parent, vault.id) if name.number > number
            ]
        except OSError:
            later = []
        newer = later[-1] if later else None
    return BackupStanding(is_other, max(0, since), newer)


def _opened(folder: Path, recovery: RecoveryKey, manifest: Manifest) -> Vault:
    keys = unlock_with_recovery(folder, recovery)
    try:
        vault = Vault.open(folder, keys)
    finally:
        keys.forget()
    try:
        vault.identity.note_tries(0)  # those of the vault that was backed up are not here
        vault.audit.acting = RECOVERY_KEY
        entries_known = manifest.entries or vault.audit.count()
        vault.audit.append(AuditEvent.RESTORED, number=manifest.number, entries=entries_known)
    except BaseException:
        vault.close()
        raise
    return vault


def _unpack(backup: Path, stage: Path, recovery: RecoveryKey) -> Manifest:
    private = recovery_private(recovery)
    try:
        with open_plain(backup, follows_link=True) as file, OpeningReader(file, private) as stream:
            found, manifest = _take_entries(stream, stage)
    except (FileNotFoundError, NotPlainError):
        raise damaged("file") from None
    finally:
        zero(private)
    if not manifest.agrees_with(found) or not {KEY_FILES[0], INDEX_FILE} <= found.keys():
        raise damaged("manifest")
    with named_troubles():
        write_in_place(stage / KEY_FILES[1], (stage / KEY_FILES[0]).read_bytes())
        for made in (stage / EPISODES_FOLDER, stage):
            sync_folder(made)
    return manifest


def _take_entries(stream: OpeningReader, stage: Path) -> tuple[dict[str, FileSum], Manifest]:
    found: dict[str, FileSum] = {}
    manifest = Manifest()
    for name, content in entries(stream):
        if name == MANIFEST:
            manifest = content.manifest()
        elif _KNOWN.fullmatch(name) and name not in found and _is_plausible(name, content):
            found[name] = _write(content, stage / name)
        else:
            raise damaged("entries")
    return found, manifest


def _is_plausible(name: str, content: Content) -> bool:
    return name != KEY_FILES[0] or content.size == KEY_FILE_BYTES


def _write(content: Content, path: Path) -> FileSum:
    with named_troubles(), new_file(path, OWNER_ONLY) as file:
        while piece := content.read():
            file.write(piece)
    return content.rest()
