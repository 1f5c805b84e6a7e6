"""Open a regular file on a card and nothing else: no link, no pipe, no device, no "..".

Runs in the reader's process. On POSIX each folder is opened relative to its parent, so that
swapping a folder for a link meanwhile has no effect.
"""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import remove

_FLAGS = (
    getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # do not wait for a pipe that is named like a picture
)
_REPARSE_POINT = 0x400


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An open regular file and its location."""

    descriptor: int
    path: Path
    found: os.stat_result
    folder: int | None = None  # descriptor of its folder; None on Windows, which has none

    @property
    def must_be_closed_first(self) -> bool:
        """Return whether the file must be closed before it can be deleted, as on Windows."""
        return self.folder is None

    def is_still_here(self) -> bool:
        """Return whether the name still refers to the open file.

        On Windows it is enough that the name exists, because a file that is open like this cannot
        be renamed or deleted.
        """
        try:
            if self.folder is None:
                return os.path.lexists(self.path)
            now = os.stat(self.path.name, dir_fd=self.folder, follow_symlinks=False)
        except OSError:
            return False
        return (now.st_dev, now.st_ino) == (self.found.st_dev, self.found.st_ino)

    def unlink(self) -> None:
        """Delete the file's name. Raises OSError."""
        if self.folder is None:
            remove(self.path)
        else:
            os.unlink(self.path.name, dir_fd=self.folder)

    def flush_folder(self) -> None:
        """Make a deletion durable; does nothing on Windows, which has no such call."""
        if self.folder is not None:
            os.fsync(self.folder)


@contextmanager
def open_regular(root: str, path: str, *, writable: bool = False) -> Iterator[OpenFile]:
    """Open the regular file `path` below `root` for the time of the block.

    Raises StationError IMAGE_UNREADABLE for anything but a regular file, or for a path that is
    absolute or contains "..". Raises OSError if it cannot be opened, and on POSIX for a link.
    """
    parts = PurePath(path).parts
    # on Windows, "/name" and "C:name" are not absolute, and leave the card all the same
    if not parts or PurePath(path).anchor or ".." in parts:
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="path")
    with folder_of(root, parts[:-1]) as folder:
        mode = os.O_RDWR if writable else os.O_RDONLY
        whole = Path(root, *parts)
        if folder is None:
            _refuse_links(Path(root), parts)
            descriptor = os.open(whole, mode | _FLAGS)
        else:
            descriptor = os.open(parts[-1], mode | _FLAGS, dir_fd=folder)
        try:
            found = os.fstat(descriptor)
            if folder is None:
                _refuse_links(Path(root), parts)  # none took its place in between
            if not stat.S_ISREG(found.st_mode):
                raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="no file")
            yield OpenFile(descriptor, whole, found, folder)
        finally:
            os.close(descriptor)


@contextmanager
def folder_of(root: str, parts: tuple[str, ...]) -> Iterator[int | None]:
    """Open a folder below `root` and no link; None on Windows, where a folder cannot be opened."""
    if sys.platform == "win32":
        yield None
        return
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    folder = os.open(root, flags)
    try:
        for part in parts:
            above, folder = folder, os.open(part, flags | os.O_NOFOLLOW, dir_fd=folder)
            os.close(above)
        yield folder
    finally:
        os.close(folder)


def _refuse_links(root: Path, parts: tuple[str, ...]) -> None:
    place = root
    for part in parts:
        place /= part
        found = place.lstat()
        attributes = getattr(found, "st_file_attributes", 0)
        if stat.S_ISLNK(found.st_mode) or attributes & _REPARSE_POINT:
            raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="link")
