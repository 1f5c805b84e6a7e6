"""Files written durably, overwritten in place, and removed thoroughly.

Knows nothing of keys or of the database. Synchronous; callable from any one thread at a time.
Overwriting is a courtesy of the file system: on SSDs and copy-on-write file systems nothing of
it is sure, so no caller may claim physical erasure.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError

_CHUNK_BYTES = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def trouble(error: OSError) -> StationError:
    """Name an operating-system error: VAULT_DISK_FULL, VAULT_READ_ONLY or VAULT_WRITE_FAILED."""
    if error.errno in _FULL:
        return StationError(ErrorCode.VAULT_DISK_FULL)
    if error.errno in _READ_ONLY:
        return StationError(ErrorCode.VAULT_READ_ONLY)
    return StationError(ErrorCode.VAULT_WRITE_FAILED, errno=error.errno)


@contextmanager
def named_troubles() -> Iterator[None]:
    """Turn an OSError of the block into the StationError that `trouble` names."""
    try:
        yield
    except OSError as error:
        raise trouble(error) from error


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
    """Write `content` over the file from its start and sync it; a new file is made for its owner.

    The length never shrinks: meant for files of one fixed size. Raises OSError.
    """
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _FLAGS | _NO_LINK, 0o600)
    try:
        _write_all(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


def scrub(path: Path, *, start: int = 0) -> None:
    """Overwrite a file with random bytes from `start` to its end, and sync it. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | _FLAGS | _NO_LINK)
    try:
        left = os.fstat(descriptor).st_size - start
        os.lseek(descriptor, start, os.SEEK_SET)
        while left > 0:
            chunk = os.urandom(min(left, _CHUNK_BYTES))
            _write_all(descriptor, chunk)
            left -= len(chunk)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def shred(path: Path) -> None:
    """Overwrite a file with random bytes, sync, unlink, sync its folder; an absent file is fine.

    A symbolic link is not followed. Raises OSError when anything of this fails.
    """
    try:
        if sys.platform == "win32":
            path.chmod(0o600)  # a read-only attribute would keep the file
        scrub(path)
        path.unlink()
    except FileNotFoundError:
        return
    sync_folder(path.parent)


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
