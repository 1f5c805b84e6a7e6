"""Numbered SQL migrations, each applied in one transaction and counted in `user_version`.

Knows no table by name. Runs in the vault's thread.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib import resources

from sqlcipher3 import dbapi2

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.vault.connection import Database


class Schema(StrEnum):
    """Which family of migrations a file follows: also their folder."""

    INDEX = "index"
    EPISODE = "episode"


def migrate(database: Database, schema: Schema) -> None:
    """Bring a database to the newest version.

    Raises StationError VAULT_NEWER (`found`, `known`) for a file written by a newer station, and
    the errors of a write.
    """
    scripts = migrations(schema)
    found = user_version(database)
    if found > len(scripts):
        raise StationError(ErrorCode.VAULT_NEWER, found=found, known=len(scripts))
    for number, script in enumerate(scripts[found:], start=found + 1):
        with database.transaction():
            for statement in _statements(script):
                database.change(statement)
            database.change(f"PRAGMA user_version = {number}")


def user_version(database: Database) -> int:
    """Return how many migrations a database has seen."""
    return int(database.value("PRAGMA user_version"))


@cache  # each file of an episode is migrated whenever it is opened
def migrations(schema: Schema) -> tuple[str, ...]:
    """Return the SQL scripts of a schema in order; their files are numbered from 0001."""
    folder = resources.files("dermstation.vault") / "migrations" / schema.value
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql")),
        key=lambda file: file.name,
    )
    numbers = [int(file.name.split("_")[0]) for file in files]
    if not files or numbers != list(range(1, len(files) + 1)):
        raise RuntimeError(f"the {schema.value} migrations are not numbered from 1 without gaps")
    return tuple(file.read_text(encoding="utf-8") for file in files)


def _statements(script: str) -> Iterator[str]:
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if dbapi2.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise RuntimeError("a migration ends in the middle of a statement")
