"""A closed vault copied to another place, and the one that was copied wiped.

The copy is read back and compared. The old folder gets another name before anything in it is
overwritten, so that it is a whole vault or known to be none. Runs in the vault's thread.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import (
    OWNER_ONLY,
    make_folder,
    new_file,
    remove_tree,
    shred,
    sync_folder,
    take_name,
)
from dermstation.plain_files import open_plain
from dermstation.security.disk import named_troubles
from dermstation.security.keyfile import KEY_FILES
from dermstation.vault.store import EPISODES_FOLDER, INDEX_FILE

_PIECE_BYTES = 1 << 20


def copy_vault(folder: Path, target: Path) -> None:
    """Copy a closed vault to a new folder, and compare every byte with what was read.

    What an earlier try left in the new folder is removed first. Raises StationError:
    VAULT_WRITE_FAILED (what is read back differs), and the errors of a write.
    """
    with named_troubles():
        if target.exists():
            remove_tree(target)
        make_folder(target)
        for file in _files(folder):
            copy = target / file.relative_to(folder)
            make_folder(copy.parent, exist_ok=True)
            if _copied(file, copy) != _digest(copy):
                raise StationError(ErrorCode.VAULT_WRITE_FAILED, step="check")
        for one in {target, *(made.parent for made in _files(target))}:
            sync_folder(one)


def mark_of(folder: Path) -> str:
    """Return a text that differs for every state of a closed vault. Raises OSError."""
    names = (*KEY_FILES, INDEX_FILE)
    counted = [one for one in _files(folder) if one.name in names or _is_episode(one)]
    lines = [f"{one.relative_to(folder).as_posix()} {_digest(one)}" for one in sorted(counted)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def moved_place(folder: Path) -> Path:
    """Return where a vault lies that was moved away from `folder` and waits to be wiped."""
    return folder.with_name(f"{folder.name}.moved")


def wipe_folder(folder: Path) -> int:
    """Overwrite and remove a vault's folder, if it is there; return how many files it had.

    Raises OSError.
    """
    count = 0
    for file in _files(folder):
        shred(file)
        count += 1
    if folder.exists():
        remove_tree(folder)  # folders, and links whose targets are not ours
        sync_folder(folder.parent)
    return count


def give_up_place(folder: Path) -> None:
    """Give a vault the name of one that is moved and to be wiped. Raises OSError."""
    take_name(folder, moved_place(folder))
    sync_folder(folder.parent)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the plain files of a vault, in order."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _is_episode(file: Path) -> bool:
    return file.parent.name == EPISODES_FOLDER and file.suffix == ".db"


def _copied(file: Path, copy: Path) -> str:
    """Copy a file and return the digest of what was read."""
    digest = hashlib.sha256()
    with open_plain(file) as source, new_file(copy, OWNER_ONLY) as target:
        while piece := source.read(_PIECE_BYTES):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def _digest(file: Path) -> str:
    with open_plain(file) as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
