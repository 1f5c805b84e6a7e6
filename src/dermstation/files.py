"""Write files whole or not at all, write them in place, and remove them thoroughly.

Everything that the station stores is written through this module, which knows nothing about keys,
the database or patients. Synchronous; call it from any thread or process, but for one path only
from one at a time. Overwriting depends on the file system: on SSDs and copy-on-write file systems
the old bytes may remain elsewhere, so no caller may claim that anything was physically erased.
"""

import ctypes
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from dermstation.plain_files import NotPlainError

PATIENCE_S = 2.0  # with another program that holds a file or folder
PART_SUFFIX = ".part"  # marks a file that is still being written
OWNER_ONLY = 0o600
OWNER_ENTERS = 0o700  # of a folder
_CHUNK_BYTES = 1 << 20
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_ANYBODY = 0o666  # narrowed by the umask
_GROUP_FOLDER = stat.S_ISGID | stat.S_IRWXG  # a group shares what is in such a folder
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.05, 0.5
_HELD = {5, 32}  # ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION: winerror.h
_NOT_CONTENT_INDEXED, _NO_ATTRIBUTES = 0x2000, -1  # FILE_ATTRIBUTE_*: winnt.h
T = TypeVar("T")


class HeldError(PermissionError):
    """A file or folder cannot be renamed, replaced or removed: another program has it open.

    On Windows, a virus scanner or an indexer refuses that for a moment.
    """


def write_file(path: Path, content: bytes, mode: int = _ANYBODY) -> None:
    """Write a file so that a crash or a power cut leaves either the old content or the new.

    The content goes to a temporary file in the same folder, `path` with `.part` added, which is
    synced and then replaces `path`; a temporary file left by an interrupted write is removed first.
    When this returns, content and name are on the disk. If anything fails, the old file stays as it
    was and OSError is raised: HeldError if another program holds one of the files for long.
    """
    temporary = path.with_name(path.name + PART_SUFFIX)
    remove(temporary, missing_ok=True)
    try:
        with new_file(temporary, mode) as file:
            file.write(content)
        take_name(temporary, path)
    except BaseException:
        with suppress(OSError):
            remove(temporary, missing_ok=True)
        raise
    sync_folder(path.parent)


def patiently(change: Callable[[], T]) -> T:
    """Rename, replace or remove something; try again for PATIENCE_S while another program has it.

    Raises HeldError after that. Raises any other OSError at once.
    """
    waited_s, wait_s = 0.0, _FIRST_WAIT_S
    while True:
        try:
            return change()
        except PermissionError as error:
            if not _is_held(error):
                raise
            if waited_s >= PATIENCE_S:
                raise HeldError(*error.args) from error
        time.sleep(wait_s)
        waited_s += wait_s
        wait_s = min(2 * wait_s, _LONGEST_WAIT_S)


def _is_held(error: PermissionError) -> bool:
    """Return whether Windows says that a program has a file open; opening tells no more than 13."""
    number = getattr(error, "winerror", None)
    return number in _HELD or (number is None and sys.platform == "win32")


def take_name(made: Path, target: Path) -> None:
    """Rename a file or folder; a file replaces one of that name. Raises OSError as `patiently`."""
    rename = made.rename if made.is_dir() else made.replace
    patiently(partial(rename, target))


def remove(path: Path, *, missing_ok: bool = False) -> None:
    """Remove a file's name. Raises OSError as `patiently`."""
    patiently(partial(path.unlink, missing_ok=missing_ok))


def remove_folder(folder: Path) -> None:
    """Remove an empty folder. Raises OSError as `patiently`."""
    patiently(folder.rmdir)


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it. Raises OSError as `patiently`."""
    patiently(partial(shutil.rmtree, folder))


@contextmanager
def new_file(path: Path, mode: int = _ANYBODY) -> Iterator[BinaryIO]:
    """Create a file to write in the block; its content is on the disk when the block ends.

    Its name is durable only after `sync_folder`. Raises FileExistsError if there is already a file
    or link of that name. After an error, the caller must remove what was written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, mode)
    with os.fdopen(descriptor, "wb") as file:
        _let_group_in(descriptor, path, mode)
        yield file
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable. Windows has no such call and needs none on NTFS."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | _FLAGS)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_in_place(path: Path, content: bytes) -> None:
    """Overwrite the file with `content` from its start, and sync it.

    Only its owner can read a new file. The file never gets shorter: this is meant for files of a
    fixed size. Raises OSError.
    """
    is_new = not path.exists()
    flags = os.O_RDWR | os.O_CREAT | _FLAGS | _NO_LINK | _NO_WAIT
    descriptor = patiently(partial(os.open, path, flags, OWNER_ONLY))
    try:
        _check_plain(descriptor)
        _check_named(path)
        if is_new:
            _let_group_in(descriptor, path, OWNER_ONLY)
        _write_all(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


def overwrite(descriptor: int, length: int, *, start: int = 0) -> None:
    """Overwrite `length` bytes of an open file with random ones from `start` on, and sync it.

    It takes a descriptor, so that the caller can check first which file it is. Raises OSError.
    """
    os.lseek(descriptor, start, os.SEEK_SET)
    while length > 0:
        chunk = os.urandom(min(length, _CHUNK_BYTES))
        _write_all(descriptor, chunk)
        length -= len(chunk)
    os.fsync(descriptor)


def scrub(path: Path, *, start: int = 0) -> None:
    """Overwrite a file from `start` to its end and sync it; refuses anything else.

    Raises OSError.
    """
    descriptor = patiently(partial(os.open, path, os.O_RDWR | _FLAGS | _NO_LINK | _NO_WAIT))
    try:
        _check_plain(descriptor)
        _check_named(path)
        overwrite(descriptor, os.fstat(descriptor).st_size - start, start=start)
    finally:
        os.close(descriptor)


def make_private(folder: Path) -> None:
    """Create a folder as `make_folder` does, or close an existing one. Raises OSError."""
    make_folder(folder, exist_ok=True)
    tighten(folder, OWNER_ENTERS)
    keep_unindexed(folder)


def make_folder(folder: Path, *, exist_ok: bool = False) -> None:
    """Create a folder that only its owner may enter, and the group that the one around it is for.

    On Windows it has the access list of the folder around it: newer versions of Python would take
    a mode of 0o700 for a list of its own, which keeps out the accounts that share the station.
    Raises OSError.
    """
    if sys.platform == "win32":
        folder.mkdir(parents=True, exist_ok=exist_ok)
        return
    is_new = not folder.exists()
    folder.mkdir(mode=OWNER_ENTERS, parents=True, exist_ok=exist_ok)
    if is_new and _is_for_group(folder.parent):
        folder.chmod(_GROUP_FOLDER | OWNER_ENTERS)


def share_in_advance(path: Path) -> None:
    """Create an empty file for a group, if the folder is for one and the file is not there.

    For what is not made by `new_file`: SQLite would make a file that the group cannot write. Raises
    OSError.
    """
    if sys.platform != "win32" and _is_for_group(path.parent) and not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | _FLAGS | _NO_LINK, OWNER_ONLY)
        try:
            _let_group_in(descriptor, path, OWNER_ONLY)
        finally:
            os.close(descriptor)


def _is_for_group(folder: Path) -> bool:
    """Return whether a group shares a folder: it may write there, and owns what is made there."""
    try:
        found = folder.stat().st_mode
    except OSError:  # whoever makes something there is told
        return False
    return found & _GROUP_FOLDER == _GROUP_FOLDER and not found & stat.S_IRWXO


def _let_group_in(descriptor: int, path: Path, mode: int) -> None:
    """Give the group what the owner may do with a new file, if a group shares its folder."""
    if sys.platform != "win32" and _is_for_group(path.parent):
        of_owner = mode & stat.S_IRWXU
        os.fchmod(descriptor, of_owner | of_owner >> 3)


def keep_unindexed(folder: Path) -> bool:
    """Keep Windows Search out of a folder and of what is made in it; return whether it is.

    Nothing is done on other systems. Never fails: not every file system knows such a mark.
    """
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        marks = kernel.GetFileAttributesW(str(folder))
        if marks != _NO_ATTRIBUTES:
            return bool(kernel.SetFileAttributesW(str(folder), marks | _NOT_CONTENT_INDEXED))
    return False


def tighten(path: Path, mode: int) -> None:
    """Take from a file or folder of ours the permissions beyond `mode`. Raises OSError.

    What somebody else owns stays as it is, and so does a folder in which everybody may create
    files, such as the system's folder for temporary files; in a group's folder, what the group may
    do stays. Nothing is done on Windows.
    """
    if sys.platform == "win32":
        return
    if _is_for_group(path.parent):
        mode |= stat.S_ISGID | (mode & stat.S_IRWXU) >> 3
    found = path.lstat()
    is_ours = found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX
    present = stat.S_IMODE(found.st_mode)
    if is_ours and not stat.S_ISLNK(found.st_mode) and present & ~mode:
        path.chmod(present & mode)


def shred(path: Path) -> None:
    """Overwrite a file, unlink it and sync its folder; a missing file is fine.

    A symbolic link is not followed. Raises OSError if any of these steps fails.
    """
    try:
        if sys.platform == "win32":
            path.chmod(OWNER_ONLY)  # a read-only attribute would keep the file
        scrub(path)
        remove(path)
    except FileNotFoundError:
        return
    sync_folder(path.parent)


def _check_plain(descriptor: int) -> None:
    """Refuse to write into a pipe or onto a device."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise NotPlainError


def _check_named(path: Path) -> None:
    """Refuse a link that was followed: Windows cannot be told to open none.

    A file that is open there keeps its name, so this cannot change before it is written.
    """
    if not _NO_LINK and not stat.S_ISREG(path.lstat().st_mode):
        raise NotPlainError


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
