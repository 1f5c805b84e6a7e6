"""Key files that somebody without a key changed, exchanged or put back: none gets anybody in.

Each attack was tried on a vault without authenticated key files and worked there.
"""

import itertools
import secrets
import shutil
from dataclasses import replace

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role
from dermstation.security.accounts import (
    recovery_private,
    set_up_keys,
    unlock_with_recovery,
    unlock_with_secret,
)
from dermstation.security.judging import KeyFileFault
from dermstation.security.keyfile import KEY_FILES, key_id, read_key_file, write_key_file
from dermstation.security.recovery import new_recovery_key
from dermstation.security.sealing import public_key
from dermstation.security.slots import IndexKeys, SealedKeys, new_slot
from dermstation.vault.backup import Backup
from dermstation.vault.holders import add_holder, drop_holder, replace_secret
from dermstation.vault.restore import restore
from dermstation.vault.store import Vault
from tests.faults.forging import data_of, forge, slot_of
from tests.unit.vault.conftest import KDF, PASSPHRASE

NURSE = Operator("b" * 32, "Test Nurse-Two", Role.NURSE)
THEIRS = "their own plain words"
OURS = "entirely other plain words"

LATER = itertools.count(10**9, 100)  # each wait is over
SET_ASIDE = pytest.mark.expects_log("a key file that is not this vault's was set aside")
PUT_BACK = pytest.mark.expects_log("an old copy was put back: keys_older")


@pytest.fixture
def filled(home, samples):
    """A vault with pictures and a nurse, and the pictures."""
    with home.open() as vault:
        add_holder(vault, NURSE, THEIRS, keystore=None, kdf=KDF)
        _, _, _, saved = samples.fill(vault)
    return home, saved


def revoke(home):
    with home.open() as vault:
        vault.operators.revoke(NURSE.id)
        drop_holder(vault, NURSE.id, keystore=None)
        vault.rotate_index_key()


def enter(home, operator_id, secret):
    keys = unlock_with_secret(home.folder, operator_id, secret, keystore=None)
    return Vault.open(home.folder, keys)


def code_of(call, *arguments, **named):
    with pytest.raises(StationError) as caught:
        call(*arguments, **named).close()
    return caught.value.code


def opens(home, operator_id, secret):
    try:
        keys = unlock_with_secret(
            home.folder, operator_id, secret, keystore=None, uptime_s=lambda: next(LATER)
        )
        Vault.open(home.folder, keys).close()
    except StationError:
        return False
    return True


def aside(home):
    return sorted(path.name for path in home.folder.glob("keys.?.set-aside-*"))


def check_whole(home, saved, *faults):
    """Check that the owner signs in, that nothing is lost and that the finding is recorded."""
    with enter(home, home.operator.id, PASSPHRASE) as vault:
        assert all(vault.captures.image(one) == image for one, image in saved.items())
        assert tuple(one.fault for one in vault.key_files.faults) == faults
        recorded = [one.facts.get("fault") for one in vault.audit.entries()]
        assert [one for one in recorded if one][: len(faults)] == list(faults)[::-1]
        assert vault.audit.verify() == ()
    with enter(home, home.operator.id, PASSPHRASE) as vault:
        assert vault.key_files.faults == ()


@SET_ASIDE
def test_a_recovery_key_pasted_in_opens_nothing_ever(filled, tmp_path):
    home, saved = filled
    theirs = new_recovery_key()
    private = recovery_private(theirs)

    def paste(data):
        data["recovery"]["public"] = public_key(private).hex()

    forge(home.folder, paste)
    check_whole(home, saved, KeyFileFault.RECOVERY_KEY, KeyFileFault.RECOVERY_KEY)
    with home.open() as vault:
        vault.rotate_index_key()  # as after each wipe
        backup = Backup(vault, tmp_path)
        while (progress := backup.step()).path is None:
            pass
    assert code_of(unlock_with_recovery, home.folder, theirs) is ErrorCode.RECOVERY_KEY_WRONG
    assert code_of(restore, progress.path, tmp_path / "new", theirs) is (
        ErrorCode.RECOVERY_KEY_WRONG
    )
    restore(progress.path, tmp_path / "new", home.recovery).close()


@SET_ASIDE
@pytest.mark.parametrize("names", [KEY_FILES, KEY_FILES[:1], KEY_FILES[1:]])
def test_a_revoked_nurse_who_pastes_her_old_slot_stays_out(filled, names):
    home, saved = filled
    old = slot_of(data_of((home.folder / "keys.a").read_bytes()), NURSE.id)
    revoke(home)
    forge(home.folder, lambda data: data["slots"].append(old), names=names)
    assert code_of(enter, home, NURSE.id, THEIRS) is ErrorCode.VAULT_DAMAGED
    check_whole(home, saved, *([KeyFileFault.REVOKED_OPERATOR] * len(names)))
    with home.open() as vault:
        vault.rotate_index_key()  # sealed to her, if the slot had been believed
    with pytest.raises(LookupError):
        enter(home, NURSE.id, THEIRS)


def test_old_key_files_do_not_let_in_somebody_who_is_revoked_at_the_moment(filled):
    """The index says that she is revoked; its key has yet to be changed."""
    home, _ = filled
    with home.open() as vault:
        vault.operators.revoke(NURSE.id)
    assert code_of(enter, home, NURSE.id, THEIRS) is ErrorCode.OPERATOR_REFUSED
    with home.open() as vault:
        refused = vault.audit.newest(AuditEvent.SIGN_IN_REFUSED)
        assert (refused.operator_id, refused.facts) == (NURSE.id, {"reason": "revoked"})
        assert NURSE.id not in {one.operator.id for one in vault.key_files.content.slots}


@PUT_BACK
def test_an_old_secret_put_back_with_its_key_files_is_refused_and_recorded(filled):
    home, saved = filled
    old = {name: (home.folder / name).read_bytes() for name in KEY_FILES}
    with home.open() as vault:
        replace_secret(vault, NURSE.id, OURS, keystore=None, kdf=KDF)
        vault.audit.append(AuditEvent.SECRET_CHANGED, subject=NURSE.id)
    for name, image in old.items():
        (home.folder / name).write_bytes(image)
    assert code_of(enter, home, NURSE.id, THEIRS) is ErrorCode.OPERATOR_REFUSED
    assert {name: (home.folder / name).read_bytes() for name in KEY_FILES} == old
    with enter(home, home.operator.id, PASSPHRASE) as vault:
        refused = vault.audit.newest(AuditEvent.SIGN_IN_REFUSED)
        assert (refused.operator_id, refused.facts) == (NURSE.id, {"reason": "replaced"})
        assert all(vault.captures.image(one) == image for one, image in saved.items())
    enter(home, NURSE.id, OURS).close()


@SET_ASIDE
def test_anothers_public_key_replaced_is_never_sealed_to(filled):
    home, saved = filled
    stranger = new_slot(NURSE, OURS, IndexKeys(bytearray(32)), KDF, None).to_json()

    def replace_hers(data):
        data["slots"] = [stranger if one["id"] == NURSE.id else one for one in data["slots"]]

    forge(home.folder, replace_hers)
    assert code_of(enter, home, NURSE.id, OURS) is ErrorCode.VAULT_DAMAGED
    check_whole(home, saved, KeyFileFault.PUBLIC_KEY, KeyFileFault.PUBLIC_KEY)
    with home.open() as vault:
        vault.rotate_index_key()
    assert code_of(enter, home, NURSE.id, OURS) is ErrorCode.SECRET_WRONG
    with home.open() as vault:
        vault.audit.append(AuditEvent.LOCKED)


@SET_ASIDE
def test_an_index_key_of_the_attackers_choice_is_never_taken_for_the_next_one(filled):
    """Anybody can seal a key to a public key."""
    home, saved = filled
    chosen = bytearray(secrets.token_bytes(32))

    def put_next(data):
        data["next_id"] = key_id(chosen)
        for sealed in (data["recovery"], *(one["keys"] for one in data["slots"])):
            whole = SealedKeys.from_json(sealed).with_next(chosen)
            sealed["next"] = whole.next.hex()

    forge(home.folder, put_next)
    before = home.keys().current
    check_whole(home, saved, KeyFileFault.ALTERED, KeyFileFault.ALTERED)
    assert home.keys() == IndexKeys(before)
    assert code_of(Vault.open, home.folder, IndexKeys(chosen)) is ErrorCode.VAULT_DAMAGED


@SET_ASIDE
@pytest.mark.parametrize("names", [KEY_FILES, KEY_FILES[:1], KEY_FILES[1:]])
def test_the_role_in_a_key_file_changes_no_right(filled, names):
    home, saved = filled

    def promote(data):
        slot_of(data, NURSE.id)["role"] = "administrator"

    forge(home.folder, promote, names=names)
    with enter(home, NURSE.id, THEIRS) as vault:
        assert vault.operators.get(NURSE.id).role is Role.NURSE
        assert {one.fault for one in vault.key_files.faults} == {KeyFileFault.SLOT}
    check_whole(home, saved)
    assert len(aside(home)) == len(names)


@SET_ASIDE
@pytest.mark.parametrize("name", KEY_FILES)
def test_another_vaults_key_file_with_a_higher_generation_destroys_nothing(filled, tmp_path, name):
    home, saved = filled
    other = tmp_path / "other"
    other.mkdir()
    keys, _ = set_up_keys(other, home.operator, OURS, keystore=None, kdf=KDF)
    write_key_file(other, replace(read_key_file(other), generation=10**6), [keys.current])
    foreign = (other / name).read_bytes()
    (home.folder / name).write_bytes(foreign)
    both = {one: (home.folder / one).read_bytes() for one in KEY_FILES}
    assert code_of(enter, home, home.operator.id, OURS) is ErrorCode.VAULT_DAMAGED
    assert {one: (home.folder / one).read_bytes() for one in KEY_FILES} == both
    keys = unlock_with_secret(
        home.folder, home.operator.id, PASSPHRASE, keystore=None, uptime_s=lambda: 1e9
    )
    with Vault.open(home.folder, keys) as vault:
        assert all(vault.captures.image(one) == image for one, image in saved.items())
        (found,) = vault.key_files.faults
        assert (found.name, found.fault) == (name, KeyFileFault.OTHER_VAULT)
    assert (home.folder / f"{name}.set-aside-1").read_bytes() == foreign
    check_whole(home, saved)


def test_an_index_that_no_key_file_opens_says_which_files_do_not_belong(filled, tmp_path):
    home, _ = filled
    copy = home.copy_to(tmp_path / "copy")
    with home.open() as vault:
        vault.rotate_index_key()
    for name in KEY_FILES:
        shutil.copy2(copy.folder / name, home.folder / name)
    with pytest.raises(StationError) as caught:
        home.open()
    assert caught.value.facts["keys"] == "other_time"
    other = tmp_path / "other"
    other.mkdir()
    set_up_keys(other, home.operator, OURS, keystore=None, recovery=home.recovery, kdf=KDF)
    shutil.copy2(other / "keys.a", home.folder / "keys.a")
    with pytest.raises(StationError) as caught:
        home.open()
    assert caught.value.facts["keys"] == "two_vaults"


def test_an_index_of_another_vault_is_named_as_such(filled, tmp_path):
    home, _ = filled
    with home.open() as vault:
        backup = Backup(vault, tmp_path)
        while (progress := backup.step()).path is None:
            pass
    with restore(progress.path, tmp_path / "new", home.recovery):
        pass
    (home.folder / "vault.db-journal").unlink()
    shutil.copy2(tmp_path / "new" / "vault.db", home.folder / "vault.db")
    with pytest.raises(StationError) as caught:
        home.open()
    assert caught.value.facts["keys"] == "other_vault"


@SET_ASIDE
def test_a_key_file_of_the_format_before_is_refused_once_the_index_knows(filled):
    home, saved = filled

    def downgrade(data):
        data["format"] = 2
        data["failed_tries"] = []
        for slot in data["slots"]:
            slot |= {"wrong_tries": 0, "waits_since_s": 0.0}

    forge(home.folder, downgrade)
    check_whole(home, saved, KeyFileFault.OLDER_FORMAT, KeyFileFault.OLDER_FORMAT)


@SET_ASIDE
def test_a_file_exchanged_while_the_vault_is_open_is_set_aside_and_recorded(filled, samples):
    home, _ = filled
    with home.open() as vault:
        samples.fill(vault, which=1)
        forge(home.folder, lambda data: data.update(vault_id="0" * 32), names=("keys.b",))
        foreign = (home.folder / "keys.b").read_bytes()
        vault.audit.append(AuditEvent.LOCKED)
    assert (home.folder / "keys.b.set-aside-1").read_bytes() == foreign
    with home.open() as vault:
        entry = vault.audit.newest(AuditEvent.KEY_FILE_REFUSED)
        assert entry.facts == {"file": "keys.b", "fault": "other_vault"}


@SET_ASIDE
def test_the_same_file_exchanged_again_and_again_is_kept_once(filled):
    home, _ = filled
    forge(home.folder, lambda data: data.update(vault_id="0" * 32), names=("keys.a",))
    foreign = (home.folder / "keys.a").read_bytes()
    for _ in range(3):
        home.open().close()
        (home.folder / "keys.a").write_bytes(foreign)
    home.open().close()
    assert aside(home) == ["keys.a.set-aside-1"]


@SET_ASIDE
def test_too_many_exchanged_files_stop_the_station_before_it_writes(filled, monkeypatch):
    home, saved = filled
    monkeypatch.setattr("dermstation.vault.key_folder.MOST_ASIDE", 2)
    for number in range(3):
        forge(
            home.folder, lambda data, n=number: data.update(vault_id=f"{n:032}"), names=("keys.a",)
        )
        before = {name: (home.folder / name).read_bytes() for name in KEY_FILES}
        if number < 2:
            home.open().close()
    assert code_of(home.open) is ErrorCode.KEYS_ASIDE_FULL
    assert {name: (home.folder / name).read_bytes() for name in KEY_FILES} == before
    for name in aside(home):
        (home.folder / name).unlink()
    check_whole(home, saved, KeyFileFault.OTHER_VAULT)


def test_a_new_secret_cut_off_anywhere_leaves_one_that_opens(filled, killed_before, tmp_path):
    home, saved = filled
    number, was_killed = 0, True
    while was_killed:
        copy = home.copy_to(tmp_path / "copy")

        def renew(copy=copy):
            with copy.open() as vault:
                replace_secret(vault, NURSE.id, OURS, keystore=None, kdf=KDF)

        was_killed = killed_before(number, renew)
        with copy.open() as vault:  # which settles it
            assert all(vault.captures.image(one) == image for one, image in saved.items())
            assert vault.identity.coming() == {}
        opened = [secret for secret in (THEIRS, OURS) if opens(copy, NURSE.id, secret)]
        assert len(opened) == 1
        number += 1
    assert opened == [OURS]
    assert number > 10


def test_adding_somebody_cut_off_anywhere_adds_them_wholly_or_not(home, killed_before, tmp_path):
    number, was_killed = 0, True
    while was_killed:
        copy = home.copy_to(tmp_path / "copy")

        def add(copy=copy):
            with copy.open() as vault:
                add_holder(vault, NURSE, THEIRS, keystore=None, kdf=KDF)

        was_killed = killed_before(number, add)
        with copy.open() as vault:
            is_there = NURSE in vault.operators.present()
            ids = {one.operator.id for one in vault.key_files.content.slots}
            assert (NURSE.id in ids) == is_there
        if is_there:
            enter(copy, NURSE.id, THEIRS).close()
        number += 1
    assert is_there
    assert number > 10
