import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security import pepper as peppers
from dermstation.security.pepper import (
    drop_pepper,
    new_pepper,
    pepper_check,
    read_pepper,
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
