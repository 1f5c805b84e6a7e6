import os
import secrets
import sqlite3
import sys
from contextlib import closing

import pytest
from sqlcipher3 import dbapi2

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.vault import connection
from dermstation.vault.connection import EPISODE_PRAGMAS, INDEX_PRAGMAS, Database


@pytest.fixture
def key():
    return bytearray(secrets.token_bytes(32))


@pytest.fixture
def database(tmp_path, key):
    with closing(Database(tmp_path / "one.db", [key], INDEX_PRAGMAS)) as opened:
        opened.change("CREATE TABLE things (name TEXT UNIQUE)")
        yield opened


def code_of(call, *arguments):
    with pytest.raises(StationError) as caught:
        call(*arguments)
    return caught.value.code


def pragma(database, name):
    return database.value(f"PRAGMA {name}")


def test_the_index_has_the_pragmas_of_the_design(database):
    assert pragma(database, "journal_mode") == "persist"
    assert pragma(database, "synchronous") == 2
    assert pragma(database, "secure_delete") == 1
    assert pragma(database, "locking_mode") == "exclusive"
    assert pragma(database, "foreign_keys") == 1
    assert pragma(database, "temp_store") == 2
    assert pragma(database, "cipher_page_size") == "4096"
    assert pragma(database, "cipher_use_hmac") == "1"


def test_an_episode_file_keeps_its_journal_and_syncs_fully(tmp_path, key):
    with closing(Database(tmp_path / "two.db", [key], EPISODE_PRAGMAS)) as database:
        assert pragma(database, "journal_mode") == "persist"
        assert pragma(database, "synchronous") == 2
        assert pragma(database, "cipher_page_size") == "4096"


def test_a_key_not_of_32_bytes_is_never_taken_for_a_passphrase(tmp_path):
    for wrong in (b"", b"secret", bytes(31), bytes(33)):
        with pytest.raises(ValueError, match="32 bytes"):
            Database(tmp_path / "new.db", [bytearray(wrong)], INDEX_PRAGMAS)


def test_the_key_is_used_raw(database, key):
    """SQLCipher itself, given the key in its documented raw form, opens the file."""
    database.close()
    with closing(dbapi2.connect(str(database.path))) as raw:
        raw.execute(f"PRAGMA key = \"x'{bytes(key).hex()}'\"")
        assert raw.execute("SELECT count(*) FROM things").fetchone() == (0,)


def test_without_the_cipher_nothing_is_opened(tmp_path, key, monkeypatch):
    monkeypatch.setattr(connection.dbapi2, "connect", sqlite3.connect)
    path = tmp_path / "new.db"
    assert code_of(Database, path, [key], INDEX_PRAGMAS) is ErrorCode.CIPHER_MISSING
    assert not path.exists() or path.read_bytes() == b""


def test_another_key_or_another_file_is_damage(database, tmp_path):
    database.close()
    other = bytearray(secrets.token_bytes(32))
    assert code_of(Database, database.path, [other], INDEX_PRAGMAS) is ErrorCode.VAULT_DAMAGED
    text = tmp_path / "text.db"
    text.write_bytes(b"plain text, not a database. " * 1000)
    assert code_of(Database, text, [other], INDEX_PRAGMAS) is ErrorCode.VAULT_DAMAGED
    plain = tmp_path / "plain.db"
    with closing(sqlite3.connect(plain)) as unencrypted:
        unencrypted.execute("CREATE TABLE things (name)")
    assert code_of(Database, plain, [other], INDEX_PRAGMAS) is ErrorCode.VAULT_DAMAGED


def test_the_first_key_that_fits_is_used(database, key):
    database.close()
    other = bytearray(secrets.token_bytes(32))
    with closing(Database(database.path, [other, key], INDEX_PRAGMAS)) as again:
        assert again.rows("SELECT * FROM things") == []


def test_a_second_opening_is_refused_at_once(database, key):
    assert code_of(Database, database.path, [key], INDEX_PRAGMAS) is ErrorCode.VAULT_IN_USE


def test_a_closed_database_is_locked_and_its_keys_are_zeros(database):
    database.close()
    assert code_of(database.rows, "SELECT 1") is ErrorCode.VAULT_LOCKED
    assert database._keys == [bytearray(32)]


def test_a_transaction_is_all_or_nothing(database):
    with pytest.raises(dbapi2.IntegrityError), database.transaction():  # noqa: PT012
        database.change("INSERT INTO things VALUES ('a')")
        with database.transaction():
            database.change("INSERT INTO things VALUES ('b')")
        database.change("INSERT INTO things VALUES ('b')")
    assert database.rows("SELECT * FROM things") == []
    assert not database.in_transaction
    with database.transaction():
        database.change("INSERT INTO things VALUES ('a')")
        with database.transaction():
            database.change("INSERT INTO things VALUES ('b')")
    assert database.values("SELECT name FROM things") == ["a", "b"]


def test_a_broken_rule_of_the_schema_is_a_bug_and_stays_one(database):
    database.change("INSERT INTO things VALUES ('a')")
    with pytest.raises(dbapi2.IntegrityError):
        database.change("INSERT INTO things VALUES ('a')")


@pytest.mark.parametrize(
    ("sqlite_code", "code"),
    [
        ("SQLITE_BUSY", ErrorCode.VAULT_IN_USE),
        ("SQLITE_FULL", ErrorCode.VAULT_DISK_FULL),
        ("SQLITE_READONLY", ErrorCode.VAULT_READ_ONLY),
        ("SQLITE_IOERR", ErrorCode.VAULT_WRITE_FAILED),
        ("SQLITE_CORRUPT", ErrorCode.VAULT_DAMAGED),
    ],
)
def test_troubles_are_named_extended_codes_too(tmp_path, sqlite_code, code):
    error = dbapi2.OperationalError("text that may quote a value")
    error.sqlite_errorcode = getattr(dbapi2, sqlite_code) | (12 << 8)
    found = connection.named(error, tmp_path)
    assert found.code is code
    assert "quote" not in repr(found)


@pytest.mark.parametrize("sqlite_code", ["SQLITE_IOERR", "SQLITE_CANTOPEN"])
def test_an_input_output_error_on_a_full_or_read_only_disk_is_called_so(
    tmp_path, monkeypatch, sqlite_code
):
    error = dbapi2.OperationalError("disk I/O error")
    error.sqlite_errorcode = getattr(dbapi2, sqlite_code)
    assert connection.named(error, tmp_path).code is ErrorCode.VAULT_WRITE_FAILED
    with monkeypatch.context() as patch:
        patch.setattr(connection, "_free_bytes", lambda _folder: 0)
        assert connection.named(error, tmp_path).code is ErrorCode.VAULT_DISK_FULL
    monkeypatch.setattr(connection.os, "access", lambda _folder, _mode: False)
    assert connection.named(error, tmp_path).code is ErrorCode.VAULT_READ_ONLY


class FailingCommit:
    """Stands before the real connection and fails at COMMIT, before or after the work is done."""

    def __init__(self, raw, *, done):
        self.raw = raw
        self.done = done

    def __getattr__(self, name):
        return getattr(self.raw, name)

    def execute(self, sql, parameters=()):
        if sql == "COMMIT":
            if self.done:
                self.raw.execute(sql)
            error = dbapi2.OperationalError("disk I/O error")
            error.sqlite_errorcode = dbapi2.SQLITE_IOERR
            raise error
        return self.raw.execute(sql, parameters)


@pytest.mark.expects_log("a commit failed")
@pytest.mark.parametrize("done", [False, True])
def test_after_a_failed_commit_the_file_is_read_anew_and_tells_what_happened(database, done):
    database._raw = FailingCommit(database._raw, done=done)
    with pytest.raises(StationError) as caught, database.transaction():
        database.change("INSERT INTO things VALUES ('a')")
    assert caught.value.code is ErrorCode.VAULT_WRITE_FAILED
    assert database.values("SELECT name FROM things") == (["a"] if done else [])
    with database.transaction():
        database.change("INSERT OR REPLACE INTO things VALUES ('a')")
    assert database.values("SELECT name FROM things") == ["a"]


def test_rekeying_leaves_the_file_under_the_new_key_alone(database, key):
    database.change("INSERT INTO things VALUES ('a')")
    new = bytearray(secrets.token_bytes(32))
    database.rekey(new)
    database.rekey(new)  # once more is fine
    assert database.values("SELECT name FROM things") == ["a"]
    database.close()
    assert code_of(Database, database.path, [key], INDEX_PRAGMAS) is ErrorCode.VAULT_DAMAGED
    with closing(Database(database.path, [new], INDEX_PRAGMAS)) as again:
        assert again.values("SELECT name FROM things") == ["a"]


class FailingRekey:
    """Stands before the real connection; re-keys or not, and then raises or keeps silent."""

    def __init__(self, raw, *, done, silent):
        self.raw = raw
        self.done = done
        self.silent = silent

    def __getattr__(self, name):
        return getattr(self.raw, name)

    def reset_key(self, text):
        if self.done:
            self.raw.reset_key(text)
        if not self.silent:
            raise dbapi2.OperationalError("database or disk is full")  # as the binding does


@pytest.mark.parametrize(("done", "silent"), [(False, False), (True, False), (False, True)])
def test_a_failed_rekeying_is_noticed_and_can_be_made_again(database, key, done, silent):
    """Silent: SQLCipher ignores what its own commit says, seen with a failing disk."""
    database.change("INSERT INTO things VALUES ('a')")
    new = bytearray(secrets.token_bytes(32))
    database._raw = FailingRekey(database._raw, done=done, silent=silent)
    assert code_of(database.rekey, new) is ErrorCode.VAULT_WRITE_FAILED
    assert database.values("SELECT name FROM things") == ["a"]
    database.rekey(new)
    assert database.values("SELECT name FROM things") == ["a"]
    database.close()
    assert code_of(Database, database.path, [key], INDEX_PRAGMAS) is ErrorCode.VAULT_DAMAGED
    with closing(Database(database.path, [new], INDEX_PRAGMAS)) as again:
        assert again.values("SELECT name FROM things") == ["a"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads the process's own descriptors")
def test_errors_are_not_printed(tmp_path, key, capfd):
    path = tmp_path / "text.db"
    path.write_bytes(b"plain text, not a database. " * 1000)
    code_of(Database, path, [key], INDEX_PRAGMAS)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
@pytest.mark.parametrize("side", ["", "-journal", "-wal"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path, key, side):
    if side:
        Database(tmp_path / "one.db", [key], EPISODE_PRAGMAS).close()
        (tmp_path / f"one.db{side}").unlink(missing_ok=True)
    os.mkfifo(tmp_path / f"one.db{side}")
    opening = (Database, tmp_path / "one.db", [key], EPISODE_PRAGMAS)
    assert code_of(*opening) is ErrorCode.VAULT_DAMAGED
