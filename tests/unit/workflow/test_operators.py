"""Adding, revoking and resetting operators, and the rights that are enforced."""

from dataclasses import replace
from pathlib import Path

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role
from dermstation.domain.routes import Route
from dermstation.security import accounts
from dermstation.security.keyfile import KEY_FILES, read_key_file
from dermstation.security.tries import MOST_TRIES
from dermstation.security.tries_file import read_tries
from dermstation.vault import holders
from dermstation.vault.store import Vault
from dermstation.workflow import episodes, operators, packaging, unlocking, wiping
from dermstation.workflow.operators import TypedOperator
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.unlocking import SignedIn
from tests.unit.workflow.conftest import PASSPHRASE, PATIENT, an_episode, pack, ready

NURSE = TypedOperator("Test Nurse-Two", Role.NURSE, "12a3456b")
CLINICIAN = TypedOperator("Test Doctor-Three", Role.CLINICIAN, "1234567")
THEIRS = "their own plain words"


@pytest.fixture
def admin(signed_in: SignedIn) -> SignedIn:
    operator = replace(signed_in.operator, role=Role.ADMINISTRATOR)
    signed_in.vault.operators.save(operator)
    return SignedIn(signed_in.vault, operator, signed_in.resumed)


def add(admin: SignedIn, typed: TypedOperator = NURSE) -> Operator:
    return operators.add_operator(admin.vault, admin.operator, typed, THEIRS, keystore=None)


def code_of(call, *arguments, **named) -> ErrorCode:
    with pytest.raises(StationError) as caught:
        call(*arguments, **named)
    return caught.value.code


def enter(folder: Path, operator: Operator, secret: str = THEIRS) -> SignedIn:
    return unlocking.sign_in(folder, operator.id, secret, keystore=None)


def test_an_added_operator_signs_in_with_role_and_number(admin, folder) -> None:
    added = add(admin)
    assert added.professional_number == "12A3456B"
    unlocking.lock(admin)
    signed_in = enter(folder, added)
    assert signed_in.operator == added
    assert [one.name for one in unlocking.operators(folder)] == ["Test Nurse", "Test Nurse-Two"]
    # oldest first, so that the newest of each event is the one that stays
    recorded = {entry.event: entry for entry in signed_in.vault.audit.entries()[::-1]}
    assert recorded[AuditEvent.OPERATOR_ADDED].subject == added.id
    assert recorded[AuditEvent.SIGNED_IN].operator_id == added.id
    unlocking.lock(signed_in)


def test_a_revoked_operator_is_gone_and_the_index_key_is_another(admin, folder, tmp_path) -> None:
    added = add(admin)
    before = {name: (folder / name).read_bytes() for name in KEY_FILES}
    theirs = accounts.unlock_with_secret(folder, added.id, THEIRS, keystore=None)
    operators.revoke_operator(admin.vault, admin.operator, added.id, keystore=None)
    unlocking.lock(admin)
    assert [one.name for one in unlocking.operators(folder)] == ["Test Nurse"]
    assert code_of(Vault.open, folder, theirs) is ErrorCode.VAULT_DAMAGED  # the key they had
    for name, image in before.items():
        (folder / name).write_bytes(image)
    assert code_of(enter, folder, added) is ErrorCode.VAULT_DAMAGED  # old key files put back


def test_a_revoked_operators_name_stays_with_what_they_did(admin) -> None:
    added = add(admin)
    operators.revoke_operator(admin.vault, admin.operator, added.id, keystore=None)
    assert added in admin.vault.operators.all()
    assert added not in admin.vault.operators.present()
    add(admin)  # the name may be used again


def test_a_revocation_cut_off_is_finished_by_the_next_opening(admin, folder, monkeypatch) -> None:
    added = add(admin)
    old_id = read_key_file(folder).current_id

    def cut_off(*_args, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(operators, "drop_holder", cut_off)
        with pytest.raises(KeyboardInterrupt):
            operators.revoke_operator(admin.vault, admin.operator, added.id, keystore=None)
    admin.vault.close()
    enter(folder, admin.operator, PASSPHRASE).vault.close()
    content = read_key_file(folder)
    assert [slot.operator.id for slot in content.slots] == [admin.operator.id]
    assert content.current_id != old_id
    assert content.next_id is None


def test_nobody_revokes_themselves_or_the_last_administrator(admin) -> None:
    other = add(admin, replace(NURSE, role=Role.ADMINISTRATOR))
    revoke = operators.revoke_operator
    assert code_of(revoke, admin.vault, admin.operator, admin.operator.id, keystore=None) is (
        ErrorCode.OPERATOR_NEEDED
    )
    revoke(admin.vault, other, admin.operator.id, keystore=None)
    assert admin.vault.operators.present() == (other,)


def test_a_lock_out_is_shown_and_ended_by_a_new_secret(admin, folder) -> None:
    added = add(admin)
    uptimes = iter(range(1000, 1000 + 100 * MOST_TRIES, 100))  # each wait is over
    for _ in range(MOST_TRIES):
        with pytest.raises(StationError):
            accounts.unlock_with_secret(
                folder,
                added.id,
                "wrong words all along",
                keystore=None,
                uptime_s=lambda: next(uptimes),
            )
    listed = {line.operator.id: line.is_locked_out for line in lines(admin)}
    assert listed == {admin.operator.id: False, added.id: True}
    new = "entirely new plain words"
    operators.reset_secret(admin.vault, admin.operator, added.id, new, keystore=None)
    assert not any(line.is_locked_out for line in lines(admin))
    unlocking.lock(admin)
    signed_in = enter(folder, added, new)
    failed = [one for one in signed_in.vault.audit.entries() if one.event == "sign_in_failed"]
    assert [one.operator_id for one in failed] == [added.id] * MOST_TRIES
    assert read_tries(folder).failed == ()
    unlocking.lock(signed_in)


def lines(admin: SignedIn):
    return operators.list_operators(admin.vault, admin.operator)


def test_everybody_changes_their_own_secret_with_the_present_one(admin, folder) -> None:
    change = operators.change_own_secret
    new = "entirely new plain words"
    arguments = (admin.vault, admin.operator)
    assert code_of(change, *arguments, "not the right words", new, keystore=None) is (
        ErrorCode.SECRET_WRONG
    )
    assert code_of(change, *arguments, PASSPHRASE, "short", keystore=None) is ErrorCode.SECRET_WEAK
    add(admin)
    enter_after_wait(folder, admin.operator.id, PASSPHRASE).attempt.forgive()
    change(*arguments, PASSPHRASE, new, keystore=None)
    unlocking.lock(admin)
    enter(folder, admin.operator, new).vault.close()


def enter_after_wait(folder: Path, operator_id: str, secret: str):
    later = lambda: 10**9  # noqa: E731
    return accounts.unlock_with_secret(folder, operator_id, secret, keystore=None, uptime_s=later)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (replace(NURSE, name=" "), ErrorCode.NAME_EMPTY),
        (replace(NURSE, name="test NURSE"), ErrorCode.OPERATOR_NAME_TAKEN),
        (replace(NURSE, professional_number="12"), ErrorCode.PROFESSIONAL_NUMBER_FORMAT),
    ],
)
def test_a_wrong_entry_adds_nobody(admin, typed, code) -> None:
    assert code_of(add, admin, typed) is code
    assert len(admin.vault.operators.all()) == 1


def test_a_slot_that_cannot_be_written_adds_nobody(admin, monkeypatch) -> None:
    monkeypatch.setattr(holders, "MOST_OPERATORS", 1)
    assert code_of(add, admin) is ErrorCode.OPERATORS_FULL
    assert len(admin.vault.operators.all()) == 1


def test_the_only_operator_of_an_older_vault_becomes_its_administrator(signed_in, folder) -> None:
    assert signed_in.operator.role is Role.CLINICIAN
    unlocking.lock(signed_in)
    with enter(folder, signed_in.operator, PASSPHRASE).vault as vault:
        (only,) = vault.operators.present()
        assert only.role is Role.ADMINISTRATOR


# the limits of each role


@pytest.fixture
def nurse(admin: SignedIn) -> SignedIn:
    return SignedIn(admin.vault, add(admin), admin.resumed)


def test_a_nurse_captures_and_a_clinician_goes_on_with_it(admin, nurse, packages) -> None:
    view = an_episode(nurse)
    ready(nurse, view, Route.ROUTINE)
    episode_id = view.episode.id
    make = packaging.make_package
    assert code_of(make, nurse.vault, nurse.operator, episode_id, packages, Practice()) is (
        ErrorCode.RIGHT_MISSING
    )
    assert list(packages.iterdir()) == []
    clinician = add(admin, CLINICIAN)
    make(nurse.vault, clinician, episode_id, packages, Practice())
    hand_over = wiping.hand_over
    ticks = {"in_record": True, "in_ers": True}
    assert code_of(hand_over, nurse.vault, nurse.operator, episode_id, **ticks) is (
        ErrorCode.RIGHT_MISSING
    )
    assert hand_over(nurse.vault, clinician, episode_id, **ticks).complete


def test_a_nurse_abandons_what_she_opened_and_nothing_else(admin, nurse, packages) -> None:
    own = episodes.open_episode(nurse.vault, nurse.operator, PATIENT).episode
    assert wiping.abandon(nurse.vault, nurse.operator, own.id).complete
    others = an_episode(admin).episode
    assert code_of(wiping.abandon, nurse.vault, nurse.operator, others.id) is (
        ErrorCode.RIGHT_MISSING
    )
    packed = pack(admin, episodes.view_of(admin.vault, others.id), packages).episode
    assert code_of(wiping.abandon, nurse.vault, nurse.operator, packed.id) is (
        ErrorCode.RIGHT_MISSING
    )


def test_only_an_administrator_administers(admin, nurse) -> None:
    clinician = add(admin, CLINICIAN)
    for operator in (nurse.operator, clinician):
        vault = admin.vault
        missing = ErrorCode.RIGHT_MISSING
        assert code_of(operators.list_operators, vault, operator) is missing
        assert (
            code_of(operators.add_operator, vault, operator, NURSE, THEIRS, keystore=None)
            is missing
        )
        assert (
            code_of(operators.revoke_operator, vault, operator, clinician.id, keystore=None)
            is missing
        )
        assert (
            code_of(operators.reset_secret, vault, operator, clinician.id, THEIRS, keystore=None)
            is missing
        )


@pytest.mark.parametrize("step", ["record", "files"])
def test_an_adding_that_was_cut_off_leaves_a_whole_operator_or_none(
    admin, folder, monkeypatch, step
) -> None:
    def cut_off(*_arguments, **_named):
        raise KeyboardInterrupt

    def add_and_die() -> None:
        steps = {
            "record": (admin.vault.identity, "hold"),
            "files": (admin.vault.key_files, "bring_up_to_date"),
        }
        with monkeypatch.context() as patch:
            patch.setattr(*steps[step], cut_off)
            patch.setattr(admin.vault.operators, "forget", cut_off)  # a killed program tidies not
            add(admin)

    with pytest.raises(KeyboardInterrupt):
        add_and_die()
    admin.vault.close()
    again = enter(folder, admin.operator, PASSPHRASE)
    present = {one.name: one for one in again.vault.operators.present()}
    offered = {slot.operator.name for slot in again.vault.key_files.content.slots}
    assert offered == set(present)
    assert (NURSE.name in present) == (step == "files")
    if step == "record":
        added = operators.add_operator(again.vault, admin.operator, NURSE, THEIRS, keystore=None)
    else:
        added = present[NURSE.name]
    unlocking.lock(again)
    unlocking.lock(enter(folder, added))
