"""Find, read and remove the files with which the record system sends patients.

A file is in a watched folder or is named on the command line: in that case a second start of the
program leaves a note of it for the open window. A look at a folder on a network drive may block,
so each look runs in its own thread, one at a time. Neither content nor name of a file is logged.
"""

import contextlib
import logging
import secrets
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dermstation.domain.character_sets import CharacterSet
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.files import remove, shred, write_file
from dermstation.plain_files import NotPlainError, open_plain, plain_files, read_plain
from dermstation.workflow.episodes import TypedPatient
from dermstation.workflow.patient_file import (
    MAX_BYTES,
    PatientReadings,
    is_meant_for_patient,
    read_patient_file,
)
from dermstation.workflow.unread_files import UnreadFiles, notes_in

log = logging.getLogger(__name__)

NOTE_SUFFIX = ".named"  # a note holds the path of a file that was named on the command line
TRIES = 5  # to open a file that another program keeps open
MOST_FILES = 1_000  # in a watched folder: it is passed through, no archive is kept there
_MOST_NOTE_BYTES = 1 << 15  # the longest path of any system
_SUFFIXES = (".json", ".gdt")

Stamp = tuple[str, int, int]  # path, size, time of the last change: it changes with the content


@dataclass(frozen=True, slots=True, repr=False)
class IncomingPatient:
    """A patient whom the record system sent, and the file that names them.

    If the names can be read in several ways, the operator chooses one first.
    """

    patient: TypedPatient | PatientReadings
    file: Path
    stamp: Stamp
    note: Path | None = None


@dataclass(frozen=True, slots=True)
class NotRead:
    """A file that could not be read; it was kept aside if that was possible."""

    trouble: StationError


class PatientInbox:
    """The places where incoming patients arrive, and the files already seen there."""

    def __init__(
        self,
        notes: Path,
        folder: Path | None,
        *,
        expected: CharacterSet | None = None,
        unread_days: int = 7,
    ) -> None:
        """Watch the folder; `expected` is the character set of GDT files, if it is known."""
        self._notes = notes
        self._folder = folder
        self._expected = expected
        self.unread = UnreadFiles(notes, folder, unread_days)
        self._seen: set[Stamp] = set()  # at the last look: a file must not change before it is read
        self._done: set[Stamp] = set()  # read, and not to be offered again even if the file stays
        self._looking: Future[IncomingPatient | NotRead | None] | None = None
        self._tries: dict[Stamp, int] = {}
        self._folder_missed: ErrorCode | None = None  # at the last look
        self._folder_news: ErrorCode | None = None  # not yet told

    def start_look(self) -> "Future[IncomingPatient | NotRead | None] | None":
        """Look once, in a thread. Return None while the previous look is still running."""
        if self._looking is not None and not self._looking.done():
            return None
        looking: Future[IncomingPatient | NotRead | None] = Future()
        self._looking = looking

        def look() -> None:
            try:
                found = self.look()
            except Exception as error:  # noqa: BLE001 - it is raised on the window's thread
                looking.set_exception(error)
            else:
                looking.set_result(found)

        threading.Thread(target=look, name="patient-inbox", daemon=True).start()
        return looking

    def look(self) -> IncomingPatient | NotRead | None:
        """Return the newest incoming patient, or a file that cannot be read.

        A file counts only if it was the same at two looks: otherwise it may not be complete yet.
        """
        self.unread.refresh()
        waiting = [*self._named(), *self._dropped()]
        resting = [one for one in waiting if one[0] in self._seen and one[0] not in self._done]
        self._seen = {one[0] for one in waiting}
        for stamp, note in sorted(resting, key=lambda one: one[0][2], reverse=True):
            return self._read(stamp, note)
        return self._missed()

    def remove(self, incoming: IncomingPatient, operator: Operator) -> None:
        """Overwrite and delete a file that was read, unless it has been rewritten since.

        Raises StationError RIGHT_MISSING, PATIENT_FILE_STAYS; even then, the patient is not offered
        again.
        """
        require(operator, Right.CAPTURE)
        self._done.add(incoming.stamp)
        _drop(incoming.note)
        try:
            if _stamp(incoming.file) == incoming.stamp:
                shred(incoming.file)
        except FileNotFoundError:
            pass
        except OSError as error:
            log.warning("a patient file stays (errno %s)", error.errno)
            raise StationError(ErrorCode.PATIENT_FILE_STAYS) from None

    def _named(self) -> list[tuple[Stamp, Path | None]]:
        found: list[tuple[Stamp, Path | None]] = []
        for note in notes_in(self._notes, NOTE_SUFFIX):
            try:
                file = Path(read_plain(note, _MOST_NOTE_BYTES).decode("utf-8"))
            except (OSError, ValueError):
                continue
            try:
                found.append((_stamp(file), note))
            except OSError:
                found.append(((str(file), -1, 0), note))  # named, but missing
        return found

    def _dropped(self) -> list[tuple[Stamp, Path | None]]:
        if self._folder is None:
            return []
        found: list[tuple[Stamp, Path | None]] = []
        for file in self._patient_files(self._folder):
            with contextlib.suppress(OSError):  # gone again, or not readable for us
                found.append((_stamp(file), None))
        return found

    def _patient_files(self, folder: Path) -> list[Path]:
        """Return the files to be read, and report once that there are far too many, or none to see.

        Of too many, none is read: the newest of an archive need not be who is in the room.
        """
        missed = None
        try:
            found = plain_files(folder, MOST_FILES + 1, is_patient_file)
        except OSError:
            found = []
            missed = None if folder.is_dir() else ErrorCode.PATIENT_FOLDER_ABSENT
        if len(found) > MOST_FILES:
            found = []
            missed = ErrorCode.PATIENT_FOLDER_FULL
        if missed is not None and missed is not self._folder_missed:
            self._folder_news = missed
        self._folder_missed = missed
        return found

    def _read(self, stamp: Stamp, note: Path | None) -> IncomingPatient | NotRead | None:
        file = Path(stamp[0])
        try:
            with open_plain(file) as opened:
                data = opened.read(MAX_BYTES + 1)
            today = date.today()  # noqa: DTZ011 - the local day
            patient = read_patient_file(data, today=today, expected=self._expected)
        except OSError as error:
            self._tries[stamp] = self._tries.get(stamp, 0) + 1
            is_passing = not isinstance(error, NotPlainError)
            if is_passing and self._tries[stamp] < TRIES:
                return None  # the program that writes it may still have it open
            trouble = StationError(ErrorCode.PATIENT_FILE_UNREADABLE, errno=error.errno)
        except StationError as found:
            trouble = found
        else:
            return IncomingPatient(patient, file, stamp, note)
        log.warning("a patient file was not read: %r", trouble)
        self._done.add(stamp)
        _drop(note)
        if trouble.code is ErrorCode.PATIENT_FILE_UNREADABLE:
            return NotRead(trouble)
        if note is not None and not is_meant_for_patient(data):
            return NotRead(StationError(ErrorCode.PATIENT_FILE_FOREIGN))  # anybody may leave a note
        is_aside = self.unread.keep_aside(file)
        return NotRead(trouble if is_aside else StationError(ErrorCode.PATIENT_FILE_STAYS))

    def _missed(self) -> NotRead | None:
        news, self._folder_news = self._folder_news, None
        return None if news is None else NotRead(StationError(news))


def leave_note(notes: Path, file: Path) -> None:
    """Leave a note of a file named on the command line, for the window that is open or opening.

    Raises OSError.
    """
    notes.mkdir(parents=True, exist_ok=True)
    note = notes / f"{secrets.token_hex(8)}{NOTE_SUFFIX}"
    write_file(note, str(file.resolve()).encode())


def is_patient_file(name: str) -> bool:
    """Return whether a name ends like a patient file's: .json, .gdt, or .001 as in GDT."""
    suffix = Path(name).suffix.lower()
    return suffix in _SUFFIXES or (len(suffix) == len(".001") and suffix[1:].isdigit())


def _stamp(file: Path) -> Stamp:
    found = file.stat()
    return str(file), found.st_size, found.st_mtime_ns


def _drop(note: Path | None) -> None:
    if note is not None:
        with contextlib.suppress(OSError):
            remove(note, missing_ok=True)
