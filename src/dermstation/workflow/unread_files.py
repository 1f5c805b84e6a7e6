"""Patient files that could not be read: kept aside, listed, and wiped after some days.

They hold somebody's identity in the clear. Each has a note in the station's folder, with its path.
The age of the note is how long the file has been aside: a renamed file keeps its own time.
"""

import contextlib
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, now
from dermstation.domain.rights import Right, require
from dermstation.files import remove, shred, take_name, write_file
from dermstation.plain_files import has_other_names, is_plain, plain_files, read_plain

log = logging.getLogger(__name__)

ASIDE_SUFFIX = ".not-read"
REFRESH_EVERY_S = 30.0
MOST_NOTES = 1_000  # that are read at a look; of a folder, more files get theirs at later looks
_NOTE_SUFFIX = ".aside"
_MOST_NOTE_BYTES = 1 << 15
_NOTED_AT_A_LOOK = 50  # each waits for the disk


@dataclass(frozen=True, slots=True, repr=False)
class UnreadFile:
    """A file that was kept aside; its name may say who the patient is, so its repr does not."""

    file: Path
    aside_at: datetime
    wiped_at: datetime
    note: Path


class UnreadFiles:
    """The files that were kept aside, wherever they lie. Not for the window's thread."""

    def __init__(
        self,
        notes: Path,
        folder: Path | None,
        days: int,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._notes = notes
        self._folder = folder
        self._keep_for = timedelta(days=days)
        self._clock = clock
        self._next_s = 0.0
        self._looking = threading.Lock()
        self.files: tuple[UnreadFile, ...] = ()

    def keep_aside(self, file: Path) -> bool:
        """Rename a file so that it is neither lost nor read again; return whether that worked."""
        try:
            aside = _renamed(file)
        except OSError as error:
            log.warning("a patient file could not be kept aside (errno %s)", error.errno)
            return False
        with contextlib.suppress(OSError):  # one without a note is found in the folder
            self._leave_note(aside)
        self._next_s = 0.0
        return True

    def refresh(self) -> None:
        """Look again after some time: note what lies there, and wipe what lay there too long."""
        if time.monotonic() < self._next_s:
            return
        self._next_s = time.monotonic() + REFRESH_EVERY_S
        self.look()

    def look(self) -> tuple[UnreadFile, ...]:
        """Return the files that are there, after wiping those whose time is over."""
        with self._looking:
            self._note_those_without()
            kept = [one for one in self._noted() if not self._is_over(one)]
            self.files = tuple(sorted(kept, key=lambda one: one.aside_at))
        return self.files

    def wipe(self, unread: UnreadFile, operator: Operator) -> tuple[UnreadFile, ...]:
        """Overwrite and delete a file, and return those that are left.

        Raises StationError RIGHT_MISSING, PATIENT_FILE_STAYS.
        """
        require(operator, Right.CAPTURE)
        self._remove(unread)
        return self.look()

    def _note_those_without(self) -> None:
        """Note files in the folder that have no note, such as those of an earlier version."""
        if self._folder is None:
            return
        known = {one.file for one in self._noted()}
        if len(known) >= MOST_NOTES:
            return
        with contextlib.suppress(OSError):  # a full disk: they are listed once it has room
            folder = self._folder.resolve()
            found = (folder / one.name for one in plain_files(folder, MOST_NOTES, _is_aside))
            for file in islice((one for one in found if one not in known), _NOTED_AT_A_LOOK):
                self._leave_note(file)

    def _is_over(self, unread: UnreadFile) -> bool:
        """Wipe a file if its time is over; return whether it is gone."""
        if unread.wiped_at > self._clock():
            return False
        try:
            self._remove(unread)
        except StationError:
            return False  # it stays in the list
        log.info("a patient file that was not read is wiped: its time is over")
        return True

    def _remove(self, unread: UnreadFile) -> None:
        try:
            if os.path.lexists(unread.file):
                _wipe(unread.file)
            remove(unread.note, missing_ok=True)
        except OSError as error:
            log.warning("a patient file that was not read stays (errno %s)", error.errno)
            raise StationError(ErrorCode.PATIENT_FILE_STAYS) from None

    def _noted(self) -> list[UnreadFile]:
        found = []
        for note in notes_in(self._notes, _NOTE_SUFFIX):
            try:
                file = Path(os.fsdecode(read_plain(note, _MOST_NOTE_BYTES)))
                aside_at = datetime.fromtimestamp(note.stat().st_mtime, UTC)
                if not _is_aside(file.name):
                    continue
                if not is_plain(file) and file.parent.is_dir():
                    remove(note, missing_ok=True)  # somebody removed or exchanged the file
                    continue
            except (OSError, ValueError):
                continue
            found.append(UnreadFile(file, aside_at, aside_at + self._keep_for, note))
        return found

    def _leave_note(self, file: Path) -> None:
        self._notes.mkdir(parents=True, exist_ok=True)
        note = self._notes / f"{secrets.token_hex(8)}{_NOTE_SUFFIX}"
        write_file(note, os.fsencode(file.resolve()))


def kept_aside(folder: Path) -> int:
    """Count the files of a folder that could not be read and were kept aside, to MOST_NOTES."""
    try:
        return len(plain_files(folder, MOST_NOTES, _is_aside))
    except OSError:
        return 0


def notes_in(folder: Path, suffix: str) -> list[Path]:
    """Return the station's notes of one kind, at most MOST_NOTES; none if there is no folder."""
    try:
        return plain_files(folder, MOST_NOTES, lambda name: name.endswith(suffix))
    except OSError:
        return []


def _is_aside(name: str) -> bool:
    return ASIDE_SUFFIX in Path(name).suffix


def _renamed(file: Path) -> Path:
    """Rename a file to the first name that is free, at last one without its own, if it is long.

    Raises OSError.
    """
    by_chance = secrets.token_hex(8)
    for tail in ("", *"123456789", by_chance):
        aside = file.with_name(f"{file.name}{ASIDE_SUFFIX}{tail}")
        with contextlib.suppress(OSError):
            if not os.path.lexists(aside):
                return _moved(file, aside)
    return _moved(file, file.with_name(f"{by_chance}{ASIDE_SUFFIX}"))


def _moved(file: Path, place: Path) -> Path:
    take_name(file, place)
    return place


def _wipe(file: Path) -> None:
    """Overwrite and delete a file; one that also has another name is not this station's alone."""
    if has_other_names(file):
        remove(file)
    else:
        shred(file)
