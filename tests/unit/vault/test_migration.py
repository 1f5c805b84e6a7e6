import secrets
from contextlib import closing

import pytest
from sqlcipher3 import dbapi2

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.vault import migration
from dermstation.vault.connection import INDEX_PRAGMAS, Database
from dermstation.vault.migration import Schema, migrate, migrations, user_version


@pytest.fixture
def database(tmp_path):
    key = bytearray(secrets.token_bytes(32))
    with closing(Database(tmp_path / "one.db", [key], INDEX_PRAGMAS)) as opened:
        yield opened


@pytest.mark.parametrize("schema", Schema)
def test_a_new_file_gets_every_migration_once(database, schema):
    migrate(database, schema)
    assert user_version(database) == len(migrations(schema))
    migrate(database, schema)


@pytest.mark.parametrize("schema", Schema)
def test_every_table_is_strict(database, schema):
    migrate(database, schema)
    tables = database.rows("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
    named = [row for row in tables if not row["name"].startswith("sqlite_")]
    assert named
    assert all(row["strict"] for row in named)


def test_a_later_migration_keeps_what_is_there(database, monkeypatch):
    migrate(database, Schema.INDEX)
    database.change("INSERT INTO operators VALUES ('1', 'Test Operator', 'nurse', '', NULL)")
    later = "-- a word; with a semicolon\nALTER TABLE operators ADD COLUMN nmc TEXT;\n"
    known = migrations(Schema.INDEX)
    monkeypatch.setattr(migration, "migrations", lambda _schema: [*known, later])
    migrate(database, Schema.INDEX)
    assert user_version(database) == len(known) + 1
    assert [tuple(row) for row in database.rows("SELECT id, nmc FROM operators")] == [("1", None)]


def test_a_migration_that_fails_leaves_the_version_before(database, monkeypatch):
    bad = "CREATE TABLE extra (id TEXT);\nCREATE TABLE extra (id TEXT);\n"
    known = migrations(Schema.INDEX)
    monkeypatch.setattr(migration, "migrations", lambda _schema: [*known, bad])
    with pytest.raises(dbapi2.OperationalError):
        migrate(database, Schema.INDEX)
    assert user_version(database) == len(known)
    assert database.rows("SELECT 1 FROM sqlite_master WHERE name = 'extra'") == []


def test_a_script_that_ends_in_mid_statement_is_refused(database, monkeypatch):
    monkeypatch.setattr(migration, "migrations", lambda _schema: ["CREATE TABLE extra (id TEXT)"])
    with pytest.raises(RuntimeError, match="middle of a statement"):
        migrate(database, Schema.INDEX)
    assert user_version(database) == 0


def test_a_newer_file_is_left_alone(database):
    known = len(migrations(Schema.INDEX))
    database.change(f"PRAGMA user_version = {known + 1}")
    with pytest.raises(StationError) as caught:
        migrate(database, Schema.INDEX)
    assert caught.value.code is ErrorCode.VAULT_NEWER
    assert caught.value.facts == {"found": known + 1, "known": known}


def test_a_gap_in_the_numbers_is_a_bug(tmp_path, monkeypatch):
    folder = tmp_path / "migrations" / "index"
    folder.mkdir(parents=True)
    (folder / "0001_first.sql").write_text("SELECT 1;")
    (folder / "0003_third.sql").write_text("SELECT 1;")
    monkeypatch.setattr(migration.resources, "files", lambda _package: tmp_path)
    migrations.cache_clear()
    with pytest.raises(RuntimeError, match="without gaps"):
        migrations(Schema.INDEX)
