"""Find the companions of pictures on a card: other files of the same shots. Runs in the reader.

Beside the names, the content is looked at: a second copy under any name has the picture's SHA-256.
"""

import hashlib
import heapq
import os
from collections.abc import Sequence
from pathlib import Path, PurePath

from dermstation.camera.card.listing import MOST_SEEN, instant
from dermstation.camera.card.opening import open_regular
from dermstation.camera.card.pictures import CardFile, Companion, Companions, ImportedPicture
from dermstation.camera.card.same_shot import Kinship, kinship
from dermstation.camera.card.walking import Walk
from dermstation.domain.errors import ErrorCode, StationError

MOST_COMPANIONS = 200
_DEEPEST = 8
_MOST_HASHED_BYTES = 256 * 2**20
_READ_BYTES = 1 << 20


def find_companions(root: str, pictures: Sequence[ImportedPicture]) -> Companions:
    """Find the companions of imported pictures anywhere on a card, the certain ones first.

    Raises StationError CARD_ABSENT or CARD_UNREADABLE.
    """
    top = Path(root)
    if not top.is_dir():
        raise StationError(ErrorCode.CARD_ABSENT)
    search = _Search(top, pictures)
    walk = Walk(_DEEPEST, MOST_SEEN, everywhere=True)
    found = []
    for entry, about in walk.files(top):
        path = os.path.relpath(entry.path, top)
        if (companion := search.judge(path, about)) is not None:
            found.append(companion)
    first = heapq.nsmallest(MOST_COMPANIONS, found, key=lambda one: (not one.is_certain, one.path))
    return Companions(
        tuple(first), is_whole=not walk.was_cut and not search.was_cut and len(first) == len(found)
    )


class _Search:
    """The pictures whose companions are looked for."""

    def __init__(self, top: Path, pictures: Sequence[ImportedPicture]) -> None:
        self._top = top
        self._pictures = pictures
        self._paths = {PurePath(one.path) for one in pictures}
        self._sizes = {one.size_bytes for one in pictures}
        self._bytes_left = _MOST_HASHED_BYTES
        self.was_cut = False

    def judge(self, path: str, about: os.stat_result) -> Companion | None:
        """Return a file as the companion of the picture to which it belongs most surely."""
        place = PurePath(path)
        if place in self._paths:
            return None
        file = CardFile(path, about.st_size, instant(about.st_mtime))
        sha256 = self._hash(file) if file.size_bytes in self._sizes else None
        possible = None
        for picture in self._pictures:
            kin = kinship(PurePath(picture.path), place)
            if kin is Kinship.CERTAIN or sha256 == picture.sha256:
                return Companion(file, picture.path, is_certain=True)
            if kin is not None and possible is None:
                possible = Companion(file, picture.path, is_certain=False)
        return possible

    def _hash(self, file: CardFile) -> str | None:
        """Return the SHA-256 of a file that has the size of a picture, or None if unreadable."""
        self._bytes_left -= file.size_bytes
        if self._bytes_left < 0:
            self.was_cut = True
            return None
        digest = hashlib.sha256()
        try:
            with open_regular(str(self._top), file.path) as opened:
                while chunk := os.read(opened.descriptor, _READ_BYTES):
                    digest.update(chunk)
        except (OSError, StationError):
            self.was_cut = True
            return None
        return digest.hexdigest()
