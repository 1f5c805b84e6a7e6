"""List the JPEG files of a card or folder. Follows no link, opens no file, and always ends.

Runs in the reader's process.
"""

import heapq
import os
import stat
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from dermstation.camera.card.pictures import CardFile, Listing
from dermstation.camera.card.places import dcim_of
from dermstation.domain.errors import ErrorCode, StationError

MOST_LISTED = 400
MOST_SEEN = 20_000
DEEPEST = 3  # folders below the start; a camera makes one for each hundred pictures or so
_LONGEST_S = 8.0
_SUFFIXES = (".jpg", ".jpeg", ".jpe")
_NOT_A_CAMERA_S = frozenset({"$recycle.bin", "system volume information", "lost+found"})
_REPARSE_POINT = 0x400  # Windows: a junction or link, which must not be followed


def list_pictures(root: str) -> Listing:
    """List the pictures below a card's DCIM folder, or below `root` if it has none; newest first.

    Raises StationError CARD_ABSENT (the folder is gone) or CARD_UNREADABLE.
    """
    top = Path(root)
    if not top.is_dir():
        raise StationError(ErrorCode.CARD_ABSENT)
    walk = _Walk(top)
    pictures = heapq.nlargest(MOST_LISTED, walk.pictures(dcim_of(top) or top), key=_newness)
    return Listing(
        tuple(pictures), walk.others, walk.found - len(pictures), is_whole=not walk.was_cut
    )


class _Walk:
    """One walk through the folders, with its limits."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._ends_at = time.monotonic() + _LONGEST_S
        self._seen = 0
        self.found = 0
        self.others = 0
        self.was_cut = False

    def pictures(self, start: Path) -> Iterator[CardFile]:
        """Yield each picture once, skipping subfolders that cannot be read."""
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
                    if (picture := self._picture(entry)) is not None:
                        yield picture
                    elif depth < DEEPEST and _is_folder(entry):
                        waiting.append((Path(entry.path), depth + 1))

    def _bounded(self, entries: Iterator["os.DirEntry[str]"]) -> Iterator["os.DirEntry[str]"]:
        while True:
            self._seen += 1
            if self._seen > MOST_SEEN or time.monotonic() > self._ends_at:
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

    def _picture(self, entry: "os.DirEntry[str]") -> CardFile | None:
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            return None
        if not stat.S_ISREG(found.st_mode) or _is_reparse_point(found):
            return None
        if entry.name.startswith(".") or not entry.name.lower().endswith(_SUFFIXES):
            self.others += not entry.name.startswith(".")
            return None
        self.found += 1
        path = os.path.relpath(entry.path, self._top)
        return CardFile(path, found.st_size, _instant(found.st_mtime))


def _newness(file: CardFile) -> tuple[float, str]:
    return (file.modified_at.timestamp() if file.modified_at else 0.0, file.path)


def _instant(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (OverflowError, OSError, ValueError):
        return None


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    if entry.name.startswith(".") or entry.name.lower() in _NOT_A_CAMERA_S:
        return False
    try:
        return entry.is_dir(follow_symlinks=False) and not _is_reparse_point(
            entry.stat(follow_symlinks=False)
        )
    except OSError:
        return False


def _is_reparse_point(found: os.stat_result) -> bool:
    if sys.platform == "win32":
        return bool(found.st_file_attributes & _REPARSE_POINT)
    return False
