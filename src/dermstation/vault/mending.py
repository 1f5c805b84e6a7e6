"""Make an index whose schema is damaged readable again, table by table, in a copy.

The first page of the copy is replaced by one that knows a single table, at the page where the note
of the index's shape says that it begins. The copy uses the index's own key and salt, so that every
other page is read, and proved by its HMAC, as it is. Runs in the vault's thread.
"""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlcipher3 import dbapi2

from dermstation.domain.errors import StationError
from dermstation.files import shred
from dermstation.security.disk import named_troubles
from dermstation.security.kdf import zero
from dermstation.vault.connection import READING_PRAGMAS, Database, named, raw_key
from dermstation.vault.shape import IndexShape

PAGE_BYTES = 4096
_FILLER_BYTES = 3000  # a row of it fills a page


class Mended:
    """A copy of an index in a folder of its own, to be read one table at a time."""

    def __init__(self, index: Path, key: bytearray, shape: IndexShape, stage: Path) -> None:
        """Copy the index. Raises StationError as a write does."""
        self._key = key
        self._shape = {one.name: one for one in shape.tables}
        self._template = stage / f"{secrets.token_hex(8)}.template"
        self._copy = stage / f"{secrets.token_hex(8)}.mended"
        with named_troubles():
            content = index.read_bytes()
        self._pages = len(content) // PAGE_BYTES
        self._rest = content[PAGE_BYTES : self._pages * PAGE_BYTES]
        self._make_template(bytes.fromhex(shape.salt))

    @contextmanager
    def table(self, name: str) -> Iterator[Database | None]:
        """Return a database that has this one table, or None if its place is unknown."""
        if name not in self._shape:
            yield None
            return
        with named_troubles():
            first, size = self._first_page(name)
            room = bytes(size - PAGE_BYTES - len(self._rest))
            self._copy.write_bytes(first + self._rest + room)
        try:
            with closing(Database(self._copy, [self._key], READING_PRAGMAS)) as database:
                yield database
        finally:
            with named_troubles():
                shred(self._copy)

    def discard(self) -> None:
        """Remove what was made for reading."""
        for path in (self._template, self._copy):
            with suppress(OSError):
                shred(path)

    def _make_template(self, salt: bytes) -> None:
        """Make an index of the same size, key and salt."""
        with self._opened(salt) as raw:
            raw.execute("CREATE TABLE filler (bytes)")
            while raw.execute("PRAGMA page_count").fetchone()[0] < self._pages:
                raw.execute("INSERT INTO filler VALUES (zeroblob(?))", (_FILLER_BYTES,))

    def _first_page(self, name: str) -> tuple[bytes, int]:
        table = self._shape[name]
        with self._opened(None) as raw:
            raw.execute("PRAGMA writable_schema = ON")
            raw.execute("DELETE FROM sqlite_master")
            raw.execute(
                "INSERT INTO sqlite_master VALUES ('table', ?, ?, ?, ?)",
                (name, name, table.root, table.sql),
            )
        content = self._template.read_bytes()
        return content[:PAGE_BYTES], len(content)

    @contextmanager
    def _opened(self, salt: bytes | None) -> Iterator[dbapi2.Connection]:
        """Yield the template in one transaction; `salt` is given when it is made."""
        text = raw_key(self._key)
        if salt is not None:
            text[-1:] = salt.hex().encode() + b"'"
        try:
            with closing(dbapi2.connect(str(self._template), isolation_level=None)) as raw:
                raw.set_key(text)
                for pragma in READING_PRAGMAS:
                    raw.execute(pragma)
                raw.execute("BEGIN")
                yield raw
                raw.execute("COMMIT")
        except dbapi2.Error as error:
            raise named(error, self._template.parent) from error
        finally:
            zero(text)


def readable_key(
    index: Path, keys: list[bytearray], shape: IndexShape, stage: Path
) -> Mended | None:
    """Return the index mended under the first of the keys that reads anything of it."""
    for key in keys:
        mended = Mended(index, key, shape, stage)
        if any(_reads(mended, one.name) for one in shape.tables):
            return mended
        mended.discard()
    return None


def _reads(mended: Mended, table: str) -> bool:
    with suppress(StationError), mended.table(table) as database:
        return database is not None and bool(
            database.rows(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - of our own schema
        )
    return False
