"""The index's shape, noted beside it: which table begins at which page, and with which columns.

A damaged page of the schema makes the whole index unreadable; with this note its tables can still
be found. It holds names of tables and columns, page numbers and the cipher's salt, no content and
no key. Runs in the vault's thread.
"""

import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dermstation.files import OWNER_ONLY, write_file
from dermstation.plain_files import read_plain
from dermstation.security.disk import named_troubles
from dermstation.vault.connection import Database, Row

SHAPE_FILE = "index.shape"
_MOST_BYTES = 1 << 20
# whoever can write to the folder can write a shape: nothing but bare tables is taken from it
_SALT = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[a-z_]+")
_COLUMN = r"[a-z_0-9]+( INTEGER PRIMARY KEY| DEFAULT ('[^']*'|-?[0-9]+|NULL))?"
_TABLE = re.compile(rf"CREATE TABLE [a-z_]+ \({_COLUMN}(, {_COLUMN})*\)")


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table: its root page, and a statement that makes one with the same columns alone."""

    name: str
    root: int
    sql: str


@dataclass(frozen=True, slots=True)
class IndexShape:
    """The note of an index's shape."""

    salt: str  # 16 bytes as hex, of the file's first page
    tables: tuple[TableShape, ...]


def note_shape(folder: Path, database: Database) -> None:
    """Write the shape if it differs from the note. Raises StationError as a write does."""
    shape = _shape_of(database)
    if read_shape(folder) == shape:
        return
    with named_troubles():
        write_file(folder / SHAPE_FILE, json.dumps(asdict(shape)).encode(), OWNER_ONLY)


def read_shape(folder: Path) -> IndexShape | None:
    """Return what was noted, or None if there is nothing usable."""
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        found: dict[str, Any] = json.loads(read_plain(folder / SHAPE_FILE, _MOST_BYTES))
        tables = tuple(
            TableShape(str(one["name"]), int(one["root"]), str(one["sql"]))
            for one in found["tables"]
        )
        is_ours = all(_TABLE.fullmatch(one.sql) and _NAME.fullmatch(one.name) for one in tables)
        if is_ours and _SALT.fullmatch(found["salt"]):
            return IndexShape(found["salt"], tables)
    return None


def _shape_of(database: Database) -> IndexShape:
    rows = database.rows(
        "SELECT name, rootpage FROM sqlite_master"
        " WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    tables = tuple(
        TableShape(row["name"], row["rootpage"], _bare(database, row["name"])) for row in rows
    )
    return IndexShape(str(database.value("PRAGMA cipher_salt")), tables)


def _bare(database: Database, table: str) -> str:
    """Write a statement for a table without constraints, which would ask for their indexes."""
    columns = database.rows(f"PRAGMA table_info({table})")
    keys = [row for row in columns if row["pk"]]
    is_rowid = len(keys) == 1 and keys[0]["type"].upper() == "INTEGER"
    said = ", ".join(_column(row, is_rowid=is_rowid and row in keys) for row in columns)
    return f"CREATE TABLE {table} ({said})"


def _column(row: Row, *, is_rowid: bool) -> str:
    if is_rowid:
        return f"{row['name']} INTEGER PRIMARY KEY"
    default = row["dflt_value"]
    return f"{row['name']} DEFAULT {default}" if default is not None else str(row["name"])
