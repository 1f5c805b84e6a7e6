"""Remove exported files: overwrite them, unlink them, and report on each.

Never raises for a file that cannot be removed: the certificate must list it. Overwriting proves
nothing on solid-state or copy-on-write storage, and nothing here claims that it does. Only the
files that are named, and those that file browsers add to a package folder, are touched.
"""

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from dermstation.domain.records import WipedItem
from dermstation.files import overwrite, sync_folder
from dermstation.handover.plan import FOLDER_PREFIX

PART_SUFFIX = ".part"  # marks a package folder that is still being written
KIND_FILE = "package file"
KIND_FOLDER = "package folder"
METHOD_OVERWRITTEN = "overwritten with random bytes, deleted"
METHOD_MISSING = "was not there any more"
METHOD_LINK = "link deleted, its target not touched"
METHOD_FAILED = "could not be removed"
METHOD_FOLDER = "folder deleted"
METHOD_NOT_EMPTY = "folder holds files that are not the package's"
# what file browsers leave beside pictures: thumbnails and their own settings
BROWSER_FILES = ("Thumbs.db", "ehthumbs.db", "desktop.ini", ".DS_Store", ".directory")
_READ_BYTES = 1 << 20
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def remove_file(path: Path) -> WipedItem:
    """Overwrite a file with random bytes, flush it to the disk, unlink it, and flush its folder.

    A missing file counts as removed, and the method says so. If a package's folder is empty
    afterwards, it is removed too. Returns `removed=False` if anything fails; nothing is raised.
    """
    reference = f"{path.parent.name}/{path.name}"
    digest: str | None = None
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            path.unlink()
            method = METHOD_LINK
        elif not stat.S_ISREG(found.st_mode):
            return WipedItem(KIND_FILE, reference, None, METHOD_FAILED, removed=False)
        else:
            _make_writable(path, found.st_mode)
            digest = _overwrite(path, found)
            path.unlink()
            method = METHOD_OVERWRITTEN
        sync_folder(path.parent)
    except (FileNotFoundError, NotADirectoryError):
        _remove_if_empty(path.parent)
        return WipedItem(KIND_FILE, reference, digest, METHOD_MISSING, removed=True)
    except OSError:
        return WipedItem(KIND_FILE, reference, digest, METHOD_FAILED, removed=False)
    _remove_if_empty(path.parent)
    return WipedItem(KIND_FILE, reference, digest, method, removed=True)


def remove_package(names: Sequence[str], folder: Path) -> tuple[WipedItem, ...]:
    """Remove a package's files, finished or partly written, and its folder.

    Files that a file browser added are removed too. Any other file is left alone; the folder then
    stays and is reported as not removed.
    """
    part = folder.with_name(folder.name + PART_SUFFIX)
    items = [remove_file(folder / name) for name in names]
    for place in (folder, part):
        there = [*BROWSER_FILES, *(names if place is part else ())]
        present = [place / name for name in there if os.path.lexists(place / name)]
        items += [remove_file(path) for path in present]
    items += [
        _removed_folder(place) for place in (folder, part) if place is folder or place.is_dir()
    ]
    return tuple(items)


def _overwrite(path: Path, expected: os.stat_result) -> str:
    """Overwrite the file that was examined, but not one that has since taken its place.

    Returns the SHA-256 of what it contained. Raises OSError ESTALE for another file.
    """
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0) | _NO_LINK)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        found = os.fstat(file.fileno())
        # Some versions of Windows number files differently in the two calls. A swap is unlikely
        # there, because making a link takes a special right.
        if os.name != "nt" and not os.path.samestat(found, expected):
            raise OSError(errno.ESTALE, "another file")
        while chunk := file.read(_READ_BYTES):
            digest.update(chunk)
        overwrite(file.fileno(), found.st_size)
    return digest.hexdigest()


def _make_writable(path: Path, mode: int) -> None:
    if not mode & stat.S_IWUSR:
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)


def _remove_if_empty(folder: Path) -> None:
    """Remove a package's folder, finished or partly written, if it is empty; never another one."""
    if folder.name.startswith(FOLDER_PREFIX):
        with contextlib.suppress(OSError):
            folder.rmdir()
            sync_folder(folder.parent)


def _removed_folder(folder: Path) -> WipedItem:
    try:
        folder.rmdir()
        sync_folder(folder.parent)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError:
        method = METHOD_NOT_EMPTY if _holds_files(folder) else METHOD_FAILED
        return WipedItem(KIND_FOLDER, folder.name, None, method, removed=False)
    return WipedItem(KIND_FOLDER, folder.name, None, METHOD_FOLDER, removed=True)


def _holds_files(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        return False
