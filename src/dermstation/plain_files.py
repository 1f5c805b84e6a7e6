"""Read plain files, and only those, from folders that somebody else may write to.

Opening a named pipe waits for ever, a device can do something, a link leads anywhere, and a folder
may hold any number of files of any size. Nothing here waits, follows a link unless told to, or
reads or lists more than it was told.
"""

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from io import BufferedReader
from itertools import islice
from pathlib import Path

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class NotPlainError(OSError):
    """What has this name is a link, a folder, a pipe, a socket or a device."""

    def __init__(self) -> None:
        super().__init__(errno.EINVAL, "not a plain file")


class TooLargeError(OSError):
    """A file is larger than the caller can use."""

    def __init__(self) -> None:
        super().__init__(errno.EFBIG, "too large")


def open_plain(path: Path, *, follows_link: bool = False) -> BufferedReader:
    """Open a plain file to read it. Raises OSError: NotPlainError if it is anything else."""
    before = path.stat() if follows_link else path.lstat()
    if not stat.S_ISREG(before.st_mode):
        raise NotPlainError
    flags = _FLAGS | _NO_WAIT | (0 if follows_link else _NO_LINK)
    file = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # exchanged in between
        file.close()
        raise NotPlainError
    return file


def read_plain(path: Path, most_bytes: int, *, follows_link: bool = False) -> bytes:
    """Return what is in a plain file. Raises OSError: TooLargeError beyond `most_bytes`."""
    with open_plain(path, follows_link=follows_link) as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise TooLargeError
    return content


def plain_files(folder: Path, most: int, is_wanted: Callable[[str], bool]) -> list[Path]:
    """Return the plain files of a folder whose names are wanted, `most` at most, sorted.

    Raises OSError.
    """
    with os.scandir(folder) as entries:
        wanted = (one for one in entries if is_wanted(one.name))
        plain = (Path(one.path) for one in wanted if one.is_file(follow_symlinks=False))
        return sorted(islice(plain, most))


def is_plain(path: Path) -> bool:
    """Return whether there is a plain file, and no link to one. Raises OSError."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def check_plain_or_absent(*paths: Path) -> None:
    """Refuse anything but plain files; links are followed. Raises OSError: NotPlainError."""
    for path in paths:
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(path.stat().st_mode):
                raise NotPlainError


def has_other_names(path: Path) -> bool:
    """Return whether a file is also reached by another name (a hard link). Raises OSError."""
    return path.lstat().st_nlink > 1


def real_path(path: str | Path) -> Path:
    """Return where links lead; the path itself if one of them goes while it is followed.

    A device may be pulled out at any moment, and the system's links to it go with it.
    """
    try:
        return Path(os.path.realpath(path))
    except OSError:
        return Path(path)
