"""Rows by name: each table's declaration against its real schema, and what a codec does."""

import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from dermstation.vault import (
    audit,
    captures,
    card_files,
    certificates,
    chart_checks,
    episodes,
    lesions,
    operators,
    outgoing,
    packages,
    patient_copies,
    patients,
    retentions,
    reviews,
    set_scores,
    wiping,
)
from dermstation.vault.connection import INDEX_PRAGMAS, Database
from dermstation.vault.migration import Schema, migrate
from dermstation.vault.tables import OR_IGNORE, Codec, Table, insert, or_update, replace

MODULES = (
    audit,
    captures,
    card_files,
    certificates,
    chart_checks,
    episodes,
    lesions,
    operators,
    outgoing,
    packages,
    patient_copies,
    patients,
    retentions,
    reviews,
    set_scores,
    wiping,
)
DECLARED = [one for module in MODULES for one in vars(module).values() if isinstance(one, Table)]


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Thing:
    name: str
    colour: Colour
    made_on: date
    seen_at: datetime | None
    is_new: bool | None
    notes: tuple[int, ...]
    beside: int = 0


THINGS = Table(
    "things",
    Thing,
    apart=("beside",),
    notes=Codec(
        lambda notes: ",".join(map(str, notes)),
        lambda text: tuple(map(int, text.split(","))),
        "remarks",
    ),
)
SEEN_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
THING = Thing("one", Colour.RED, date(2026, 3, 2), SEEN_AT, True, (1, 2))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    key = bytearray(secrets.token_bytes(32))
    with closing(Database(tmp_path / "one.db", [key], INDEX_PRAGMAS)) as opened:
        opened.change(
            "CREATE TABLE things (remarks TEXT NOT NULL, is_new INTEGER, seen_at TEXT,"
            " made_on TEXT, colour TEXT, name TEXT PRIMARY KEY, owner TEXT) STRICT"
        )
        yield opened


@pytest.mark.parametrize("table", DECLARED, ids=lambda table: table.name)
def test_every_declared_table_has_its_columns_in_the_schema(database, table) -> None:
    migrate(database, Schema.INDEX)
    assert table.find(database) == ()


def test_a_record_is_read_as_it_was_written_in_any_order_of_columns(database) -> None:
    unknown = replaced(THING, name="two", seen_at=None, is_new=None)
    for thing in (THING, unknown):
        THINGS.insert(database, thing, owner="somebody")
    assert THINGS.find(database, "ORDER BY name") == (THING, unknown)
    row = database.row(f"{THINGS.select('owner')} WHERE name = ?", ("one",))
    assert row["owner"] == "somebody"
    assert (row["remarks"], row["is_new"], row["made_on"]) == ("1,2", 1, "2026-03-02")
    assert THINGS.read(row, beside=3) == replaced(THING, beside=3)


def test_a_row_without_a_column_of_the_record_is_refused(database) -> None:
    THINGS.insert(database, THING)
    row = database.row("SELECT name, colour FROM things")
    with pytest.raises(IndexError):
        THINGS.read(row)


def test_a_field_of_no_known_type_is_refused_when_the_table_is_declared() -> None:
    with pytest.raises(KeyError):
        Table("things", Thing)  # nobody says how notes are written


def test_a_row_that_is_there_is_changed_replaced_or_left(database) -> None:
    THINGS.insert(database, THING, owner="first")
    again = {**THINGS.write(replaced(THING, is_new=False)), "owner": "second"}
    with pytest.raises(dbapi2.IntegrityError):
        insert(database, "things", again)
    assert insert(database, "things", again, OR_IGNORE) == 0
    assert THINGS.find(database) == (THING,)
    assert insert(database, "things", again, or_update("name", "is_new")) == 1
    assert THINGS.find(database) == (replaced(THING, is_new=False),)
    assert database.values("SELECT owner FROM things") == ["first"]
    replace(database, "things", again)
    assert database.values("SELECT owner FROM things") == ["second"]


def test_a_value_is_none_without_a_row(database) -> None:
    assert database.value("SELECT name FROM things") is None
    assert database.values("SELECT name FROM things") == []
