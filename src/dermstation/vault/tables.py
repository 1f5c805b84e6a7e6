"""How the rows of a table become records and records rows, declared once for each table.

A column is found by its name alone: no statement depends on the order of columns. Runs in the
vault's thread.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from types import UnionType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from dermstation.domain.identity import NhsNumber
from dermstation.domain.patient_copies import GivenCopy
from dermstation.domain.quality import QualityReport
from dermstation.domain.records import CaptureDetails, Consent, HandOver, PackageFile, WipedItem
from dermstation.vault import columns
from dermstation.vault.connection import Database, Parameters, Row

Record = TypeVar("Record")

OR_IGNORE = "ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Codec:
    """How a field is written in its column and read back; None never reaches either function."""

    write: Callable[[Any], object]
    read: Callable[[Any], Any]
    column: str = ""  # if it is not named like the field


_AS_IT_IS = Codec(lambda value: value, lambda stored: stored)
_CODECS: Mapping[object, Codec] = {
    str: _AS_IT_IS,
    int: _AS_IT_IS,
    float: _AS_IT_IS,
    bool: Codec(int, bool),
    date: Codec(date.isoformat, date.fromisoformat),
    datetime: Codec(columns.from_instant, columns.to_instant),
    NhsNumber: Codec(lambda number: number.digits, NhsNumber),
    Consent: Codec(columns.from_consent, columns.to_consent),
    HandOver: Codec(columns.from_hand_over, columns.to_hand_over),
    QualityReport: Codec(columns.from_report, columns.to_report),
    CaptureDetails: Codec(columns.from_details, columns.to_details),
    tuple[PackageFile, ...]: Codec(columns.from_package_files, columns.to_package_files),
    tuple[WipedItem, ...]: Codec(columns.from_wiped_items, columns.to_wiped_items),
    tuple[GivenCopy, ...]: Codec(columns.from_given_copies, columns.to_given_copies),
}


class Table(Generic[Record]):
    """A table whose rows hold records of one frozen dataclass.

    Each field has a column of its name and is written as its type says, unless a codec is given
    for it. Fields named in `apart` have no column here: the reader of a row supplies their values.
    """

    def __init__(
        self, name: str, record: type[Record], *, apart: tuple[str, ...] = (), **codecs: Codec
    ) -> None:
        self.name = name
        self._record: Callable[..., Record] = record
        hints = get_type_hints(record)
        self._columns: list[tuple[str, str, Codec]] = []
        for field in fields(record):  # type: ignore[arg-type]
            if field.name not in apart:
                codec = _codec(hints[field.name], codecs.get(field.name))
                self._columns.append((field.name, codec.column or field.name, codec))

    def select(self, *more: str) -> str:
        """Return the beginning of a query for records, and for `more` columns."""
        names = ", ".join([*(column for _, column, _ in self._columns), *more])
        return f"SELECT {names} FROM {self.name}"  # noqa: S608 - names of our own schema

    def find(
        self, database: Database, clause: str = "", parameters: Parameters = ()
    ) -> tuple[Record, ...]:
        """Return the records of the rows that a clause such as `WHERE id = ?` selects."""
        return tuple(map(self.read, database.rows(f"{self.select()} {clause}", parameters)))

    def insert(
        self, database: Database, record: Record, conflict: str = "", **more: object
    ) -> None:
        """Add the row of a record, and the values of `more` columns, as `insert` does."""
        insert(database, self.name, {**self.write(record), **more}, conflict)

    def read(self, row: Row, **apart: object) -> Record:
        """Return the record of a row."""
        known = {field: codec.read(row[column]) for field, column, codec in self._columns}
        return self._record(**known, **apart)

    def write(self, record: Record) -> dict[str, object]:
        """Return the values of a record by column."""
        return {
            column: codec.write(getattr(record, field)) for field, column, codec in self._columns
        }


def insert(database: Database, table: str, values: Mapping[str, object], conflict: str = "") -> int:
    """Add a row and return how many rows were added or changed.

    `conflict` says what is done if the row is there: `OR_IGNORE`, or what `or_update` returns.
    """
    return database.change(f"INSERT INTO {into(table, values)} {conflict}", (*values.values(),))


def replace(database: Database, table: str, values: Mapping[str, object]) -> None:
    """Add a row in place of one of the same key."""
    database.change(f"INSERT OR REPLACE INTO {into(table, values)}", (*values.values(),))


def or_update(key: str, *names: str) -> str:
    """Return the clause that changes some columns of the row that has the same key."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in names)
    return f"ON CONFLICT ({key}) DO UPDATE SET {changes}"


def into(table: str, values: Mapping[str, object]) -> str:
    """Return what follows `INSERT INTO`: the table, the columns and the marks of their values."""
    return f"{table} ({', '.join(values)}) VALUES ({columns.marks(tuple(values))})"


def _codec(hint: Any, given: Codec | None) -> Codec:
    """Return the given codec, or that of a field's type; either one leaves None as it is."""
    if get_origin(hint) is UnionType:
        (kind,) = (one for one in get_args(hint) if one is not type(None))
        return _optional(_codec(kind, given))
    if given is not None:
        return given
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Codec(str, hint)
    return _CODECS[hint]


def _optional(codec: Codec) -> Codec:
    return Codec(
        lambda value: None if value is None else codec.write(value),
        lambda stored: None if stored is None else codec.read(stored),
        codec.column,
    )
