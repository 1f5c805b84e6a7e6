"""One SQLCipher connection with a raw key, the station's pragmas, and every trouble named.

Knows no table. Used by the vault's one thread; SQLCipher refuses any other. Nothing may open the
index's file by other means while it is open here: on POSIX, closing that other descriptor would
drop the lock which keeps a second instance out.
"""

import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from sqlcipher3 import dbapi2

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import share_in_advance
from dermstation.plain_files import check_plain_or_absent
from dermstation.security.disk import named_troubles
from dermstation.security.kdf import KEY_BYTES, zero
from dermstation.security.locked_memory import locked

log = logging.getLogger(__name__)

_SIDE_FILES = ("-journal", "-wal")

Parameters = Sequence[object]


class Row(Protocol):
    """A row of a result, read by column name alone; `sqlcipher3` has no types for its own."""

    def __getitem__(self, column: str, /) -> Any:
        """Return the value of a column. Raises IndexError if the result has no such column."""


_COMMON = (
    "PRAGMA cipher_log_level = NONE",  # or it prints errors to standard error
    "PRAGMA cipher_page_size = 4096",
    "PRAGMA locking_mode = EXCLUSIVE",  # before the journal mode: a WAL then needs no shared file
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
)
_JOURNAL_MODE = "PRAGMA journal_mode = "
INDEX_PRAGMAS = (*_COMMON, f"{_JOURNAL_MODE}PERSIST")
EPISODE_PRAGMAS = (
    *_COMMON,
    "PRAGMA cache_size = -65536",  # KiB: a picture that does not fit is written in turns
    f"{_JOURNAL_MODE}PERSIST",
    "PRAGMA locking_mode = NORMAL",  # or the journal, kept open, is synced once more at the close
)
# files of before ADR 0054 are in WAL mode: looking at a picture does not change its file
READING_PRAGMAS = _COMMON

_HEX = b"0123456789abcdef"
_CODES = {
    dbapi2.SQLITE_BUSY: ErrorCode.VAULT_IN_USE,
    dbapi2.SQLITE_LOCKED: ErrorCode.VAULT_IN_USE,
    dbapi2.SQLITE_NOTADB: ErrorCode.VAULT_DAMAGED,
    dbapi2.SQLITE_CORRUPT: ErrorCode.VAULT_DAMAGED,
    dbapi2.SQLITE_FULL: ErrorCode.VAULT_DISK_FULL,
    dbapi2.SQLITE_READONLY: ErrorCode.VAULT_READ_ONLY,
    dbapi2.SQLITE_PERM: ErrorCode.VAULT_READ_ONLY,
    dbapi2.SQLITE_CANTOPEN: ErrorCode.VAULT_WRITE_FAILED,
    dbapi2.SQLITE_IOERR: ErrorCode.VAULT_WRITE_FAILED,
}
_LEAST_FREE_BYTES = 1 << 16


class Database:
    """An encrypted database file, opened with the first of `keys` that fits.

    After an error at COMMIT it is unknown what is on the disk: the connection is closed, and
    opened again (which lets SQLite recover) at the next use. A writer may therefore always save
    again under the same id.
    """

    def __init__(self, path: Path, keys: Sequence[bytearray], pragmas: Sequence[str]) -> None:
        self._path = path
        self._keys = [locked(bytearray(key)) for key in keys]
        self._pragmas = pragmas
        self._depth = 0
        self._is_open = True
        self._raw: Any = None
        self._after_commit: Callable[[], None] | None = None
        try:
            self._connect()
        except BaseException:
            self.close()
            raise

    @property
    def path(self) -> Path:
        """Return the database's file."""
        return self._path

    @property
    def key(self) -> bytearray:
        """Return the key the file was opened with; it is zeros once the file is closed."""
        return self._keys[0]

    @property
    def in_transaction(self) -> bool:
        """Return whether a transaction is open, which means that nothing is durable yet."""
        return self._depth > 0

    def after_commit(self, then: Callable[[], None]) -> None:
        """Call `then` after each transaction that is durable; it raises nothing."""
        self._after_commit = then

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Run a statement and return all its rows. Raises StationError as `named` says."""
        return self._all(sql, parameters)

    def row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Run a statement and return its first row, or None."""
        rows = self.rows(sql, parameters)
        return rows[0] if rows else None

    def values(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """Run a statement and return the first column of all its rows."""
        return [value for value, *_ in self._all(sql, parameters)]

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """Run a statement and return the first column of its first row, or None if it has none."""
        return next(iter(self.values(sql, parameters)), None)

    def change(self, sql: str, parameters: Parameters = ()) -> int:
        """Run a statement that changes rows and return how many."""
        return int(self._run(sql, parameters).rowcount)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the block one commit; inside another transaction it joins that one.

        Raises StationError: VAULT_DISK_FULL, VAULT_READ_ONLY, VAULT_WRITE_FAILED.
        """
        if self._depth:
            yield
            return
        self._run("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        else:
            self._commit()
        finally:
            self._depth = 0
        if self._after_commit is not None:
            self._after_commit()

    def export(self, path: Path, key: bytearray) -> None:
        """Copy everything into a new file, encrypted under `key`.

        Raises StationError as `named` says.
        """
        version = self.value("PRAGMA user_version")
        text = raw_key(key)
        try:
            with named_troubles():
                share_in_advance(path)
            self._run("ATTACH DATABASE ? AS copy KEY ?", (str(path), text.decode()))
            self._run("PRAGMA copy.synchronous = FULL")
            self._raw.execute("SELECT sqlcipher_export('copy')").fetchall()
            self._run(f"PRAGMA copy.user_version = {version}")
            self._run("DETACH DATABASE copy")
        except dbapi2.Error as error:
            self._disconnect()  # and with it the copy; the next use opens the file again
            # the export gives its errors no code
            raise StationError(_write_trouble(path.parent), step="export") from error
        except StationError:
            self._disconnect()
            raise
        finally:
            zero(text)

    def rekey(self, key: bytearray) -> None:
        """Encrypt every page anew under `key`. Does nothing if the file is already under it.

        SQLCipher reports success even if its commit failed and the transaction is still
        open: only opening the file again with the new key proves that it is under it.
        If this fails, the next use finds out by itself which of the two keys is valid.
        Raises StationError: VAULT_DISK_FULL, VAULT_READ_ONLY, VAULT_WRITE_FAILED.
        """
        self._connected()
        if self._keys[0] == key:
            return
        text = raw_key(key)
        self._keys = [self._keys[0], locked(bytearray(key))]
        try:
            self._raw.reset_key(text)
        except dbapi2.Error as error:
            # the binding gives this one error no code
            raise StationError(_write_trouble(self._path.parent), step="rekey") from error
        finally:
            zero(text)
            self._disconnect()
        self._keys.reverse()
        self._connect()
        if self._keys[0] != key:
            raise StationError(_write_trouble(self._path.parent), step="rekey")
        zero(self._keys.pop())

    def close(self) -> None:
        """Close the file and overwrite the keys held for opening it again."""
        self._is_open = False
        self._disconnect()
        zero(*self._keys)

    def _run(self, sql: str, parameters: Parameters = ()) -> Any:
        self._connected()
        try:
            return self._raw.execute(sql, parameters)
        except dbapi2.Error as error:
            raise named(error, self._path.parent) from error

    def _all(self, sql: str, parameters: Parameters) -> list[Any]:
        cursor = self._run(sql, parameters)
        try:
            return list(cursor.fetchall())
        except dbapi2.Error as error:  # a page further on may be damaged
            raise named(error, self._path.parent) from error

    def _connected(self) -> None:
        if not self._is_open:
            raise StationError(ErrorCode.VAULT_LOCKED)
        if self._raw is None:
            if self._depth:
                raise StationError(ErrorCode.VAULT_WRITE_FAILED)
            self._connect()

    def _commit(self) -> None:
        try:
            self._raw.execute("COMMIT")
        except dbapi2.Error as error:
            log.warning("a commit failed: the file will be opened again")
            self._disconnect()
            raise named(error, self._path.parent) from error

    def _roll_back(self) -> None:
        try:
            if self._raw is not None and self._raw.in_transaction:
                self._raw.execute("ROLLBACK")
        except dbapi2.Error:
            self._disconnect()

    def _connect(self) -> None:
        """Open with the first key that fits, which becomes the first of the keys."""
        _check_plain(self._path)
        for position, key in enumerate(self._keys):
            try:
                self._raw = _opened(self._path, key, self._pragmas)
            except StationError as error:
                is_last = position == len(self._keys) - 1
                if error.code is not ErrorCode.VAULT_DAMAGED or is_last:
                    raise
            else:
                self._keys.insert(0, self._keys.pop(position))
                return

    def _disconnect(self) -> None:
        raw, self._raw = self._raw, None
        if raw is not None:
            with suppress(dbapi2.Error):
                raw.close()


def _check_plain(path: Path) -> None:
    """Refuse what SQLite would wait for, such as a pipe in the place of a journal."""
    try:
        check_plain_or_absent(path, *(path.with_name(path.name + side) for side in _SIDE_FILES))
    except OSError as error:
        raise StationError(ErrorCode.VAULT_DAMAGED, errno=error.errno) from error


def cipher_version() -> str:
    """Return SQLCipher's version, or an empty text for an SQLite without encryption."""
    raw = dbapi2.connect(":memory:")
    try:
        row = raw.execute("PRAGMA cipher_version").fetchone()
    finally:
        raw.close()
    return str(row[0]) if row else ""


def named(error: Exception, folder: Path) -> Exception:
    """Name a database error by the trouble behind it; one that is a bug stays what it is.

    SQLite says "I/O error" for much: the folder tells whether it is full or read-only.
    """
    found: int = getattr(error, "sqlite_errorcode", 0)
    code = _CODES.get(found & 0xFF)
    if code is None:
        return error
    if code is ErrorCode.VAULT_WRITE_FAILED:
        code = _write_trouble(folder)
    return StationError(code, sqlite=found)


def _write_trouble(folder: Path) -> ErrorCode:
    if not os.access(folder, os.W_OK):
        return ErrorCode.VAULT_READ_ONLY
    if _free_bytes(folder) < _LEAST_FREE_BYTES:
        return ErrorCode.VAULT_DISK_FULL
    return ErrorCode.VAULT_WRITE_FAILED


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return _LEAST_FREE_BYTES  # not known: no reason to call the disk full


def _opened(path: Path, key: bytearray, pragmas: Sequence[str]) -> Any:
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise StationError(ErrorCode.VAULT_READ_ONLY)  # SQLite would open a file all the same
    raw = None
    try:
        with named_troubles():
            share_in_advance(path)
        raw = dbapi2.connect(str(path), isolation_level=None, timeout=0)
        _prepare(raw, key, pragmas)
        raw.row_factory = dbapi2.Row
    except BaseException as error:
        if raw is not None:
            with suppress(dbapi2.Error):
                raw.close()
        if isinstance(error, dbapi2.Error):
            raise named(error, path.parent) from error
        raise
    return raw


def _prepare(raw: Any, key: bytearray, pragmas: Sequence[str]) -> None:
    if not raw.execute("PRAGMA cipher_version").fetchone():
        raise StationError(ErrorCode.CIPHER_MISSING)
    text = raw_key(key)
    try:
        raw.set_key(text)
    finally:
        zero(text)
    for pragma in pragmas:
        found = raw.execute(pragma).fetchone()
        wanted = pragma.removeprefix(_JOURNAL_MODE).lower()
        if pragma.startswith(_JOURNAL_MODE) and found != (wanted,):  # SQLite keeps another, unasked
            raise StationError(ErrorCode.VAULT_WRITE_FAILED, step="journal mode")
    # the first real access: proves the key, recovers, and takes the lock for good
    raw.execute("BEGIN EXCLUSIVE")
    raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    raw.execute("COMMIT")


def raw_key(key: bytearray) -> bytearray:
    """Write a key as SQLCipher wants a raw one; anything else it would take for a passphrase."""
    if len(key) != KEY_BYTES:
        raise ValueError("a raw key has 32 bytes")
    text = locked(bytearray(b"x'") + bytearray(2 * KEY_BYTES) + b"'")
    for position, byte in enumerate(key):
        text[2 + 2 * position] = _HEX[byte >> 4]
        text[3 + 2 * position] = _HEX[byte & 0x0F]
    return text
