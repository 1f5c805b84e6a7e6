"""The files `episodes/<random id>.db`: one episode's images each, under that episode's own key.

Knows nothing of the index. A file is opened for each use and closed again, so that a wipe can
always remove it. Beside it stays its journal, which holds a few old pages of the same file and
goes with it. A file that is set aside keeps its name in the folder `aside`, with `~2` and so on
added if another file has it: nothing there is ever replaced. Runs in the vault's thread.
"""

import hashlib
import itertools
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import OWNER_ONLY, make_folder, scrub, shred, sync_folder, take_name
from dermstation.plain_files import open_plain
from dermstation.security.disk import named_troubles
from dermstation.vault.connection import EPISODE_PRAGMAS, READING_PRAGMAS, Database
from dermstation.vault.migration import Schema, migrate
from dermstation.vault.tables import insert

ASIDE_FOLDER = "aside"
_JOURNAL_MARK_BYTES = 8  # zeros where the last writing is done
_MARKED_BYTES = 4096  # the first page changes with every capture
_ENDING = ".db"
_SIDE_FILES = ("-wal", "-shm", "-journal")
_COPY_MARK = "~"  # before the number of a further file of the same name that was set aside


@dataclass(frozen=True, slots=True, repr=False)
class EpisodePlace:
    """The file of an episode's images, and the key to it."""

    file_id: str
    key: bytearray

    def __repr__(self) -> str:
        return f"EpisodePlace({self.file_id})"


def file_id_of(name: str) -> str:
    """Return the id that a file had before it was set aside under `name`."""
    return name.partition(_COPY_MARK)[0]


class EpisodeFiles:
    """The folder of episode files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file_id: str) -> Path:
        """Return the file of an episode."""
        return self._folder / f"{file_id}{_ENDING}"

    def is_there(self, file_id: str) -> bool:
        """Return whether an episode's file exists and is not empty."""
        path = self.path(file_id)
        return path.is_file() and path.stat().st_size > 0

    def is_anywhere(self, file_id: str) -> bool:
        """Return whether an episode's file exists in its place or was set aside."""
        return self.is_there(file_id) or bool(self.aside_of(file_id))

    def put(self, place: EpisodePlace, capture_id: str, image: bytes, *, may_create: bool) -> None:
        """Store an image; it is in the main file and on the disk when this returns.

        `may_create`: nothing was ever stored for this episode, so that an absent file is begun. If
        there is one that this episode's key does not open, it is set aside first.
        Raises StationError: EPISODE_FILE_MISSING, VAULT_DAMAGED, and the errors of a write.
        """
        database = self._opened(place, may_create=may_create)
        with closing(database), database.transaction():
            database.change("DELETE FROM images WHERE capture_id = ?", (capture_id,))
            insert(database, "images", {"capture_id": capture_id, "bytes": image})

    def get(self, place: EpisodePlace, capture_id: str) -> bytes | None:
        """Return an image's bytes, or None if the file has no image of that id.

        Raises StationError: EPISODE_FILE_MISSING, VAULT_DAMAGED.
        """
        with closing(self._for_reading(place)) as database:
            sql = "SELECT bytes FROM images WHERE capture_id = ?"
            image = database.value(sql, (capture_id,))
            return None if image is None else bytes(image)

    def remove(self, file_id: str) -> None:
        """Overwrite and unlink a condemned file, its side files and its copies set aside.

        Raises OSError.
        """
        for name in self.aside_of(file_id):
            _shred_all(self.aside, name)
        _shred_all(self._folder, file_id)

    def overwrite(self, file_id: str) -> bool:
        """Overwrite a condemned file, wherever it lies; return whether there was one.

        `remove` unlinks it. In between, its journal can note that the content is gone. Raises
        OSError.
        """
        paths = [self._side(self.aside, name, "") for name in self.aside_of(file_id)]
        found = [path for path in (self.path(file_id), *paths) if path.exists()]
        for path in found:
            if sys.platform == "win32":
                path.chmod(OWNER_ONLY)  # a read-only attribute would keep the file
            scrub(path)
        return bool(found)

    def take_back(self, place: EpisodePlace) -> None:
        """Undo a writing that was cut off, so that the file alone is whole; fine when none was.

        Raises StationError: VAULT_DAMAGED, and the errors of a write.
        """
        if self.is_there(place.file_id) and self.is_cut_off(place.file_id):
            self._for_reading(place).close()  # opening takes it back

    def is_cut_off(self, file_id: str) -> bool:
        """Return whether a write was interrupted, so that the journal is needed. Raises OSError."""
        path = self.path(file_id)
        try:
            with open_plain(path.with_name(f"{path.name}-journal")) as journal:
                return any(journal.read(_JOURNAL_MARK_BYTES))
        except FileNotFoundError:
            return False

    def mark(self, file_id: str) -> str:
        """Return a short text that differs for every state of an episode's file. Raises OSError."""
        path = self.path(file_id)
        with open_plain(path, follows_link=True) as file:
            first = file.read(_MARKED_BYTES)
        return f"{path.stat().st_size}:{hashlib.sha256(first).hexdigest()}"

    def sizes(self, place: EpisodePlace) -> dict[str, int]:
        """Map each capture id in an episode's file to the length of its image in bytes.

        Raises StationError: EPISODE_FILE_MISSING, VAULT_DAMAGED.
        """
        with closing(self._for_reading(place)) as database:
            rows = database.rows("SELECT capture_id, length(bytes) AS size FROM images")
            return {row["capture_id"]: row["size"] for row in rows}

    def set_aside(self, file_id: str) -> None:
        """Move a file out of the way, unchanged, and replace none there. Raises OSError."""
        make_folder(self.aside, exist_ok=True)
        sides = [side for side in _SIDE_FILES if self._side(self._folder, file_id, side).exists()]
        for number in itertools.count(1):
            name = file_id if number == 1 else f"{file_id}{_COPY_MARK}{number}"
            # side files that a move which was cut off has taken along are not among `sides`
            if not any(self._side(self.aside, name, side).exists() for side in ("", *sides)):
                break
        self._move(self._folder, file_id, self.aside, name)

    def bring_back(self, name: str, file_id: str) -> None:
        """Put a file that was set aside under `name` in its place again. Raises OSError.

        A file that is in its place is set aside, and so are side files of another one.
        """
        sides = [side for side in _SIDE_FILES if self._side(self.aside, name, side).exists()]
        if any(self._side(self._folder, file_id, side).exists() for side in ("", *sides)):
            self.set_aside(file_id)
        self._move(self.aside, name, self._folder, file_id)

    def discard_aside(self) -> int:
        """Overwrite and remove every file that was set aside; return how many. Raises OSError."""
        names = self.ids_aside()
        for path in self.aside.iterdir() if names else ():
            shred(path)
        return len(names)

    @property
    def aside(self) -> Path:
        """Return the folder of the files that were set aside."""
        return self._folder.parent / ASIDE_FOLDER

    def kept_aside(self) -> "EpisodeFiles":
        """Return the files that were set aside, to be read where they are."""
        return EpisodeFiles(self.aside)

    def ids_aside(self) -> tuple[str, ...]:
        """List the names of the files that were set aside."""
        return tuple(self._ids_in(self.aside)) if self.aside.is_dir() else ()

    def aside_of(self, file_id: str) -> tuple[str, ...]:
        """List the names under which files of this id were set aside."""
        return tuple(name for name in self.ids_aside() if file_id_of(name) == file_id)

    def _move(self, source: Path, name: str, target: Path, new_name: str) -> None:
        for side in (*_SIDE_FILES, ""):  # the file goes last: a move that was cut off goes on
            path = self._side(source, name, side)
            if path.exists():
                take_name(path, self._side(target, new_name, side))
        for folder in (target, source):
            sync_folder(folder)

    def _side(self, folder: Path, name: str, side: str) -> Path:
        return folder / f"{name}{_ENDING}{side}"

    def file_ids(self) -> Iterator[str]:
        """List the episodes that have any file here, by the files' random ids."""
        return self._ids_in(self._folder)

    def _ids_in(self, folder: Path) -> Iterator[str]:
        found = set()
        with named_troubles():
            for path in folder.iterdir():
                name = path.name
                for side in _SIDE_FILES:
                    name = name.removesuffix(side)
                if name.endswith(_ENDING):
                    found.add(name.removesuffix(_ENDING))
        return iter(sorted(found))

    def _for_reading(self, place: EpisodePlace) -> Database:
        if not self.is_there(place.file_id):
            raise StationError(ErrorCode.EPISODE_FILE_MISSING)
        return self._migrated(place, READING_PRAGMAS)

    def _opened(self, place: EpisodePlace, *, may_create: bool) -> Database:
        if self.is_there(place.file_id):
            try:
                return self._migrated(place)
            except StationError as error:
                if not (may_create and error.code is ErrorCode.VAULT_DAMAGED):
                    raise
                with named_troubles():
                    self.set_aside(place.file_id)
        elif not may_create:
            raise StationError(ErrorCode.EPISODE_FILE_MISSING)
        database = self._migrated(place)
        try:
            with named_troubles():
                sync_folder(self._folder)
        except StationError:
            database.close()
            raise
        return database

    def _migrated(self, place: EpisodePlace, pragmas: Sequence[str] = EPISODE_PRAGMAS) -> Database:
        database = Database(self.path(place.file_id), [place.key], pragmas)
        try:
            migrate(database, Schema.EPISODE)
        except BaseException:
            database.close()
            raise
        return database


def _shred_all(folder: Path, name: str) -> None:
    for side in (*_SIDE_FILES, ""):
        shred(folder / f"{name}{_ENDING}{side}")
