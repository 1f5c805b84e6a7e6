import hashlib
import json
import os
import sys
import threading
from dataclasses import replace

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security import keyfile, twins
from dermstation.security.accounts import (
    operators,
    set_up_keys,
    unlock_with_recovery,
    unlock_with_secret,
)
from dermstation.security.keyfile import (
    KEY_FILE_BYTES,
    KEY_FILES,
    read_key_file,
    read_key_files,
    read_key_images,
    write_key_file,
)
from dermstation.security.tries_file import changing_tries, read_tries, write_tries
from tests.unit.security.rotation import begin_rotation, finish_rotation

PASSPHRASE = "copper lantern river seventeen"


@pytest.fixture
def vault(tmp_path, operator, kdf):
    keys, recovery = set_up_keys(tmp_path, operator, PASSPHRASE, keystore=None, kdf=kdf)
    return tmp_path, bytes(keys.current), recovery


def code_of(call, *arguments, **named):
    with pytest.raises(StationError) as caught:
        call(*arguments, **named)
    return caught.value.code


def test_both_files_have_the_fixed_size_and_the_same_content(vault):
    folder, _, _ = vault
    first, second = ((folder / name).read_bytes() for name in KEY_FILES)
    assert first == second
    assert len(first) == KEY_FILE_BYTES


def test_no_key_file_means_no_vault(tmp_path):
    assert code_of(operators, tmp_path) is ErrorCode.VAULT_ABSENT
    assert code_of(operators, tmp_path / "nowhere") is ErrorCode.VAULT_ABSENT
    with pytest.raises(StationError), changing_tries(tmp_path / "nowhere"):
        pass


@pytest.mark.parametrize("name", KEY_FILES)
@pytest.mark.parametrize("kept", [0, 1, 19, 20, 5000, KEY_FILE_BYTES - 1])
def test_one_truncated_file_loses_nothing(vault, operator, name, kept):
    folder, key, _ = vault
    os.truncate(folder / name, kept)
    assert unlock_with_secret(folder, operator.id, PASSPHRASE, keystore=None).current == key
    # nobody without the index key writes it
    assert (folder / name).stat().st_size == kept


@pytest.mark.parametrize("name", KEY_FILES)
def test_one_missing_file_loses_nothing(vault, name):
    folder, key, recovery = vault
    (folder / name).unlink()
    assert unlock_with_recovery(folder, recovery).current == key


@pytest.mark.parametrize("position", [0, 8, 16, 20, 300, 3000, 60000, KEY_FILE_BYTES - 1])
def test_a_flipped_byte_anywhere_damages_one_file_but_not_the_other(vault, position):
    folder, key, recovery = vault
    flip(folder / "keys.a", position)
    assert unlock_with_recovery(folder, recovery).current == key
    flip(folder / "keys.b", position)
    assert code_of(operators, folder) is ErrorCode.KEYS_DAMAGED
    assert code_of(unlock_with_recovery, folder, recovery) is ErrorCode.KEYS_DAMAGED


def test_the_newest_whole_file_counts(vault, operator):
    folder, key, _ = vault
    older = (folder / "keys.b").read_bytes()
    begin_rotation(folder, key)
    (folder / "keys.b").write_bytes(older)
    keys = unlock_with_secret(folder, operator.id, PASSPHRASE, keystore=None)
    assert keys.current == key
    assert keys.next is not None


def test_a_newer_format_is_reported_as_such_and_not_as_damage(vault):
    folder, _, _ = vault
    for name in KEY_FILES:
        rewrite(folder / name, lambda data: data | {"format": keyfile.FORMAT + 1})
    assert code_of(operators, folder) is ErrorCode.VAULT_NEWER


def test_a_file_with_absurd_costs_is_reported_as_damage_and_does_not_hang(vault):
    folder, _, _ = vault

    def costly(data):
        data["slots"][0]["kdf"] = [1 << 30, 1000, 4]
        return data

    for name in KEY_FILES:
        rewrite(folder / name, costly)
    assert code_of(operators, folder) is ErrorCode.KEYS_DAMAGED


def test_a_file_is_sealed_by_the_index_key_and_by_no_other(vault):
    folder, key, _ = vault
    coming = begin_rotation(folder, key)
    for one in read_key_images(folder):
        assert one.is_sealed_by(key)
        assert one.is_sealed_by(coming)
        assert not one.is_sealed_by(bytes(32))
    finish_rotation(folder, coming)
    rewrite(folder / "keys.a", lambda data: data)  # the same content, by somebody without the key
    first, second = read_key_images(folder)
    assert first.content == second.content
    assert [one.is_sealed_by(coming) for one in (first, second)] == [False, True]
    assert not second.is_sealed_by(key)


def test_a_newer_format_in_one_file_does_not_hide_the_other(vault, operator):
    folder, key, recovery = vault
    rewrite(folder / "keys.a", lambda data: data | {"format": keyfile.FORMAT + 1})
    assert unlock_with_recovery(folder, recovery).current == key
    assert operators(folder) == (operator,)


def test_a_foreign_file_with_a_higher_generation_does_not_hide_the_good_one(
    vault, tmp_path, operator, kdf
):
    folder, key, recovery = vault
    other = tmp_path / "other"
    other.mkdir()
    stranger = replace(operator, id="f" * 32, name="Test Stranger")
    theirs, _ = set_up_keys(other, stranger, PASSPHRASE, keystore=None, kdf=kdf)
    content = replace(read_key_file(other), generation=1_000_000)
    write_key_file(other, content, [theirs.current])
    (folder / "keys.a").write_bytes((other / "keys.a").read_bytes())
    assert len(read_key_files(folder)) == 2
    assert set(operators(folder)) == {operator, stranger}
    assert unlock_with_secret(folder, operator.id, PASSPHRASE, keystore=None).current == key
    assert unlock_with_recovery(folder, recovery).current == key


def test_what_is_nested_too_deeply_is_damaged(vault):
    folder, _, _ = vault
    body = b"[" * 60_000
    filled = (twins.HEAD.pack(b"DERMKEYS", 9, len(body)) + body).ljust(KEY_FILE_BYTES - 32, b"\0")
    for name in KEY_FILES:
        (folder / name).write_bytes(filled + hashlib.sha256(filled).digest())
    assert code_of(operators, folder) is ErrorCode.KEYS_DAMAGED


def test_files_hold_neither_secret_nor_index_key(vault):
    folder, key, recovery = vault
    content = (folder / "keys.a").read_bytes()
    for known in (PASSPHRASE.encode(), key, key.hex().encode(), recovery.entropy):
        assert known not in content
        assert known.hex().encode() not in content


def test_too_many_operators_are_refused_before_anything_is_written(vault):
    folder, key, _ = vault
    before = (folder / "keys.a").read_bytes()
    content = read_key_file(folder)
    with pytest.raises(ValueError, match="cannot hold"):
        write_key_file(folder, replace(content, slots=content.slots * 200), [key])
    assert (folder / "keys.a").read_bytes() == before


def test_changes_of_two_threads_are_all_kept(vault):
    folder, _, _ = vault
    before = read_tries(folder).generation

    def change():
        for _ in range(10):
            with changing_tries(folder) as tries:
                write_tries(folder, tries)

    threads = [threading.Thread(target=change) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_tries(folder).generation == before + 20


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_key_files_are_readable_only_by_their_owner(vault):
    folder, _, _ = vault
    assert {(folder / name).stat().st_mode & 0o077 for name in KEY_FILES} == {0}


def test_a_write_cut_anywhere_leaves_the_old_or_the_new(vault, monkeypatch):
    """Stop after every write to either file, complete or half done, in begin and finish."""
    folder, key, recovery = vault
    whole = {name: (folder / name).read_bytes() for name in KEY_FILES}
    for operation in (begin_rotation, finish_rotation):
        for stop_at in range(2):
            for written in (0, 100, 3000, KEY_FILE_BYTES // 2, KEY_FILE_BYTES):
                for name, image in whole.items():
                    (folder / name).write_bytes(image)
                if operation is finish_rotation:
                    coming = bytes(begin_rotation(folder, key))
                arguments = (folder, key if operation is begin_rotation else coming)
                cut_write(monkeypatch, operation, arguments, stop_at, written)
                keys = unlock_with_recovery(folder, recovery)
                held = {bytes(keys.current), bytes(keys.next or b"")}
                if operation is begin_rotation:
                    assert key in held  # the database still uses the old key
                else:
                    assert coming in held  # the database uses the new key
                read_key_file(folder)


class CutError(Exception):
    pass


def cut_write(monkeypatch, operation, arguments, stop_at, written):
    count = 0

    def writing(path, image):
        nonlocal count
        if count == stop_at:
            with path.open("r+b") as file:
                file.write(image[:written])
            raise CutError
        count += 1
        path.write_bytes(image)

    with monkeypatch.context() as patch:
        patch.setattr(twins, "write_in_place", writing)
        with pytest.raises(CutError):
            operation(*arguments)


def flip(path, position):
    content = bytearray(path.read_bytes())
    content[position] ^= 0x10
    path.write_bytes(content)


def rewrite(path, change):
    image = path.read_bytes()
    magic, generation, length = twins.HEAD.unpack_from(image)
    data = change(json.loads(image[twins.HEAD.size :][:length]))
    body = json.dumps(data).encode()
    filled = (twins.HEAD.pack(magic, generation, len(body)) + body).ljust(
        KEY_FILE_BYTES - 32, b"\0"
    )
    path.write_bytes(filled + hashlib.sha256(filled).digest())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
@pytest.mark.parametrize("name", [*KEY_FILES, "tries.a", "tries.b"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(vault, operator, name):
    folder, _, _ = vault
    with changing_tries(folder) as tries:
        write_tries(folder, tries)
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    assert operators(folder) == (operator,)
    unlock_with_recovery(folder, vault[2]).forget()
    wrong = code_of(unlock_with_secret, folder, operator.id, "not the one", keystore=None)
    # a count that cannot be written is no free guess
    assert wrong is (
        ErrorCode.VAULT_WRITE_FAILED if name.startswith("tries") else ErrorCode.SECRET_WRONG
    )
