"""Erase one picture from a card, and only if its content is the one known to be stored already.

A companion of a picture is erased only if it is the file that the operator was shown. Overwrites
with random bytes, flushes and deletes. Flash memory writes new data to another place, so nothing
here claims that the old bytes are gone from the chips. Runs in the reader's process; never raises
for a file that cannot be erased.
"""

import errno
import hashlib
import os
from collections.abc import Callable

from dermstation.camera.card.listing import instant
from dermstation.camera.card.opening import OpenFile, open_regular
from dermstation.camera.card.pictures import CardFile, EraseOutcome
from dermstation.camera.card.volumes import is_pulled
from dermstation.domain.errors import StationError
from dermstation.files import HeldError, overwrite

_READ_BYTES = 1 << 20
_JPEG_START = b"\xff\xd8\xff"
_PROTECTED = {errno.EROFS, errno.EACCES, errno.EPERM}
_TAKEN = {errno.ELOOP, errno.ENOTDIR}  # a link or something else now has a name in the path


def erase(root: str, path: str, sha256: str, half_erased_bytes: int = 0) -> EraseOutcome:
    """Erase the file if its content has this SHA-256; any other content is left alone.

    If an earlier erasure of this file was interrupted, `half_erased_bytes` is the picture's size: a
    file of exactly that size that no longer begins like a JPEG is what that erasure left.
    """
    return _erase(
        root,
        path,
        lambda file: _hash(file) == sha256 or _is_half_erased(file, half_erased_bytes),
    )


def erase_companion(root: str, shown: CardFile) -> EraseOutcome:
    """Erase the file if its size and time are those that were shown."""

    def is_it(file: OpenFile) -> bool:
        found = file.found
        return (found.st_size, instant(found.st_mtime)) == (shown.size_bytes, shown.modified_at)

    return _erase(root, shown.path, is_it)


def _erase(root: str, path: str, is_it: Callable[[OpenFile], bool]) -> EraseOutcome:
    outcome = _tried(root, path, is_it)
    # FAT answers on a card that was pulled out as if it were empty
    return EraseOutcome.FAILED if outcome.is_off and is_pulled(root) else outcome


def _tried(root: str, path: str, is_it: Callable[[OpenFile], bool]) -> EraseOutcome:
    try:
        with open_regular(root, path, writable=True) as file:
            if not is_it(file) or not file.is_still_here():
                return EraseOutcome.CHANGED
            is_overwritten = _overwrite(file)
            if is_overwritten is None:
                return EraseOutcome.PROTECTED
            if not file.must_be_closed_first:
                return _delete(file, is_overwritten=is_overwritten)
        return _delete(file, is_overwritten=is_overwritten)
    except StationError:
        return EraseOutcome.CHANGED  # a link or folder now has the name
    except OSError as error:
        return _outcome_of(error, root)


def _delete(file: OpenFile, *, is_overwritten: bool) -> EraseOutcome:
    try:
        file.unlink()
        file.flush_folder()
    except OSError as error:
        return EraseOutcome.PROTECTED if _is_protection(error) else EraseOutcome.FAILED
    return EraseOutcome.ERASED if is_overwritten else EraseOutcome.DELETED


def _overwrite(file: OpenFile) -> bool | None:
    """Overwrite in place and return True; False if that fails, None if writing is not allowed."""
    try:
        overwrite(file.descriptor, file.found.st_size)
    except OSError as error:
        return None if _is_protection(error) else False
    return True


def _is_half_erased(file: OpenFile, size_bytes: int) -> bool:
    if size_bytes == 0 or file.found.st_size != size_bytes:
        return False
    os.lseek(file.descriptor, 0, os.SEEK_SET)
    return os.read(file.descriptor, len(_JPEG_START)) != _JPEG_START


def _hash(file: OpenFile) -> str:
    digest = hashlib.sha256()
    os.lseek(file.descriptor, 0, os.SEEK_SET)
    while chunk := os.read(file.descriptor, _READ_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _outcome_of(error: OSError, root: str) -> EraseOutcome:
    if _is_protection(error):
        return EraseOutcome.PROTECTED
    if error.errno == errno.ENOENT and os.path.isdir(root):  # noqa: PTH112 - returns False for any error
        return EraseOutcome.GONE
    if error.errno in _TAKEN:
        return EraseOutcome.CHANGED
    return EraseOutcome.FAILED


def _is_protection(error: OSError) -> bool:
    """Return whether the card refuses to be written, rather than a program that has a file open."""
    return error.errno in _PROTECTED and not isinstance(error, HeldError)
