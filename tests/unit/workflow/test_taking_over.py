"""An account's own store becomes the one that a PC's accounts share, and nothing is lost."""

import json
from pathlib import Path

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role
from dermstation.paths import StationPaths
from dermstation.security.pin_policy import PinRule
from dermstation.security.shared_keystore import SharedKeystore
from dermstation.settings_file import load_settings, remember
from dermstation.vault.holders import add_holder
from dermstation.vault.setup import set_up
from dermstation.vault.store import Vault
from dermstation.workflow import taking_over, unlocking
from dermstation.workflow.messages import message_for
from dermstation.workflow.occupant import occupant_of
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.wiping import Resumed
from tests.ui.desk import CHEAP
from tests.unit.security.conftest import MemoryKeystore
from tests.unit.security.sealers import TestSealer
from tests.unit.sharing import share_home
from tests.unit.vault.conftest import Samples
from tests.unit.workflow.conftest import an_episode, pack

PIN, PHRASE, OTHER = "493817", "copper lantern river seventeen", "gravel window seven otter"
ADMIN = Operator(Samples.operator_id, "Test Administrator", Role.ADMINISTRATOR)
NURSE = Operator("b" * 32, "Test Nurse", Role.NURSE)


class Pc:
    """A PC whose accounts share a home that is empty yet, and one account with a store."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paths = share_home(folder, monkeypatch)
        self.own = StationPaths(self.paths.own)
        self.account = MemoryKeystore()
        self.is_encrypted = True
        self.keystore = SharedKeystore(self.paths.keystore, TestSealer(), lambda: self.is_encrypted)

    def fill(self, secret: str = PIN, *, keystore: bool = True) -> dict[str, str]:
        """Set the account's store up, with a nurse and pictures; return their hashes by id."""
        found = self.account if keystore else None
        vault, _ = set_up(self.own.vault, ADMIN, secret, keystore=found, kdf=CHEAP)
        with vault:
            Samples().fill(vault)
            add_holder(vault, NURSE, PIN if keystore else OTHER, keystore=found, kdf=CHEAP)
            return hashes(vault)

    def take_over(self, secret: str = PIN, who: Operator = ADMIN) -> SignedIn:
        signed_in = taking_over.take_over(
            self.paths.vault,
            who.id,
            secret,
            keystore=self.keystore,
            own_keystore=lambda: self.account,
        )
        taking_over.finish(signed_in.vault, lambda: self.account)
        return signed_in

    def refused(self, secret: str = PIN, who: Operator = ADMIN) -> StationError:
        with pytest.raises(StationError) as caught:
            self.take_over(secret, who)
        return caught.value


def hashes(vault: Vault) -> dict[str, str]:
    return {
        one.id: one.sha256
        for episode in vault.episodes.unfinished()
        for one in vault.captures.of_episode(episode.id)
    }


@pytest.fixture
def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pc:
    return Pc(tmp_path, monkeypatch)


def test_an_account_without_a_store_has_nothing_to_offer(pc: Pc) -> None:
    assert taking_over.own_store(pc.paths) is None
    assert pc.refused().code is ErrorCode.VAULT_ABSENT


def test_a_store_that_is_not_shared_is_never_offered(pc: Pc) -> None:
    pc.fill()
    assert taking_over.own_store(pc.own) is None
    assert taking_over.own_store(pc.paths) == pc.own


def test_everything_is_there_and_nothing_is_left_in_the_account(pc: Pc) -> None:
    before = pc.fill()
    remember(pc.own.settings, lock_after_minutes=7)
    signed_in = pc.take_over()
    with signed_in.vault as vault:
        assert hashes(vault) == before
        assert vault.audit.verify() == ()
        assert vault.damage == ()
        taken, wiped = (
            vault.audit.newest(one) for one in (AuditEvent.TAKEN_OVER, AuditEvent.OLD_PLACE_WIPED)
        )
        assert taken.operator_id == ADMIN.id
        assert wiped.facts["files"] >= 4
    assert signed_in.taken_over.pictures == len(before)
    assert load_settings(pc.paths.settings).lock_after_minutes == 7
    assert [one for one in pc.own.home.rglob("*") if one.is_file()] == []
    assert pc.account.stored == {
        key: value for key, value in pc.account.stored.items() if "entry" in key[1]
    }  # what it remembers of the old place, and no pepper


def test_everybody_signs_in_as_before_from_any_account(pc: Pc) -> None:
    pc.fill()
    pc.take_over().vault.close()
    for who in (ADMIN, NURSE):
        found = unlocking.sign_in(pc.paths.vault, who.id, PIN, keystore=pc.keystore)
        found.vault.close()
        assert (found.operator.id, found.pin_rule) == (who.id, PinRule.ENOUGH)


@pytest.mark.parametrize(
    ("is_encrypted", "rule"), [(False, PinRule.DISK_OPEN), (None, PinRule.DISK_NOT_KNOWN)]
)
def test_whoever_has_a_pin_is_asked_for_a_passphrase_if_the_disk_is_open(
    pc: Pc, is_encrypted: bool | None, rule: PinRule
) -> None:
    pc.fill()
    pc.is_encrypted = is_encrypted
    pc.take_over().vault.close()
    found = unlocking.sign_in(pc.paths.vault, NURSE.id, PIN, keystore=pc.keystore)
    found.vault.close()
    assert found.pin_rule is rule


def test_where_nothing_guards_a_pepper_others_need_a_new_secret(pc: Pc) -> None:
    """As on Linux."""
    pc.fill(PHRASE)
    pc.keystore = None
    signed_in = pc.take_over(PHRASE)
    signed_in.vault.close()
    assert signed_in.taken_over.without_secret == (NURSE.name,)
    unlocking.sign_in(pc.paths.vault, ADMIN.id, PHRASE, keystore=None).vault.close()


def test_where_nothing_guards_a_pepper_a_pin_moves_nothing(pc: Pc) -> None:
    before = pc.fill()
    pc.keystore = None
    assert pc.refused().code is ErrorCode.SECRET_WEAK
    still_there(pc, before)


def test_a_store_that_is_shared_already_is_never_replaced(pc: Pc) -> None:
    before = pc.fill()
    vault, _ = set_up(pc.paths.vault, NURSE, PHRASE, keystore=None, kdf=CHEAP)
    vault.close()
    refused = pc.refused()
    assert refused.code is ErrorCode.TAKE_OVER_TAKEN
    assert str(pc.own.home) in message_for(refused).todo
    still_there(pc, before, is_alone=False)


def test_only_an_administrator_moves_it(pc: Pc) -> None:
    before = pc.fill()
    assert pc.refused(who=NURSE).code is ErrorCode.RIGHT_MISSING
    still_there(pc, before)


def test_a_package_that_only_this_account_could_remove_comes_first(pc: Pc, packages: Path) -> None:
    set_up(pc.own.vault, ADMIN, PIN, keystore=pc.account, kdf=CHEAP)[0].close()
    with unlocking.sign_in(pc.own.vault, ADMIN.id, PIN, keystore=pc.account).vault as vault:
        signed_in = SignedIn(vault, ADMIN, Resumed())
        pack(signed_in, an_episode(signed_in), packages)
    assert pc.refused().code is ErrorCode.TAKE_OVER_FILES
    assert not pc.paths.vault.exists()


@pytest.mark.expects_log("opened with 1 things wrong")
def test_a_copy_in_which_less_is_whole_is_refused(pc: Pc, monkeypatch: pytest.MonkeyPatch) -> None:
    before = pc.fill()
    copied = taking_over.copy_vault

    def spoil(folder: Path, stage: Path) -> None:
        copied(folder, stage)
        next((stage / "episodes").glob("*.db")).write_bytes(b"not what was written")

    with monkeypatch.context() as spoilt:
        spoilt.setattr(taking_over, "copy_vault", spoil)
        assert pc.refused().code is ErrorCode.TAKE_OVER_DAMAGED
    still_there(pc, before)


def test_an_account_keystore_that_fails_moves_nothing(pc: Pc) -> None:
    before = pc.fill()

    def failing(service: str, username: str, password: str) -> None:
        raise OSError("out of order")

    pc.keystore.set_password = failing
    assert pc.refused().code is ErrorCode.KEYSTORE_FAILED
    still_there(pc, before)


def still_there(pc: Pc, before: dict[str, str], *, is_alone: bool = True) -> None:
    with unlocking.sign_in(pc.own.vault, ADMIN.id, PIN, keystore=pc.account).vault as vault:
        assert hashes(vault) == before
    assert pc.paths.vault.exists() is not is_alone
    assert list(pc.paths.home.glob("vault.taking*")) == []


def test_of_two_accounts_that_move_at_once_the_first_wins(
    pc: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pc.fill()
    copied = taking_over.copy_vault

    def meanwhile(folder: Path, stage: Path) -> None:
        copied(folder, stage)
        set_up(pc.paths.vault, NURSE, PHRASE, keystore=None, kdf=CHEAP)[0].close()

    with monkeypatch.context() as played:
        played.setattr(taking_over, "copy_vault", meanwhile)
        assert pc.refused().code is ErrorCode.TAKE_OVER_TAKEN
    still_there(pc, before, is_alone=False)


class TestOldPlace:
    def moved(self, pc: Pc) -> None:
        """Take the store over, and end before the old place is wiped."""
        pc.fill()
        taking_over.take_over(
            pc.paths.vault,
            ADMIN.id,
            PIN,
            keystore=pc.keystore,
            own_keystore=lambda: pc.account,
        ).vault.close()
        assert pc.own.vault.exists()

    def signed_in(self, pc: Pc, who: Operator = NURSE) -> None:
        found = unlocking.sign_in(pc.paths.vault, who.id, PIN, keystore=pc.keystore)
        taking_over.finish(found.vault, lambda: pc.account)
        found.vault.close()

    def test_it_is_wiped_by_the_next_sign_in(self, pc: Pc) -> None:
        self.moved(pc)
        self.signed_in(pc)
        assert not pc.own.vault.exists()

    def test_what_a_move_that_was_cut_off_left_goes_as_well(self, pc: Pc) -> None:
        self.moved(pc)
        left = pc.paths.home / "vault.taking-1"
        left.mkdir()
        (left / "vault.db").write_bytes(b"half a copy")
        self.signed_in(pc)
        assert not left.exists()

    def test_one_that_was_used_since_stays(self, pc: Pc) -> None:
        self.moved(pc)
        with unlocking.sign_in(pc.own.vault, ADMIN.id, PIN, keystore=pc.account).vault as vault:
            before = hashes(vault)
        self.signed_in(pc)
        with unlocking.sign_in(pc.own.vault, ADMIN.id, PIN, keystore=pc.account).vault as vault:
            assert hashes(vault) == before

    def test_another_store_of_another_account_stays(self, pc: Pc) -> None:
        self.moved(pc)
        self.signed_in(pc)
        other, _ = set_up(pc.own.vault, NURSE, PHRASE, keystore=None, kdf=CHEAP)
        other.close()
        self.signed_in(pc)
        assert pc.own.vault.exists()


class TestOccupant:
    def test_another_account_is_told_who_has_the_store_open(self, pc: Pc) -> None:
        pc.fill()
        signed_in = pc.take_over()
        here = occupant_of(pc.paths.vault)
        with pytest.raises(StationError) as refused:
            unlocking.sign_in(pc.paths.vault, NURSE.id, PIN, keystore=pc.keystore)
        assert refused.value.code is ErrorCode.VAULT_IN_USE
        assert refused.value.facts["account"] == here.account
        assert here.account in message_for(refused.value).what
        signed_in.vault.close()
        assert occupant_of(pc.paths.vault) is None
        assert not pc.paths.occupant.exists()

    def test_a_note_of_a_program_that_was_killed_names_nobody(self, pc: Pc) -> None:
        pc.paths.occupant.write_text(json.dumps({"account": "Test", "process": 2**22 + 1}))
        assert occupant_of(pc.paths.vault) is None

    @pytest.mark.parametrize("text", ["", "[]", '{"account": 1}', "[" * 4000])
    def test_a_note_that_is_none_names_nobody(self, pc: Pc, text: str) -> None:
        pc.paths.occupant.write_text(text)
        assert occupant_of(pc.paths.vault) is None

    def test_a_store_of_one_account_has_no_such_note(self, pc: Pc) -> None:
        pc.fill()
        found = unlocking.sign_in(pc.own.vault, ADMIN.id, PIN, keystore=pc.account)
        assert not pc.own.occupant.exists()
        found.vault.close()
