import shutil

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role, new_id
from dermstation.security.accounts import operators, unlock_with_recovery, unlock_with_secret
from dermstation.security.recovery import new_recovery_key
from dermstation.vault.setup import is_set_up, set_up
from dermstation.vault.store import Vault

PASSPHRASE = "copper lantern river seventeen"


@pytest.fixture
def operator():
    return Operator(new_id(), "Dr Test Operator-One", Role.ADMINISTRATOR)


def code_of(call, *arguments, **named):
    with pytest.raises(StationError) as caught:
        call(*arguments, **named)
    return caught.value.code


def test_a_set_up_vault_is_open_and_opens_again_with_either_key(tmp_path, operator, kdf):
    folder = tmp_path / "home" / "vault"
    assert not is_set_up(folder)
    vault, recovery = set_up(folder, operator, PASSPHRASE, keystore=None, kdf=kdf)
    assert is_set_up(folder)
    assert vault.operators.all() == (operator,) == operators(folder)
    assert vault.damage == ()
    vault.close()
    with Vault.open(folder, unlock_with_recovery(folder, recovery)) as again:
        assert again.operators.all() == (operator,)
    keys = unlock_with_secret(folder, operator.id, PASSPHRASE, keystore=None)
    with Vault.open(folder, keys) as again:
        assert again.episodes.unfinished() == ()
    assert [path.name for path in folder.parent.iterdir()] == ["vault"]


def test_the_recovery_key_shown_beforehand_is_the_vaults(tmp_path, operator, kdf):
    shown = new_recovery_key()
    folder = tmp_path / "vault"
    vault, used = set_up(folder, operator, PASSPHRASE, keystore=None, recovery=shown, kdf=kdf)
    vault.close()
    assert used == shown
    unlock_with_recovery(folder, shown)


def test_an_empty_folder_may_be_there_already(tmp_path, operator, kdf):
    folder = tmp_path / "vault"
    folder.mkdir()
    assert not is_set_up(folder)
    set_up(folder, operator, PASSPHRASE, keystore=None, kdf=kdf)[0].close()


@pytest.mark.parametrize("found", ["keys.a", "vault.db", "anything"])
def test_nothing_that_is_there_is_ever_replaced(tmp_path, operator, kdf, found):
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / found).write_bytes(b"damaged, perhaps")
    code = code_of(set_up, folder, operator, PASSPHRASE, keystore=None, kdf=kdf)
    assert code is ErrorCode.VAULT_EXISTS
    assert (folder / found).read_bytes() == b"damaged, perhaps"


def test_a_refused_secret_leaves_nothing(tmp_path, operator, kdf):
    folder = tmp_path / "vault"
    code = code_of(set_up, folder, operator, "481516", keystore=None, kdf=kdf)
    assert code is ErrorCode.SECRET_WEAK
    assert list(tmp_path.iterdir()) == []


def test_a_set_up_killed_anywhere_leaves_no_vault_or_a_whole_one(
    tmp_path, operator, kdf, killed_before
):
    folder = tmp_path / "home" / "vault"
    shown = new_recovery_key()
    number = whole = 0
    was_killed = True
    while was_killed:
        shutil.rmtree(folder.parent, ignore_errors=True)
        was_killed = killed_before(
            number,
            lambda: set_up(folder, operator, PASSPHRASE, keystore=None, recovery=shown, kdf=kdf),
        )
        if is_set_up(folder):
            whole += 1
            vault = Vault.open(folder, unlock_with_recovery(folder, shown))
        else:
            vault, _ = set_up(folder, operator, PASSPHRASE, keystore=None, recovery=shown, kdf=kdf)
        assert vault.operators.all() == (operator,)
        vault.close()
        assert [path.name for path in folder.parent.iterdir()] == ["vault"]
        number += 1
    assert number > (40 if killed_before.is_thorough else 30)
    assert whole > 1
