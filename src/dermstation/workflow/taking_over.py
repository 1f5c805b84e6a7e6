"""Take an account's own store over into the home that the accounts of the PC share.

An administrator of the store does it once, signed in to the account that has it. Everything is
copied beside the new place, opened and checked there, and renamed into it; only then is the old
store wiped. Whatever cuts this off, one of the two is whole: before the renaming the old one is the
store, after it the new one, and the next sign-in of that account wipes what is left of the old.
Runs on the vault's thread.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.files import (
    OWNER_ONLY,
    remove_folder,
    remove_tree,
    shred,
    sync_folder,
    take_name,
    write_file,
)
from dermstation.paths import StationPaths
from dermstation.plain_files import is_plain, read_plain
from dermstation.security.disk import named_troubles
from dermstation.security.keyfile import read_key_file
from dermstation.security.keystore import Keystore, find_keystore
from dermstation.security.locked_memory import locked
from dermstation.security.pepper import drop_pepper, hand_on
from dermstation.security.slots import IndexKeys, OperatorSlot
from dermstation.settings_file import load_settings
from dermstation.shared_home import is_shared_home
from dermstation.vault.checking import CheckReport, check_vault
from dermstation.vault.holders import replace_secret
from dermstation.vault.moving import copy_vault, give_up_place, mark_of, moved_place, wipe_folder
from dermstation.vault.setup import is_set_up
from dermstation.vault.store import Vault
from dermstation.workflow import unlocking
from dermstation.workflow.camera_password import hand_on_password
from dermstation.workflow.package_files import files_there, half_written
from dermstation.workflow.unlocking import SignedIn, TakenOver

log = logging.getLogger(__name__)

_TAKING = ".taking-"
_MOST_BYTES = 100_000_000  # of a held picture


@dataclass(frozen=True, slots=True)
class _Old:
    """What is known of the old store once it is closed again."""

    vault_id: str
    keys: IndexKeys
    slots: tuple[OperatorSlot, ...]
    report: CheckReport


def own_store(paths: StationPaths) -> StationPaths | None:
    """Return the place of a store that this account has beside a home that accounts share."""
    if not is_shared_home(paths.home):
        return None
    own = StationPaths(paths.own)
    return own if is_set_up(own.vault) else None


def take_over(
    folder: Path,
    operator_id: str,
    secret: str,
    *,
    keystore: Keystore | None,
    own_keystore: Callable[[], Keystore | None] = find_keystore,
) -> SignedIn:
    """Move this account's own store to `folder`, and open it there; `finish` wipes the old one.

    Raises StationError: VAULT_ABSENT (this account has none), TAKE_OVER_TAKEN (there is one in
    `folder`), TAKE_OVER_FILES (packages or wipes to be finished first), TAKE_OVER_DAMAGED,
    RIGHT_MISSING, and as `unlocking.sign_in` does.
    """
    paths = StationPaths(folder.parent)
    own = own_store(paths)
    if own is None:
        raise StationError(ErrorCode.VAULT_ABSENT)
    if is_set_up(folder):
        raise StationError(ErrorCode.TAKE_OVER_TAKEN, folder=str(own.home))
    theirs = own_keystore()
    old = _looked_at(own.vault, operator_id, secret, theirs)
    # of this store alone: another account may be moving its own at the same time
    stage = folder.with_name(f"{folder.name}{_TAKING}{old.vault_id}")
    try:
        copy_vault(own.vault, stage)
        mark = mark_of(stage)  # of what was copied: what comes later is not to be wiped
        left = _without_pepper(old.slots, theirs, keystore)
        with Vault.open(stage, old.keys) as vault:
            if operator_id in {one.id for one in left}:  # who has the secret at hand
                replace_secret(vault, operator_id, secret, keystore=keystore)
            _check(vault, old.report)
            vault.audit.acting = operator_id
            vault.audit.append(AuditEvent.TAKEN_OVER, mark=mark)
        _copy_others(own, paths, theirs, keystore)
        _take_place(stage, folder, own)
    except BaseException:
        with suppress(OSError):
            remove_tree(stage)
        raise
    finally:
        old.keys.forget()
    signed_in = unlocking.sign_in(folder, operator_id, secret, keystore=keystore)
    others = tuple(one.name for one in left if one.id != operator_id)
    return replace(signed_in, taken_over=TakenOver(len(old.report.whole), others))


def finish(vault: Vault, own_keystore: Callable[[], Keystore | None] = find_keystore) -> None:
    """Wipe what is left in this account of a store that was taken over. Never fails.

    A store that was used since, or that is another one, is left as it is.
    """
    paths = StationPaths(vault.folder.parent)
    if not is_shared_home(paths.home):
        return
    own = StationPaths(paths.own)
    try:
        for stage in paths.home.glob(f"{paths.vault.name}{_TAKING}*"):
            wipe_folder(stage)  # of a move that was cut off
        if not moved_place(own.vault).exists():
            if not _was_taken_over(vault, own.vault):
                return
            give_up_place(own.vault)
        for file in _others(own):
            shred(file)
        count = wipe_folder(moved_place(own.vault))
        theirs = own_keystore()
        for slot in vault.key_files.content.slots:
            if slot.pepper_name is not None:
                drop_pepper(theirs, slot.pepper_name)
        vault.audit.append(AuditEvent.OLD_PLACE_WIPED, files=count)
    except (OSError, StationError) as trouble:
        log.warning("the old place of the store is not wiped yet: %s", type(trouble).__name__)


def _without_pepper(
    slots: Sequence[OperatorSlot], source: Keystore | None, target: Keystore | None
) -> list[Operator]:
    """Hand the peppers on to another keystore; return the operators for whom that is not done."""
    return [
        slot.operator
        for slot in slots
        if slot.pepper_name is not None and not hand_on(slot.pepper_name, source, target)
    ]


def _take_place(stage: Path, folder: Path, own: StationPaths) -> None:
    """Let the checked copy become the store that all accounts share."""
    if is_set_up(folder):
        raise StationError(ErrorCode.TAKE_OVER_TAKEN, folder=str(own.home))
    with named_troubles():
        if folder.exists():
            remove_folder(folder)  # empty, as checked; Windows renames onto nothing
        take_name(stage, folder)
        sync_folder(folder.parent)


def _looked_at(folder: Path, operator_id: str, secret: str, keystore: Keystore | None) -> _Old:
    """Open the old store, check that it may be moved, and close it."""
    signed_in = unlocking.sign_in(folder, operator_id, secret, keystore=keystore)
    vault = signed_in.vault
    try:
        require(signed_in.operator, Right.ADMINISTER)
        packages = (*vault.packages.verified(), *half_written(vault))
        open_files = sum(files_there(vault, one.id) for one in packages)
        open_files += len(vault.wiping.pending())
        if open_files:  # where only this account could remove them
            raise StationError(ErrorCode.TAKE_OVER_FILES, folder=str(folder.parent))
        with vault.index_keys() as keys:
            copied = IndexKeys(locked(bytearray(keys.current)))
        return _Old(vault.id, copied, vault.key_files.content.slots, check_vault(vault))
    finally:
        unlocking.leave(signed_in)


def _check(vault: Vault, before: CheckReport) -> None:
    """Refuse a copy in which less is whole than in the store itself."""
    report = check_vault(vault)
    if (report.whole, report.index_pages) != (before.whole, before.index_pages):
        raise StationError(ErrorCode.TAKE_OVER_DAMAGED)


def _was_taken_over(vault: Vault, own: Path) -> bool:
    """Return whether the account's store is the one that became this vault, and unchanged since."""
    if not is_set_up(own):
        return False
    entry = vault.audit.newest(AuditEvent.TAKEN_OVER)
    if entry is None or read_key_file(own).vault_id != vault.id:
        return False
    return entry.facts.get("mark") == mark_of(own)


def _others(place: StationPaths) -> Sequence[Path]:
    """Return the station's files that go along with the vault, if they are there."""
    named = (place.settings, place.cameras, place.scales, place.held)
    return [one for one in named if is_plain(one)]


def _copy_others(
    own: StationPaths, paths: StationPaths, theirs: Keystore | None, keystore: Keystore | None
) -> None:
    """Copy settings and measurements that the new place does not have."""
    from dermstation.archive.connection import access_of  # noqa: PLC0415 - once in a store's life
    from dermstation.archive.token import hand_on_token  # noqa: PLC0415

    settings = load_settings(own.settings, {})
    hand_on_password(settings.camera, theirs, keystore)
    hand_on_token(access_of(settings).address, theirs, keystore)
    with named_troubles():
        for file in _others(own):
            target = paths.home / file.name
            if not target.exists():
                write_file(target, read_plain(file, _MOST_BYTES), OWNER_ONLY)
