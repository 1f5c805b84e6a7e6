"""A damaged index: what can still be read is written into a new vault, beside the old one.

The old vault is not changed. Rows are read from both ends of each table, as a damaged page stops
either way; what refers to a row that is lost is left out. Where the schema itself is damaged, the
note of its shape leads to the tables (`mending`). Runs in the vault's thread.
"""

import logging
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import make_folder, new_file, sync_folder
from dermstation.security.disk import named_troubles
from dermstation.security.kdf import KEY_BYTES, zero
from dermstation.security.keyfile import (
    FIRST_WITH_MAC,
    KeyFile,
    read_key_images,
    write_key_file,
)
from dermstation.security.locked_memory import locked
from dermstation.security.slots import IndexKeys
from dermstation.vault.connection import INDEX_PRAGMAS, Database
from dermstation.vault.identity import Identity
from dermstation.vault.mending import readable_key
from dermstation.vault.migration import Schema, migrate
from dermstation.vault.setup import is_set_up
from dermstation.vault.shape import read_shape
from dermstation.vault.store import EPISODES_FOLDER, INDEX_FILE
from dermstation.vault.tables import into

log = logging.getLogger(__name__)

Rows = dict[int, dict[str, object]]  # each row's values by column, by its rowid
Source = Callable[[str], AbstractContextManager[Database | None]]

_STOPS = {ErrorCode.VAULT_DAMAGED, ErrorCode.VAULT_WRITE_FAILED}


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How many rows of each table were saved, and which tables are not whole."""

    rows: dict[str, int]
    not_whole: tuple[str, ...]
    episode_files: int


def salvage(folder: Path, keys: IndexKeys, target: Path) -> Salvaged:
    """Write what is readable of the vault in `folder` into a new vault at `target`.

    Everybody signs in there as before. Raises StationError: VAULT_DAMAGED (nothing at all can be
    read), KEYS_DAMAGED (no key file is genuine), RESTORE_PLACE_TAKEN, VAULT_IN_USE, and the errors
    of a write.
    """
    if is_set_up(target):
        raise StationError(ErrorCode.RESTORE_PLACE_TAKEN)
    content = _genuine(folder, keys)
    key = locked(bytearray(secrets.token_bytes(KEY_BYTES)))
    try:
        with _source(folder, keys, target) as source:
            with named_troubles():
                target.parent.mkdir(parents=True, exist_ok=True)
                for made in (target, target / EPISODES_FOLDER):
                    make_folder(made, exist_ok=True)
            write_key_file(target, content.resealed(IndexKeys(key)), [key])
            return _copy(source, folder, target, key)
    finally:
        zero(key)


@contextmanager
def _source(folder: Path, keys: IndexKeys, target: Path) -> Iterator[Source]:
    """Return a function that opens the database holding a table: the index or its repaired copy."""
    candidates = keys.in_turn()
    index = folder / INDEX_FILE
    try:
        old = Database(index, candidates, INDEX_PRAGMAS)
    except StationError as error:
        shape = read_shape(folder)
        if error.code is not ErrorCode.VAULT_DAMAGED or shape is None or not index.is_file():
            raise
        with named_troubles():
            target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as made:
            mended = readable_key(index, candidates, shape, Path(made))
            if mended is None:
                raise
            try:
                yield mended.table
            finally:
                mended.discard()
    else:
        with closing(old):
            yield lambda _table: nullcontext(old)


def _copy(source: Source, folder: Path, target: Path, key: bytearray) -> Salvaged:
    new = Database(target / INDEX_FILE, [key], INDEX_PRAGMAS)
    try:
        migrate(new, Schema.INDEX)
        new.change("PRAGMA foreign_keys = OFF")
        saved: dict[str, int] = {}
        not_whole = []
        with new.transaction():
            for table in _tables(new):
                rows, is_whole = _from(source, new, table)
                saved[table] = _insert(new, table, rows)
                if not is_whole:
                    not_whole.append(table)
            while _drop_orphans(new):
                pass
            _check_identity(new, not_whole)
        files = new.values("SELECT file_id FROM episodes")
    finally:
        new.close()
    return Salvaged(saved, tuple(not_whole), _copy_files(folder, target, files))


def _genuine(folder: Path, keys: IndexKeys) -> KeyFile:
    """Return the newest key file that one of the keys seals, or one of an older format for it."""
    images = [one for one in read_key_images(folder) if one.content is not None]
    found = [one.content for one in images if any(map(one.is_sealed_by, keys.in_turn()))]
    found = found or [
        one.content
        for one in images
        if one.content is not None
        and one.content.format < FIRST_WITH_MAC
        and any(map(one.content.is_about, keys.in_turn()))
    ]
    whole = [one for one in found if one is not None]
    if not whole:
        raise StationError(ErrorCode.KEYS_DAMAGED)
    return max(whole, key=lambda one: one.generation)


def _check_identity(new: Database, not_whole: list[str]) -> None:
    """If holders of keys were lost, let the next opening take them over from the key files."""
    identity = Identity(new)
    identity.note_tries(0)  # the files that count them are not copied
    if {"vault_identity", "key_holders", "operators"} & set(not_whole):
        identity.unbind()


def _from(source: Source, new: Database, table: str) -> tuple[Rows, bool]:
    try:
        with source(table) as old:
            return _readable(old, new, table) if old is not None else ({}, True)
    except StationError as error:
        if error.code not in _STOPS:
            raise
        return {}, False


def _tables(database: Database) -> list[str]:
    return database.values(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )


def _columns(database: Database, table: str) -> list[str]:
    return [str(row["name"]) for row in database.rows(f"PRAGMA table_info({table})")]


def _readable(old: Database, new: Database, table: str) -> tuple[Rows, bool]:
    """Read a table's rows by rowid, from its start and from its end; return whether all came."""
    found: Rows = {}
    try:
        there = set(_columns(old, table))
    except StationError:
        return found, False
    names = [name for name in _columns(new, table) if name in there]
    if not names:
        return found, True  # an older vault does not have this table
    is_whole = True
    for order, beyond in (("ASC", ">"), ("DESC", "<")):
        is_whole = _read_on(old, table, names, found, order=order, beyond=beyond)
        if is_whole:
            break
    return found, is_whole


def _read_on(
    old: Database, table: str, names: list[str], found: Rows, *, order: str, beyond: str
) -> bool:
    """Read row after row until the end, or until a page cannot be read; True for the end."""
    # "rowid" alone would be given the name of the column that it is in some tables
    select = f"SELECT rowid AS at_rowid, {', '.join(names)} FROM {table}"  # noqa: S608 - our schema
    at: int | None = None
    while True:
        where = "" if at is None else f" WHERE rowid {beyond} {at}"
        try:
            row = old.row(f"{select}{where} ORDER BY rowid {order} LIMIT 1")
        except StationError as error:
            if error.code not in _STOPS:
                raise
            return False
        if row is None:
            return True
        at = int(row["at_rowid"])
        found[at] = {name: row[name] for name in names}


def _insert(new: Database, table: str, rows: Rows) -> int:
    for rowid in sorted(rows):
        # a column that an older vault does not have takes its default
        values = {"rowid": rowid, **rows[rowid]}
        new.change(f"INSERT OR IGNORE INTO {into(table, values)}", (*values.values(),))
    return len(rows)


def _drop_orphans(new: Database) -> bool:
    """Remove rows that refer to lost ones; return whether there were any."""
    orphans = new.rows("PRAGMA foreign_key_check")
    for row in orphans:
        new.change(f"DELETE FROM {row['table']} WHERE rowid = ?", (row["rowid"],))  # noqa: S608
    return bool(orphans)


def _copy_files(folder: Path, target: Path, file_ids: list[str]) -> int:
    copied = 0
    with named_troubles():
        for file_id in file_ids:
            source = folder / EPISODES_FOLDER / f"{file_id}.db"
            if not source.is_file():
                continue
            for path in (source, source.with_name(f"{source.name}-journal")):
                if path.is_file():  # the journal may be needed: a writing was cut off
                    _copy_durably(path, target / EPISODES_FOLDER / path.name)
            copied += 1
        sync_folder(target / EPISODES_FOLDER)
        sync_folder(target)
    log.info("salvaged %d episode files", copied)
    return copied


def _copy_durably(source: Path, target: Path) -> None:
    with source.open("rb") as old, new_file(target) as new:
        shutil.copyfileobj(old, new)
