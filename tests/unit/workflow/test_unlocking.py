"""Opening the vault: who may do so, and what happens if it is damaged or missing."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role, new_id
from dermstation.security import accounts
from dermstation.security.keyfile import KEY_FILES
from dermstation.security.keystore import OsKeystore
from dermstation.security.recovery import RecoveryKey, new_recovery_key
from dermstation.vault import holders
from dermstation.vault.store import INDEX_FILE
from dermstation.workflow import episodes, unlocking
from dermstation.workflow.messages import message_for
from dermstation.workflow.unlocking import SignedIn
from tests.unit.security.conftest import MemoryKeystore
from tests.unit.workflow.conftest import PASSPHRASE, PATIENT, remount

NEW_PASSPHRASE = "another set of plain words"


def code_of(call, *arguments, **named) -> ErrorCode:
    with pytest.raises(StationError) as caught:
        call(*arguments, **named)
    return caught.value.code


def enter(folder: Path, signed_in: SignedIn, secret: str = PASSPHRASE) -> SignedIn:
    return unlocking.sign_in(folder, signed_in.operator.id, secret, keystore=None)


def test_a_new_pc_has_no_operators(tmp_path) -> None:
    assert unlocking.operators(tmp_path / "vault") == ()
    (tmp_path / "empty").mkdir()
    assert unlocking.operators(tmp_path / "empty") == ()


def test_a_set_up_station_lists_its_operators(folder, signed_in) -> None:
    assert unlocking.operators(folder) == (signed_in.operator,)


def test_set_up_opens_an_empty_vault_for_its_operator(tmp_path) -> None:
    operator = Operator(new_id(), "Test Nurse", Role.ADMINISTRATOR)
    made = unlocking.set_up_station(
        tmp_path / "new", operator, PASSPHRASE, new_recovery_key(), keystore=None
    )
    with made.vault as vault:
        assert made.operator == operator
        assert vault.operators.all() == (operator,)


def test_an_existing_station_is_never_set_up_again(folder, signed_in) -> None:
    operator = Operator(new_id(), "Test Nurse", Role.ADMINISTRATOR)
    code = code_of(
        unlocking.set_up_station, folder, operator, PASSPHRASE, new_recovery_key(), keystore=None
    )
    assert code is ErrorCode.VAULT_EXISTS
    assert unlocking.operators(folder) == (signed_in.operator,)


def test_the_right_passphrase_opens_what_was_saved(folder, signed_in) -> None:
    opened = episodes.open_episode(signed_in.vault, signed_in.operator, PATIENT)
    unlocking.lock(signed_in)
    assert code_of(episodes.view_of, signed_in.vault, opened.episode.id) is ErrorCode.VAULT_LOCKED
    with enter(folder, signed_in).vault as vault:
        assert episodes.view_of(vault, opened.episode.id).patient == opened.patient


@pytest.fixture
def stopped_uptime(monkeypatch) -> None:
    """Stop the uptime, so that a wait does not end while a slow PC derives keys."""
    monkeypatch.setitem(accounts.unlock_with_secret.__kwdefaults__, "uptime_s", lambda: 1_000.0)


@pytest.mark.usefixtures("stopped_uptime")
def test_a_wrong_passphrase_is_refused_counted_and_made_to_wait(folder, signed_in) -> None:
    unlocking.lock(signed_in)
    with pytest.raises(StationError) as caught:
        enter(folder, signed_in, "not the right words")
    assert caught.value.code is ErrorCode.SECRET_WRONG
    assert caught.value.facts == {}  # the last administrator is never locked out
    with pytest.raises(StationError) as caught:
        enter(folder, signed_in)
    assert caught.value.code is ErrorCode.SECRET_WAIT
    assert caught.value.facts["seconds"] == 1


def test_a_second_opening_is_told_that_the_vault_is_in_use(folder, signed_in) -> None:
    assert code_of(enter, folder, signed_in) is ErrorCode.VAULT_IN_USE
    episodes.open_episode(signed_in.vault, signed_in.operator, PATIENT)  # the first still works


@pytest.mark.usefixtures("stopped_uptime")
def test_the_recovery_key_gives_a_new_passphrase(folder, signed_in, recovery: RecoveryKey) -> None:
    unlocking.lock(signed_in)
    words = " ".join(recovery.words)
    again = unlocking.sign_in_with_recovery_key(
        folder, signed_in.operator.id, words, NEW_PASSPHRASE, keystore=None
    )
    unlocking.lock(again)
    assert code_of(enter, folder, signed_in) is ErrorCode.SECRET_WRONG
    # the wait after a wrong try does not affect the recovery key
    assert code_of(enter, folder, signed_in, NEW_PASSPHRASE) is ErrorCode.SECRET_WAIT


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("one two three", ErrorCode.RECOVERY_KEY_MISTYPED),
        ("", ErrorCode.RECOVERY_KEY_MISTYPED),
        (None, ErrorCode.RECOVERY_KEY_WRONG),
    ],
)
def test_a_wrong_recovery_key_changes_nothing(folder, signed_in, typed, code) -> None:
    unlocking.lock(signed_in)
    words = " ".join(new_recovery_key().words) if typed is None else typed
    found = code_of(
        unlocking.sign_in_with_recovery_key,
        folder,
        signed_in.operator.id,
        words,
        NEW_PASSPHRASE,
        keystore=None,
    )
    assert found is code
    with enter(folder, signed_in).vault:
        pass


def test_a_weak_new_secret_is_refused_and_the_old_one_holds(folder, signed_in, recovery) -> None:
    unlocking.lock(signed_in)
    code = code_of(
        unlocking.sign_in_with_recovery_key,
        folder,
        signed_in.operator.id,
        " ".join(recovery.words),
        "123456",
        keystore=None,
    )
    assert code is ErrorCode.SECRET_WEAK
    with enter(folder, signed_in).vault:
        pass


def _garbage(file: Path) -> None:
    file.write_bytes(b"this is no vault at all. " * 400)


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


@pytest.mark.parametrize("spoil", [_garbage, Path.unlink, lambda file: file.write_bytes(b"")])
def test_an_unusable_index_is_reported_and_not_changed(folder, signed_in, spoil) -> None:
    unlocking.lock(signed_in)
    index = folder / INDEX_FILE
    spoil(index)
    found = index.read_bytes() if index.exists() else None
    assert code_of(enter, folder, signed_in) is ErrorCode.VAULT_DAMAGED
    assert (index.read_bytes() if index.exists() else None) == found


def test_one_damaged_key_file_is_tolerated(folder, signed_in) -> None:
    unlocking.lock(signed_in)
    _flip(folder / KEY_FILES[0])
    assert unlocking.operators(folder) == (signed_in.operator,)
    with enter(folder, signed_in).vault:
        pass


@pytest.mark.parametrize("spoil", [_garbage, _flip, Path.unlink])
def test_without_key_files_nobody_is_invited_to_set_up_again(folder, signed_in, spoil) -> None:
    unlocking.lock(signed_in)
    for name in KEY_FILES:
        spoil(folder / name)
    assert code_of(unlocking.operators, folder) is ErrorCode.KEYS_DAMAGED
    assert (folder / INDEX_FILE).stat().st_size > 0


def test_a_file_in_place_of_the_vault_is_not_a_new_station(tmp_path) -> None:
    (tmp_path / "vault").write_text("not a folder")
    assert code_of(unlocking.operators, tmp_path / "vault") is ErrorCode.KEYS_DAMAGED


def test_a_newer_format_is_named(folder, signed_in) -> None:
    signed_in.vault._database.change("PRAGMA user_version = 9999")
    unlocking.lock(signed_in)
    assert code_of(enter, folder, signed_in) is ErrorCode.VAULT_NEWER


def test_a_read_only_disk_is_named(tmp_path, recovery, small_disk) -> None:
    home = small_disk(tmp_path / "disk", "8m")
    operator = Operator(new_id(), "Test Nurse", Role.ADMINISTRATOR)
    made = unlocking.set_up_station(home / "vault", operator, PASSPHRASE, recovery, keystore=None)
    unlocking.lock(made)
    remount(home, "ro")
    assert unlocking.operators(home / "vault") == (operator,)
    assert code_of(enter, home / "vault", made) is ErrorCode.VAULT_READ_ONLY
    remount(home, "rw")
    with enter(home / "vault", made).vault:
        pass


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[OsKeystore]:
    """A keystore that is locked, and whose prompt nobody answers."""
    answered = threading.Event()
    backend = MemoryKeystore()
    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(backend, name, lambda *_: answered.wait())
    yield OsKeystore(backend, answers_within_s=0.01)
    answered.set()
    for thread in threading.enumerate():
        if thread.name == "keystore":
            thread.join()


def test_a_keystore_that_does_not_answer_is_told_and_the_recovery_key_opens(
    folder, signed_in, recovery, silent
) -> None:
    keystore, who = MemoryKeystore(), signed_in.operator.id
    holders.replace_secret(signed_in.vault, who, "481516", keystore=keystore)
    signed_in.vault.close()
    with pytest.raises(StationError) as caught:
        unlocking.sign_in(folder, who, "481516", keystore=silent)
    assert caught.value.facts["step"] == "waiting"
    assert "recovery key" in message_for(caught.value).todo
    words = " ".join(recovery.words)
    recover = unlocking.sign_in_with_recovery_key
    with pytest.raises(StationError) as caught:  # a PIN would need the keystore again
        recover(folder, who, words, "924680", keystore=silent)
    assert caught.value.facts["step"] == "passphrase"
    assert "passphrase" in message_for(caught.value).todo
    unlocking.lock(recover(folder, who, words, NEW_PASSPHRASE, keystore=silent))
    unlocking.lock(enter(folder, signed_in, NEW_PASSPHRASE))
