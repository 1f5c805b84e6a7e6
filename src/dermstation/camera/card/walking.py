"""Walk through the folders of a card: follows no link, opens no file, and always ends.

Runs in the reader's process.
"""

import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError

_LONGEST_S = 8.0
_NOT_A_CAMERA_S = frozenset({"$recycle.bin", "system volume information", "lost+found"})
_REPARSE_POINT = 0x400  # Windows: a junction or link, which must not be followed


class Walk:
    """One walk, with its limits; `was_cut` tells that not everything was seen."""

    def __init__(self, deepest: int, most_seen: int, *, everywhere: bool = False) -> None:
        """`deepest` counts folders below the start; `everywhere` includes hidden folders."""
        self._deepest = deepest
        self._most_seen = most_seen
        self._everywhere = everywhere
        self._ends_at = time.monotonic() + _LONGEST_S
        self._seen = 0
        self.was_cut = False

    def files(self, start: Path) -> Iterator[tuple["os.DirEntry[str]", os.stat_result]]:
        """Yield each regular file once, skipping subfolders that cannot be read.

        Raises StationError CARD_UNREADABLE if the start itself cannot be read.
        """
        waiting = [(start, 0)]
        while waiting:
            folder, depth = waiting.pop()
            try:
                entries = os.scandir(folder)
            except OSError as error:
                if folder == start:
                    raise StationError(ErrorCode.CARD_UNREADABLE, errno=error.errno) from None
                self.was_cut = True
                continue
            with entries:
                for entry in self._bounded(entries):
                    if (found := _regular(entry)) is not None:
                        yield entry, found
                    elif self._is_entered(entry):
                        if depth < self._deepest:
                            waiting.append((Path(entry.path), depth + 1))
                        elif self._everywhere:
                            self.was_cut = True

    def _bounded(self, entries: Iterator["os.DirEntry[str]"]) -> Iterator["os.DirEntry[str]"]:
        while True:
            self._seen += 1
            if self._seen > self._most_seen or time.monotonic() > self._ends_at:
                self.was_cut = True
                return
            try:
                entry = next(entries, None)
            except OSError:  # a damaged folder: nothing more can be read from it
                self.was_cut = True
                return
            if entry is None:
                return
            yield entry

    def _is_entered(self, entry: "os.DirEntry[str]") -> bool:
        is_hidden = entry.name.startswith(".") or entry.name.lower() in _NOT_A_CAMERA_S
        if is_hidden and not self._everywhere:
            return False
        try:
            return entry.is_dir(follow_symlinks=False) and not _is_reparse_point(
                entry.stat(follow_symlinks=False)
            )
        except OSError:
            return False


def _regular(entry: "os.DirEntry[str]") -> os.stat_result | None:
    """Return what the system tells of a regular file, or None for anything else."""
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    return found if stat.S_ISREG(found.st_mode) and not _is_reparse_point(found) else None


def _is_reparse_point(found: os.stat_result) -> bool:
    if sys.platform == "win32":
        return bool(found.st_file_attributes & _REPARSE_POINT)
    return False
