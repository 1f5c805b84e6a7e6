import pytest
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security import pepper as peppers
from dermstation.security.pepper import (
    drop_pepper,
    find_keystore,
    new_pepper,
    pepper_check,
    read_pepper,
    trusted_keystore,
)


def failed_step(*arguments):
    with pytest.raises(StationError) as caught:
        read_pepper(*arguments)
    assert caught.value.code is ErrorCode.KEYSTORE_FAILED
    return caught.value.facts["step"]


def test_a_stored_pepper_reads_back(keystore):
    pepper = new_pepper(keystore, "slot")
    assert len(pepper) == 32
    assert read_pepper(keystore, "slot", pepper_check(pepper)) == pepper


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_backends_that_store_nothing_are_not_a_keystore(backend):
    assert trusted_keystore(backend()) is None


def test_an_unknown_backend_which_may_write_plain_text_is_not_a_keystore(keystore):
    assert trusted_keystore(keystore) is None


def test_a_chain_gives_its_first_trusted_backend(monkeypatch, keystore):
    monkeypatch.setattr(ChainerBackend, "backends", [null.Keyring(), keystore])
    assert trusted_keystore(ChainerBackend()) is None
    monkeypatch.setattr(peppers, "_TRUSTED", {type(keystore).__module__})
    assert trusted_keystore(ChainerBackend()) is keystore


def test_a_misnamed_backend_in_the_environment_means_no_keystore(monkeypatch):
    monkeypatch.setattr("keyring.core._keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Keyring")
    assert find_keystore() is None


def test_a_null_backend_in_the_environment_means_no_keystore(monkeypatch):
    monkeypatch.setattr("keyring.core._keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert find_keystore() is None


def test_each_keystore_failure_is_reported_and_never_makes_a_new_pepper(keystore):
    check = pepper_check(new_pepper(keystore, "slot"))
    assert failed_step(None, "slot", check) == "find"
    assert failed_step(keystore, "elsewhere", check) == "absent"
    assert failed_step(keystore, "slot", bytes(32)) == "other"
    keystore.set_password(peppers.SERVICE, "slot", "not base64!")
    assert failed_step(keystore, "slot", check) == "damaged"
    keystore.fails = True
    assert failed_step(keystore, "slot", check) == "read"
    with pytest.raises(StationError) as caught:
        new_pepper(keystore, "slot")
    assert caught.value.facts == {"step": "store"}


def test_a_keystore_that_stores_nothing_is_noticed_at_once(keystore, monkeypatch):
    monkeypatch.setattr(keystore, "set_password", lambda *_: None)
    with pytest.raises(StationError) as caught:
        new_pepper(keystore, "slot")
    assert caught.value.facts == {"step": "absent"}


def test_dropping_removes_the_pepper_and_ignores_a_refusal(keystore):
    new_pepper(keystore, "slot")
    drop_pepper(keystore, "slot")
    assert keystore.stored == {}
    keystore.fails = True
    drop_pepper(keystore, "slot")
    drop_pepper(None, "slot")
