"""The pictures on a card: the file, what was read from it, and what became of it.

Plain values, used on both sides of the reader's pipe.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from dermstation.domain.quality import QualityReport

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class CardFile:
    """One file as the listing found it; `path` is relative to the card's folder."""

    path: str
    size_bytes: int
    modified_at: datetime | None = None  # by the camera's clock; None if not a valid time

    @property
    def shown_name(self) -> str:
        """Return the file's name for the screen: shortened, without control characters."""
        name = self.path.replace("\\", "/").rsplit("/", 1)[-1]
        clean = "".join(sign if sign.isprintable() else "\ufffd" for sign in name)
        if len(clean) > _LONGEST_NAME:
            return f"{clean[: _LONGEST_NAME - 9]}\u2026{clean[-8:]}"
        return clean


@dataclass(frozen=True, slots=True)
class Listing:
    """The contents of a card: the pictures, newest first, and how much else there is."""

    files: tuple[CardFile, ...] = ()
    others: int = 0  # files that are not JPEG: videos, raw pictures
    not_listed: int = 0  # pictures beyond the limit of the list
    is_whole: bool = True  # False if the search stopped early or could not read everything


@dataclass(frozen=True, slots=True)
class ImportedPicture:
    """A picture that was imported from a card: its place there and its content."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Companion:
    """Another file of a picture's shot on the same card: raw, film, an edited or second copy."""

    file: CardFile
    picture: str  # the path of the picture
    is_certain: bool  # False: only its number or name is the same, in another folder

    @property
    def path(self) -> str:
        """Return the file's path below the card's root."""
        return self.file.path


@dataclass(frozen=True, slots=True)
class Companions:
    """The companions that a search found."""

    files: tuple[Companion, ...] = ()
    is_whole: bool = True  # False if the search stopped early or could not read everything


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """The valid part of the metadata that a camera wrote into the file."""

    taken_at: datetime | None = None  # aware if the camera recorded its time zone, else naive
    camera: str = ""
    orientation: int = 1  # EXIF 2.32: 1 to 8


@dataclass(frozen=True, slots=True)
class CardThumbnail:
    """A small version of a picture (upright, BGR) with the SHA-256 of its file."""

    file: CardFile
    sha256: str
    exif: ExifFacts
    pixels: "NDArray[np.uint8]" = field(repr=False)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A picture read in full, with its quality: the file's bytes, and upright pixels to show.

    `width` and `height` are those of the stored picture; `pixels` may be smaller.
    """

    file: CardFile
    sha256: str
    width: int
    height: int
    exif: ExifFacts
    report: QualityReport
    data: bytes = field(repr=False)
    pixels: "NDArray[np.uint8]" = field(repr=False)


class EraseOutcome(StrEnum):
    """The outcome of erasing a picture on the card."""

    ERASED = "erased"  # overwritten, flushed, deleted
    DELETED = "deleted"  # deleted, but overwriting failed
    GONE = "gone"  # no longer there
    CHANGED = "changed"  # the name now holds different content, which was left alone
    PROTECTED = "protected"  # the card is write-protected, or the file is not writable
    FAILED = "failed"

    @property
    def is_off(self) -> bool:
        """Return whether the card's file system no longer shows the picture."""
        return self in (EraseOutcome.ERASED, EraseOutcome.DELETED, EraseOutcome.GONE)
