"""With a keystore, index and key files put back together are noticed, and so is another vault."""

import shutil
from pathlib import Path

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import Operator, Role
from dermstation.security.recovery import new_recovery_key
from dermstation.security.witness import read_witness
from dermstation.vault.audit import AuditFilter, Rollback
from dermstation.workflow import outstanding, unlocking
from dermstation.workflow.notices import outstanding_words
from tests.unit.security.conftest import MemoryKeystore
from tests.unit.workflow.conftest import PASSPHRASE

ADMIN = Operator("a" * 32, "Test Administrator", Role.ADMINISTRATOR)


@pytest.fixture
def keystore() -> MemoryKeystore:
    return MemoryKeystore()


@pytest.fixture
def place(tmp_path: Path, keystore: MemoryKeystore) -> Path:
    folder = tmp_path / "vault"
    # the slot needs no keystore, so that the vault can be opened without one as well
    made = unlocking.set_up_station(folder, ADMIN, PASSPHRASE, new_recovery_key(), keystore=None)
    unlocking.lock(made)
    unlocking.lock(sign_in(folder, keystore))
    return folder


def sign_in(folder: Path, keystore: MemoryKeystore | None) -> unlocking.SignedIn:
    return unlocking.sign_in(folder, ADMIN.id, PASSPHRASE, keystore=keystore)


def seen(folder: Path, keystore: MemoryKeystore | None) -> Rollback:
    """Sign in and lock again; return what was noticed, after checking that it is recorded."""
    signed_in = sign_in(folder, keystore)
    found = signed_in.vault.rollback
    noticed = signed_in.vault.audit.entries(AuditFilter(events=(AuditEvent.OLD_COPY_NOTICED,)))
    assert bool(noticed) == (found is not Rollback.NONE)
    assert {one.facts["standing"] for one in noticed} <= {found.value}
    unlocking.lock(signed_in)
    return found


def test_a_keystore_remembers_a_vault_from_its_set_up_on(tmp_path, keystore) -> None:
    recovery = new_recovery_key()
    made = unlocking.set_up_station(
        tmp_path / "new", ADMIN, PASSPHRASE, recovery, keystore=keystore
    )
    with made.vault as vault:
        expected = vault.audit.witness(vault.id)
    assert read_witness(keystore, tmp_path / "new") == expected


def test_nothing_is_noticed_while_nothing_is_put_back(place, keystore) -> None:
    assert [seen(place, keystore) for _ in range(3)] == [Rollback.NONE] * 3


@pytest.mark.expects_log("the keystore remembers another state of the vault: index_older")
def test_index_and_keys_put_back_together_are_noticed(place, keystore, tmp_path) -> None:
    copy = shutil.copytree(place, tmp_path / "copy")
    seen(place, keystore)
    shutil.rmtree(place)
    shutil.copytree(copy, place)
    assert seen(place, keystore) is Rollback.INDEX_OLDER


def test_without_a_keystore_they_are_not(place, keystore, tmp_path) -> None:
    copy = shutil.copytree(place, tmp_path / "copy")
    seen(place, None)
    shutil.rmtree(place)
    shutil.copytree(copy, place)
    assert seen(place, None) is Rollback.NONE


@pytest.mark.expects_log("the keystore remembers another state of the vault: index_other")
def test_a_copy_that_went_its_own_way_is_noticed(place, keystore, tmp_path) -> None:
    copy = shutil.copytree(place, tmp_path / "copy")
    for _ in range(3):
        seen(copy, None)
    seen(place, keystore)
    shutil.rmtree(place)
    shutil.copytree(copy, place)
    assert seen(place, keystore) is Rollback.INDEX_OTHER


@pytest.mark.expects_log("the keystore remembers another state of the vault: vault_other")
def test_another_vault_at_the_same_place_is_noticed_and_said(place, keystore, tmp_path) -> None:
    other = tmp_path / "other"
    unlocking.set_up_station(
        other, ADMIN, PASSPHRASE, new_recovery_key(), keystore=None
    ).vault.close()
    shutil.rmtree(place)
    other.rename(place)
    signed_in = sign_in(place, keystore)
    with signed_in.vault as vault:
        assert vault.rollback is Rollback.VAULT_OTHER
        found = outstanding.outstanding(vault, signed_in.operator)
    assert (found.is_other_store, found.is_old_copy) == (True, False)
    words = outstanding_words(0, 0, is_other_store=True)
    assert words is not None
    assert "not the store that was used on this PC before" in words.what


def test_a_vault_made_to_replace_this_one_is_noticed(place, keystore, tmp_path) -> None:
    """Its maker can copy the id and the anchor out of the key files, but not the audit's key."""
    known = read_witness(keystore, place)
    other = tmp_path / "other"
    with unlocking.set_up_station(
        other, ADMIN, PASSPHRASE, new_recovery_key(), keystore=None
    ).vault as vault:
        vault._database.change("UPDATE vault_identity SET vault_id = ?", (known.vault_id,))
        assert vault.audit.compare_with_witness(known, vault.id) is Rollback.VAULT_OTHER
    with sign_in(place, None).vault as vault:
        assert vault.audit.compare_with_witness(known, vault.id) is Rollback.NONE


def test_a_keystore_that_fails_or_holds_nonsense_keeps_nobody_out(place, keystore) -> None:
    (name,) = keystore.stored
    for nonsense in ("", "{", "[1]", '{"vault_id": 1}', '{"vault_id": "1", "anchor": {}}'):
        keystore.stored[name] = nonsense
        assert seen(place, keystore) is Rollback.NONE
    keystore.fails = True
    assert seen(place, keystore) is Rollback.NONE
