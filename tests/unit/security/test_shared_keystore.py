"""The keystore of a home that accounts share, and whether a PIN is enough there."""

import itertools
import sys

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security import pc_seal
from dermstation.security.accounts import set_up_keys, unlock_with_secret
from dermstation.security.pepper import drop_pepper, new_pepper, pepper_check, read_pepper
from dermstation.security.pin_policy import (
    PepperGuard,
    PinRule,
    allows_pin,
    guard_of,
    pin_rule,
    rule_of,
)
from dermstation.security.shared_keystore import SharedKeystore
from tests.unit.security.sealers import TestSealer

PIN, PHRASE = "493817", "copper lantern river seventeen"
EVERY_RULE = {
    (PepperGuard.NOTHING, True): PinRule.NO_KEYSTORE,
    (PepperGuard.NOTHING, False): PinRule.NO_KEYSTORE,
    (PepperGuard.NOTHING, None): PinRule.NO_KEYSTORE,
    (PepperGuard.ACCOUNT, True): PinRule.ENOUGH,
    (PepperGuard.ACCOUNT, False): PinRule.ENOUGH,
    (PepperGuard.ACCOUNT, None): PinRule.ENOUGH,
    (PepperGuard.PC, True): PinRule.ENOUGH,
    (PepperGuard.PC, False): PinRule.DISK_OPEN,
    (PepperGuard.PC, None): PinRule.DISK_NOT_KNOWN,
}


@pytest.fixture
def sealer():
    return pc_seal.PcSealer() if sys.platform == "win32" else TestSealer()


@pytest.fixture
def shared(tmp_path, sealer):
    return SharedKeystore(tmp_path / "keystore", sealer, lambda: True)


def test_every_combination_has_its_rule():
    assert set(EVERY_RULE) == set(itertools.product(PepperGuard, (True, False, None)))
    for (guard, is_encrypted), rule in EVERY_RULE.items():
        assert pin_rule(guard, disk_is_encrypted=is_encrypted) is rule, (guard, is_encrypted)


def test_the_keystore_says_what_guards_its_peppers(keystore, shared):
    found = [guard_of(one) for one in (None, keystore, shared)]
    assert found == [PepperGuard.NOTHING, PepperGuard.ACCOUNT, PepperGuard.PC]
    assert [rule_of(one) for one in (None, keystore)] == [PinRule.NO_KEYSTORE, PinRule.ENOUGH]


@pytest.mark.parametrize(
    ("is_encrypted", "rule"),
    [(True, PinRule.ENOUGH), (False, PinRule.DISK_OPEN), (None, PinRule.DISK_NOT_KNOWN)],
)
def test_where_the_pc_guards_them_its_disk_decides(tmp_path, sealer, is_encrypted, rule):
    shared = SharedKeystore(tmp_path, sealer, lambda: is_encrypted)
    assert rule_of(shared) is rule
    assert allows_pin(shared) == bool(is_encrypted)


def test_what_one_account_stores_the_next_one_reads(tmp_path, sealer, shared):
    pepper = new_pepper(shared, "slot")
    another = SharedKeystore(tmp_path / "keystore", sealer, lambda: None)
    assert read_pepper(another, "slot", pepper_check(pepper)) == pepper
    shared.set_password("dermstation", "slot", "other")
    assert another.get_password("dermstation", "slot") == "other"
    drop_pepper(another, "slot")
    assert shared.get_password("dermstation", "slot") is None
    assert list((tmp_path / "keystore").iterdir()) == []


def test_a_file_tells_neither_secret_nor_name_and_stands_for_no_other(tmp_path, shared):
    shared.set_password("dermstation", "slot of Test", "a secret of many letters")
    shared.set_password("dermstation", "other", "x")
    first, second = sorted((tmp_path / "keystore").iterdir(), key=lambda one: one.stat().st_size)
    for one in (first, second):
        assert not any(word in one.read_bytes() for word in (b"slot", b"Test", b"secret"))
        assert "slot" not in one.name
    first.write_bytes(second.read_bytes())
    with pytest.raises(OSError):  # noqa: PT011 - its words are those of the system
        shared.get_password("dermstation", "other")


@pytest.mark.skipif(sys.platform == "win32", reason="only this PC's own key can be had")
def test_the_files_alone_open_nothing_on_another_pc(tmp_path, shared, operator, kdf):
    folder = tmp_path / "vault"
    folder.mkdir()
    set_up_keys(folder, operator, PIN, keystore=shared, kdf=kdf)[0].forget()
    elsewhere = SharedKeystore(tmp_path / "keystore", TestSealer(), lambda: True)
    with pytest.raises(StationError) as refused:
        unlock_with_secret(folder, operator.id, PIN, keystore=elsewhere)
    assert refused.value.code is ErrorCode.KEYSTORE_FAILED
    unlock_with_secret(folder, operator.id, PIN, keystore=shared).forget()


def test_without_an_encrypted_disk_a_passphrase_is_asked_for_and_has_a_pepper_too(
    tmp_path, sealer, operator, kdf
):
    shared = SharedKeystore(tmp_path / "keystore", sealer, lambda: False)
    folder = tmp_path / "vault"
    folder.mkdir()
    with pytest.raises(StationError) as refused:
        set_up_keys(folder, operator, PIN, keystore=shared, kdf=kdf)
    assert refused.value.code is ErrorCode.SECRET_WEAK
    set_up_keys(folder, operator, PHRASE, keystore=shared, kdf=kdf)[0].forget()
    assert list((tmp_path / "keystore").iterdir())
    unlock_with_secret(folder, operator.id, PHRASE, keystore=shared).forget()


def test_a_wrong_try_counts_for_every_account(tmp_path, sealer, operator, kdf, uptime):
    """Each account's own count would call the others' sign-ins a count put back."""
    folder = tmp_path / "vault"
    folder.mkdir()
    found = [SharedKeystore(tmp_path / "keystore", sealer, lambda: True) for _ in range(2)]
    set_up_keys(folder, operator, PIN, keystore=found[0], kdf=kdf)[0].forget()
    with pytest.raises(StationError):
        unlock_with_secret(folder, operator.id, "493818", keystore=found[0], uptime_s=uptime)
    with pytest.raises(StationError) as refused:
        unlock_with_secret(folder, operator.id, PIN, keystore=found[1], uptime_s=uptime)
    assert refused.value.code is ErrorCode.SECRET_WAIT
