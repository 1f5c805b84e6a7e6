"""Remove exported files: overwrite them, unlink them, and report on each.

Never raises for a file that cannot be removed: the certificate must list it. An item is "removed"
only if it was found and removed here: a file that is gone may lie elsewhere, in the clear.
Overwriting proves nothing on solid-state or copy-on-write storage, and nothing here claims that it
does. Only the files that are named, and those that file browsers add to a package folder, are
touched.
"""

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path

from dermstation.domain.records import WipedItem
from dermstation.files import overwrite, patiently, remove, remove_folder, sync_folder
from dermstation.plain_files import open_plain

FOLDER_PREFIX = "referral-"  # of every package
PART_SUFFIX = ".part"  # marks a package folder that is still being written
KIND_FILE = "package file"
KIND_FOLDER = "package folder"
METHOD_OVERWRITTEN = "overwritten with random bytes, deleted"
METHOD_MISSING = "not found; not removed by the station"
METHOD_LINK = "a link was in its place; the link was deleted, its target not touched"
METHOD_OTHER = "another file was in its place; that one was overwritten and deleted"
METHOD_FAILED = "could not be removed"
METHOD_FOLDER = "folder deleted"
METHOD_NOT_EMPTY = "folder holds files that are not the package's"
# what file browsers leave beside pictures: thumbnails and their own settings
BROWSER_FILES = ("Thumbs.db", "ehthumbs.db", "desktop.ini", ".DS_Store", ".directory")
_READ_BYTES = 1 << 20
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Lying(StrEnum):
    """The kinds of things found at the place of a file that the station wrote."""

    AS_MADE = "as it was made"
    OTHER = "another content"
    LINK = "a link"
    MISSING = "nothing"
    STUBBORN = "nothing that can be read or removed as a file"


def what_lies(path: Path, sha256: str | None) -> Lying:
    """Look at a file before it is removed; without a hash, any regular file is as it was made."""
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            return Lying.LINK
        if not stat.S_ISREG(found.st_mode):
            return Lying.STUBBORN
        return Lying.AS_MADE if sha256 in (None, _hash(path)) else Lying.OTHER
    except (FileNotFoundError, NotADirectoryError):
        return Lying.MISSING
    except OSError:
        return Lying.STUBBORN


def overwrite_file(path: Path) -> bool:
    """Overwrite a file with random bytes, on the disk; return whether that was done.

    A link is not followed, and counts as done.
    """
    try:
        found = path.lstat()
        if stat.S_ISREG(found.st_mode):
            _make_writable(path, found.st_mode)
            patiently(partial(_overwrite, path, found))
    except OSError:
        return False
    return True


def unlink_file(path: Path) -> bool:
    """Unlink a file that was overwritten, and flush its folder; return whether that was done."""
    try:
        remove(path, missing_ok=True)
        sync_folder(path.parent)
    except FileNotFoundError:
        return True  # its folder is gone as well
    except OSError:
        return False
    return True


def place_of(path: Path) -> Path:
    """Return where a package's file lies: in its folder, or in the one it was written in."""
    part = path.parent.with_name(path.parent.name + PART_SUFFIX) / path.name
    return part if os.path.lexists(part) and not os.path.lexists(path) else path


def folders_of(folder: Path) -> list[Path]:
    """List the folders of a package that exist: its own, and the one it is written in."""
    places = (folder, folder.with_name(folder.name + PART_SUFFIX))
    return [place for place in places if os.path.lexists(place)]


def tidy_folder(folder: Path) -> tuple[WipedItem, ...]:
    """Remove what file browsers left in a package's emptied folder, and the folder itself."""
    items = [remove_file(folder / name) for name in BROWSER_FILES if os.path.lexists(folder / name)]
    return (*items, _removed_folder(folder))


def stays(item: WipedItem) -> bool:
    """Return whether a file is still at its place: it is tried again later."""
    return item.kind == KIND_FILE and item.method == METHOD_FAILED


def remove_file(path: Path) -> WipedItem:
    """Overwrite a file with random bytes, flush it to the disk, unlink it, and flush its folder.

    A missing file was not removed, and the method says so. If a package's folder is empty
    afterwards, it is removed too. Returns `removed=False` if anything fails; nothing is raised.
    """
    reference = f"{path.parent.name}/{path.name}"
    digest: str | None = None
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            remove(path)
            sync_folder(path.parent)
            _remove_if_empty(path.parent)
            return WipedItem(KIND_FILE, reference, None, METHOD_LINK, removed=False)
        if not stat.S_ISREG(found.st_mode):
            return WipedItem(KIND_FILE, reference, None, METHOD_FAILED, removed=False)
        _make_writable(path, found.st_mode)
        digest = patiently(partial(_overwrite, path, found))
        remove(path)
        sync_folder(path.parent)
    except (FileNotFoundError, NotADirectoryError):
        _remove_if_empty(path.parent)
        return WipedItem(KIND_FILE, reference, digest, METHOD_MISSING, removed=False)
    except OSError:
        return WipedItem(KIND_FILE, reference, digest, METHOD_FAILED, removed=False)
    _remove_if_empty(path.parent)
    return WipedItem(KIND_FILE, reference, digest, METHOD_OVERWRITTEN, removed=True)


def remove_package(names: Sequence[str], folder: Path) -> tuple[WipedItem, ...]:
    """Remove a package's files, finished or partly written, and its folder.

    Files that a file browser added are removed too. Any other file is left alone; the folder then
    stays and is reported as not removed.
    """
    there = folders_of(folder)
    part = folder.with_name(folder.name + PART_SUFFIX)
    items = [remove_file(place_of(folder / name)) for name in names]
    items += [remove_file(part / name) for name in names if os.path.lexists(part / name)]
    return (*items, *(item for place in there for item in tidy_folder(place)))


def _overwrite(path: Path, expected: os.stat_result) -> str:
    """Overwrite the file that was examined, but not one that has since taken its place.

    Returns the SHA-256 of what it contained. Raises OSError ESTALE for another file.
    """
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0) | _NO_LINK)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        found = os.fstat(file.fileno())
        # Windows may number files differently in the two calls, but nobody can give the name of a
        # file that is open here to another one: so it may be asked for again
        now = path.lstat() if os.name == "nt" else found
        if not os.path.samestat(now, expected) or not stat.S_ISREG(now.st_mode):
            raise OSError(errno.ESTALE, "another file")
        while chunk := file.read(_READ_BYTES):
            digest.update(chunk)
        overwrite(file.fileno(), found.st_size)
    return digest.hexdigest()


def _hash(path: Path) -> str:
    with open_plain(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_writable(path: Path, mode: int) -> None:
    if not mode & stat.S_IWUSR:
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)


def _remove_if_empty(folder: Path) -> None:
    """Remove a package's folder, finished or partly written, if it is empty; never another one."""
    if folder.name.startswith(FOLDER_PREFIX):
        with contextlib.suppress(OSError):
            remove_folder(folder)
            sync_folder(folder.parent)


def _removed_folder(folder: Path) -> WipedItem:
    try:
        remove_folder(folder)
        sync_folder(folder.parent)
    except FileNotFoundError:
        pass  # it went with its last file
    except OSError:
        method = METHOD_NOT_EMPTY if _holds_files(folder) else METHOD_FAILED
        return WipedItem(KIND_FOLDER, folder.name, None, method, removed=False)
    return WipedItem(KIND_FOLDER, folder.name, None, METHOD_FOLDER, removed=True)


def _holds_files(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        return False
