"""List the JPEG files of a card or folder. Follows no link, opens no file, and always ends.

Runs in the reader's process.
"""

import heapq
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from dermstation.camera.card.pictures import CardFile, Listing
from dermstation.camera.card.places import dcim_of
from dermstation.camera.card.volumes import is_pulled
from dermstation.camera.card.walking import Walk
from dermstation.domain.errors import ErrorCode, StationError

MOST_LISTED = 400
MOST_SEEN = 20_000
DEEPEST = 3  # folders below the start; a camera makes one for each hundred pictures or so
_SUFFIXES = (".jpg", ".jpeg", ".jpe")


def list_pictures(root: str) -> Listing:
    """List the pictures below a card's DCIM folder, or below `root` if it has none; newest first.

    Raises StationError CARD_ABSENT (the folder is gone) or CARD_UNREADABLE.
    """
    top = Path(root)
    if not top.is_dir():
        raise StationError(ErrorCode.CARD_ABSENT)
    count = _Count(top)
    pictures = heapq.nlargest(MOST_LISTED, count.pictures(dcim_of(top) or top), key=_newness)
    if is_pulled(root):  # FAT lists it as empty
        raise StationError(ErrorCode.CARD_ABSENT)
    return Listing(
        tuple(pictures),
        count.others,
        count.found - len(pictures),
        is_whole=not count.walk.was_cut,
    )


class _Count:
    """The pictures and other files that a walk finds."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self.walk = Walk(DEEPEST, MOST_SEEN)
        self.found = 0
        self.others = 0

    def pictures(self, start: Path) -> Iterator[CardFile]:
        """Yield each picture once."""
        for entry, found in self.walk.files(start):
            if entry.name.startswith(".") or not entry.name.lower().endswith(_SUFFIXES):
                self.others += not entry.name.startswith(".")
                continue
            self.found += 1
            path = os.path.relpath(entry.path, self._top)
            yield CardFile(path, found.st_size, instant(found.st_mtime))


def _newness(file: CardFile) -> tuple[float, str]:
    return (file.modified_at.timestamp() if file.modified_at else 0.0, file.path)


def instant(seconds: float) -> datetime | None:
    """Return a file's time, or None if it is not a valid one."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (OverflowError, OSError, ValueError):
        return None
