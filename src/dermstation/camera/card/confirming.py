"""Believe that a picture is off a card only if the card is still there to say so.

FAT answers on a card that was pulled out as if the file were not there, and a reader keeps its
device while its card is out. So what a card merely does not show has to be confirmed by writing to
it. Runs on the card's thread.
"""

import os
from pathlib import Path, PurePath

from dermstation.camera.card.opening import folder_of
from dermstation.camera.card.pictures import EraseOutcome
from dermstation.camera.card.places import CardPlace, is_there


def confirmed(outcome: EraseOutcome, place: CardPlace, path: str) -> EraseOutcome:
    """Return the outcome of erasing `path`, or FAILED if the card was pulled out meanwhile.

    A picture that was overwritten was flushed to the card; of any other that is off it, the card
    must take a write now.
    """
    if not outcome.is_off:
        return outcome
    if outcome is not EraseOutcome.ERASED and not _takes_a_write(place, path):
        return EraseOutcome.FAILED
    return outcome if is_there(place) else EraseOutcome.FAILED


def _takes_a_write(place: CardPlace, path: str) -> bool:
    """Return whether the time of a picture's folder, unchanged, can be written to the card.

    FAT has nowhere to write the time of a card's top folder, which therefore proves nothing
    in the place of a folder that is gone.
    """
    parts = PurePath(path).parts[:-1]
    root = Path(place.path)
    while parts and not root.joinpath(*parts).is_dir():
        parts = parts[:-1]
    if place.is_card and not parts and len(PurePath(path).parts) > 1:
        return False
    try:
        with folder_of(place.path, parts) as folder:
            _write_time(root.joinpath(*parts) if folder is None else folder)
    except OSError:
        return False
    return True


def _write_time(folder: Path | int) -> None:
    """Write a folder's own times to the disk. Raises OSError if the disk does not take them."""
    found = os.stat(folder)  # noqa: PTH116 - may be a descriptor
    os.utime(folder, ns=(found.st_atime_ns, found.st_mtime_ns))
    if isinstance(folder, int):
        os.fsync(folder)
