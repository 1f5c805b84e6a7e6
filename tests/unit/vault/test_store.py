import errno
import os
import secrets
import subprocess
import sys
import threading

import pytest
from sqlcipher3 import dbapi2

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.accounts import unlock_with_recovery
from dermstation.security.slots import IndexKeys
from dermstation.vault import key_folder
from dermstation.vault.connection import INDEX_PRAGMAS, Database
from dermstation.vault.reconciling import Damage, DamageKind
from dermstation.vault.store import Vault


def code_of(call, *arguments):
    with pytest.raises(StationError) as caught:
        call(*arguments)
    return caught.value.code


def index_opens_with(home, key):
    """Return whether the index opens; any trouble but a key that does not fit is an error."""
    try:
        Database(home.folder / "vault.db", [bytearray(key)], INDEX_PRAGMAS).close()
    except StationError as error:
        if error.code is not ErrorCode.VAULT_DAMAGED:
            raise
        return False
    return True


def test_a_second_instance_is_told_at_once(home, vault):
    assert code_of(home.open) is ErrorCode.VAULT_IN_USE


def test_a_second_process_is_told_at_once(home, vault, project_source):
    script = (
        "import sys; from pathlib import Path\n"
        "from dermstation.domain.errors import StationError\n"
        "from dermstation.security.slots import IndexKeys\n"
        "from dermstation.vault.store import Vault\n"
        "key = bytearray(sys.stdin.buffer.read())\n"
        "try: Vault.open(Path(sys.argv[1]), IndexKeys(key))\n"
        "except StationError as error: print(error.code.value)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(home.folder)],
        input=bytes(home.keys().current),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(project_source)},
        check=True,
    )
    assert done.stdout.strip() == b"vault_in_use"
    assert done.stderr == b""
    assert vault.operators.all() == (home.operator,)


def test_a_closed_vault_is_locked(home):
    vault = home.open()
    vault.close()
    vault.close()
    assert code_of(vault.episodes.unfinished) is ErrorCode.VAULT_LOCKED
    with home.open():
        pass


def test_another_thread_is_refused(vault):
    caught = []

    def use():
        try:
            vault.episodes.unfinished()
        except dbapi2.ProgrammingError as error:
            caught.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_wrong_keys_and_wrong_places_are_said(home, tmp_path):
    wrong = IndexKeys(bytearray(secrets.token_bytes(32)))
    assert code_of(Vault.open, home.folder, wrong) is ErrorCode.VAULT_DAMAGED
    assert code_of(Vault.open, tmp_path / "nowhere", wrong) is ErrorCode.VAULT_ABSENT
    assert code_of(Vault.create, home.folder, wrong) is ErrorCode.VAULT_EXISTS


@pytest.mark.parametrize("kept", [None, 0, 100, 4096, 8192])
def test_a_lost_or_cut_index_is_damage_and_never_an_empty_vault(home, kept):
    index = home.folder / "vault.db"
    if kept is None:
        index.unlink()
    else:
        os.truncate(index, kept)
    assert code_of(home.open) is ErrorCode.VAULT_DAMAGED
    assert not index.exists() or index.stat().st_size == kept


def test_an_index_of_a_newer_station_is_left_alone(home):
    database = Database(home.folder / "vault.db", [home.keys().current], INDEX_PRAGMAS)
    database.change("PRAGMA user_version = 999")
    database.close()
    assert code_of(home.open) is ErrorCode.VAULT_NEWER


@pytest.mark.expects_log("1 things wrong")
def test_a_row_without_its_file_is_reported_and_the_vault_opens(home, samples):
    with home.open() as vault:
        _, lost, _, _ = samples.fill(vault, which=0)
        _, kept, _, saved = samples.fill(vault, which=1)
        samples.fill(vault, which=2, captures=0)  # an episode without captures needs no file
        vault._files.path(vault.episodes.place(lost.id).file_id).unlink()
    with home.open() as vault:
        assert vault.damage == (Damage(DamageKind.EPISODE_FILE_MISSING, lost.id),)
        assert all(vault.captures.image(one) == image for one, image in saved.items())
    assert kept.id != lost.id


@pytest.mark.expects_log("2 things wrong")
def test_files_without_a_row_are_set_aside_and_others_are_not(home, samples):
    with home.open() as vault:
        _, _, _, saved = samples.fill(vault)
    folder = home.folder / "episodes"
    names = ("0" * 32 + ".db", "1" * 32 + ".db-wal", "1" * 32 + ".db-shm")
    for name in names:
        (folder / name).write_bytes(b"another's")
    with home.open() as vault:
        assert {one.kind for one in vault.damage} == {DamageKind.FILE_KEPT_ASIDE}
        assert len({path.stem for path in folder.iterdir()}) == 1
        assert all(vault.captures.image(one) == image for one, image in saved.items())
    assert {path.name for path in (home.folder / "aside").iterdir()} == set(names)


@pytest.mark.expects_log("1 things wrong")
@pytest.mark.parametrize("is_condemned", [True, False])
def test_a_stray_file_that_stays_is_reported(home, monkeypatch, is_condemned):
    stray = home.folder / "episodes" / f"{'0' * 32}.db"
    with home.open() as vault:
        if is_condemned:
            vault._condemned.condemn(stray.stem)
    stray.write_bytes(b"left over")

    def refuse(*_paths):
        raise PermissionError

    monkeypatch.setattr("dermstation.vault.episode_files.shred", refuse)
    monkeypatch.setattr("dermstation.vault.episode_files.EpisodeFiles._move", refuse)
    with home.open() as vault:
        assert vault.damage == (Damage(DamageKind.STRAY_FILE_STAYS, "0" * 32),)


# the change of the index key


def test_after_a_rotation_the_old_key_opens_nothing(home, samples):
    old = bytes(home.keys().current)
    with home.open() as vault:
        patient, *_ = samples.fill(vault)
        vault.rotate_index_key()
        assert vault.patients.get(patient.id) == patient
    new = bytes(home.keys().current)
    assert home.keys().next is None
    assert new != old
    assert index_opens_with(home, new)
    assert not index_opens_with(home, old)


def test_a_rotation_killed_anywhere_is_finished_by_the_next_opening(
    home, samples, killed_before, tmp_path
):
    with home.open() as vault:
        patient, *_ = samples.fill(vault)
    old = bytes(home.keys().current)
    number = 0
    was_killed = True
    while was_killed:
        copy = home.copy_to(tmp_path / "copy")
        was_killed = killed_before(number, lambda copy=copy: copy.open().rotate_index_key())
        with copy.open() as vault:
            assert vault.patients.get(patient.id) == patient
        keys = copy.keys()
        assert keys.next is None
        assert index_opens_with(copy, keys.current)
        assert index_opens_with(copy, old) == (keys.current == old)
        number += 1
    assert keys.current != old
    assert number > 15


def test_a_rotation_that_failed_can_be_made_again_in_the_same_vault(home, vault, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(vault.key_files, "finish_rotation", full_disk)
        assert code_of(vault.rotate_index_key) is ErrorCode.VAULT_DISK_FULL
    vault.rotate_index_key()
    vault.close()
    with home.open():
        assert home.keys().next is None


def test_a_rotation_whose_beginning_failed_can_be_begun_again(home, vault, monkeypatch):
    """The next key is in one key file, and nobody holds it."""
    write = key_folder.write_in_place
    written = []

    def write_once(path, image):
        if written:
            raise OSError(errno.ENOSPC, "full")
        written.append(path)
        write(path, image)

    with monkeypatch.context() as patch:
        patch.setattr(key_folder, "write_in_place", write_once)
        assert code_of(vault.rotate_index_key) is ErrorCode.VAULT_DISK_FULL
    assert home.keys().next is not None
    vault.rotate_index_key()
    vault.close()
    with home.open():
        assert home.keys().next is None


def full_disk():
    raise StationError(ErrorCode.VAULT_DISK_FULL)


def test_both_keys_of_a_half_done_rotation_open(home):
    with home.open() as vault:
        vault.key_files.begin_rotation()
    old = home.keys()
    assert old.next is not None
    home.open().close()
    assert unlock_with_recovery(home.folder, home.recovery) == IndexKeys(old.next)


def test_the_next_key_is_never_replaced_while_the_database_may_use_it(vault):
    vault.key_files.begin_rotation()
    coming = bytes(vault.key_files.coming)
    vault._database.rekey(vault.key_files.coming)
    with pytest.raises(RuntimeError):
        vault.key_files.begin_rotation()
    assert vault.key_files.coming == coming
    vault.rotate_index_key()


def test_a_rotation_begun_again_replaces_a_key_that_never_reached_the_database(home):
    with home.open() as vault:
        vault.key_files.begin_rotation()
        first = bytes(vault.key_files.coming)
        vault.key_files.begin_rotation()
        assert vault.key_files.coming != first
    assert home.keys().next != first
    home.open().close()
