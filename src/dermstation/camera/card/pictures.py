"""What is known of the pictures of a card: the file, what was read of it, what became of it.

Plain values without pixels' meaning; used on both sides of the reader's pipe.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from dermstation.domain.quality import QualityReport

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class CardFile:
    """One JPEG file as the listing found it; `path` is below the card's folder."""

    path: str
    size_bytes: int
    modified_at: datetime | None = None  # by the camera's clock; None where it makes no sense

    @property
    def shown_name(self) -> str:
        """Give the file's own name, fit for a screen: no control characters, not too long."""
        name = self.path.replace("\\", "/").rsplit("/", 1)[-1]
        clean = "".join(sign if sign.isprintable() else "\ufffd" for sign in name)
        if len(clean) > _LONGEST_NAME:
            return f"{clean[: _LONGEST_NAME - 9]}\u2026{clean[-8:]}"
        return clean


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies on a card: the pictures, newest first, and how much else."""

    files: tuple[CardFile, ...] = ()
    others: int = 0  # files that are no JPEG: films, raw pictures
    not_listed: int = 0  # pictures beyond what is shown at once
    is_whole: bool = True  # False: there is more than was looked at


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """What a camera wrote beside the pixels, as far as it makes sense."""

    taken_at: datetime | None = None  # aware, where the camera notes its zone; else naive
    camera: str = ""
    orientation: int = 1  # EXIF 2.32: 1 to 8


@dataclass(frozen=True, slots=True)
class CardThumbnail:
    """A picture made small, upright, in BGR, with the SHA-256 of its file."""

    file: CardFile
    sha256: str
    exif: ExifFacts
    pixels: NDArray[np.uint8] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A picture read whole and measured: its own bytes, and upright pixels for looking at.

    `width` and `height` are of the stored pixels; `pixels` may be smaller.
    """

    file: CardFile
    sha256: str
    width: int
    height: int
    exif: ExifFacts
    report: QualityReport
    data: bytes = field(repr=False)
    pixels: NDArray[np.uint8] = field(repr=False)


class EraseOutcome(StrEnum):
    """What became of a picture on the card."""

    ERASED = "erased"  # overwritten, flushed, deleted
    DELETED = "deleted"  # deleted; overwriting did not work
    GONE = "gone"  # was not there any more
    CHANGED = "changed"  # another content under the same name: left alone
    PROTECTED = "protected"  # the card's lock is on, or the file may not be written
    FAILED = "failed"

    @property
    def is_off(self) -> bool:
        """Tell whether the picture is off the card as far as its file system says."""
        return self in (EraseOutcome.ERASED, EraseOutcome.DELETED, EraseOutcome.GONE)
