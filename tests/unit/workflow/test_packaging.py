"""A package is complete or does not exist; no file written in the clear is ever forgotten."""

import os
import signal
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import ConsentForm, Operator, Package, Role
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.domain.states import EpisodeState
from dermstation.handover.options import PackageOptions
from dermstation.vault.packages import Packages
from dermstation.vault.store import Vault
from dermstation.workflow import (
    episodes,
    package_files,
    packaging,
    unlocking,
    wiping,
)
from dermstation.workflow.package_choice import Practice
from tests.typeset_apart import typeset_apart
from tests.unit.workflow.conftest import PASSPHRASE, files_below, pack, ready, remount
from tests.unit.workflow.packing import code_of, make


def packages_of(vault: Vault) -> tuple[Package, ...]:
    return vault.packages.verified() + vault.packages.half_written()


def test_a_package_holds_each_picture_and_the_summary(signed_in, view, packages) -> None:
    packed = pack(signed_in, view, packages)
    assert packed.episode.state is EpisodeState.PACKAGED
    assert packed.package is not None
    assert len(packed.package.files) == len(STANDARD_SHOTS) + 1
    assert {path.name for path in files_below(packages)} == {
        file.name for file in packed.package.files
    }
    packaging.check_package(packed.package)


def test_a_file_that_was_changed_is_noticed_and_one_that_was_moved_is_not_a_fault(
    signed_in, view, packages
) -> None:
    package = pack(signed_in, view, packages).package
    first, second, *_ = files_below(packages)
    first.unlink()
    packaging.check_package(package)
    second.write_bytes(second.read_bytes() + b"x")
    assert code_of(packaging.check_package, package) is ErrorCode.PACKAGE_NOT_VERIFIED


def test_a_withdrawn_package_is_gone_and_can_be_made_again(signed_in, view, packages) -> None:
    pack(signed_in, view, packages)
    back = package_files.withdraw_package(signed_in.vault, signed_in.operator, view.episode.id)
    assert back.episode.state is EpisodeState.REVIEWED
    assert back.package is None
    assert list(packages.iterdir()) == []
    assert make(signed_in, view, packages).package is not None


def test_a_nurse_does_not_withdraw_what_a_clinician_made(signed_in, view, packages) -> None:
    package = pack(signed_in, view, packages).package
    nurse = replace(signed_in.operator, role=Role.NURSE)
    refused = code_of(package_files.withdraw_package, signed_in.vault, nurse, view.episode.id)
    assert refused is ErrorCode.RIGHT_MISSING
    packaging.check_package(package)


def test_consent_withdrawn_while_another_operator_has_the_package_open(
    signed_in, view, packages
) -> None:
    """The station locks at the hand-over; then another operator records the patient's "no"."""
    vault, theirs = signed_in.vault, pack(signed_in, view, packages)
    other = Operator("e" * 32, "Test Other", Role.CLINICIAN)
    say_no = partial(
        episodes.record_consent, vault, other, view.episode.id, given=False, secondary_use=False
    )
    refused = code_of(say_no, form=ConsentForm.VERBAL)
    assert refused is ErrorCode.STEP_NOT_ALLOWED  # the files in the clear go first
    package_files.withdraw_package(vault, other, view.episode.id)
    now = say_no(form=ConsentForm.VERBAL)
    assert now.captures == ()
    assert list(packages.iterdir()) == []
    # the first operator still sees it, but can do nothing with it
    for late in (
        partial(wiping.hand_over, in_record=True, in_ers=True),
        package_files.withdraw_package,
    ):
        refused = code_of(late, vault, signed_in.operator, view.episode.id)
        assert refused is ErrorCode.STEP_NOT_ALLOWED
    assert code_of(packaging.package_pictures, theirs.package) is ErrorCode.PACKAGE_NOT_VERIFIED
    assert episodes.view_of(vault, view.episode.id).episode.state is EpisodeState.CAPTURED
    assert vault.certificates.all() == ()


def test_a_file_that_cannot_be_removed_keeps_the_package_until_it_can(
    signed_in, view, packages
) -> None:
    package = pack(signed_in, view, packages).package
    stubborn = Path(package.folder) / package.files[0].name
    stubborn.unlink()
    stubborn.mkdir()  # nothing that removes files removes this
    with pytest.raises(StationError) as caught:
        package_files.withdraw_package(signed_in.vault, signed_in.operator, view.episode.id)
    assert caught.value.code is ErrorCode.WIPE_INCOMPLETE
    assert caught.value.facts == {"left": 1, "step": "withdraw"}
    assert episodes.view_of(signed_in.vault, view.episode.id).episode.state is EpisodeState.PACKAGED
    stubborn.rmdir()
    with pytest.raises(StationError) as caught:
        package_files.withdraw_package(signed_in.vault, signed_in.operator, view.episode.id)
    # only the file that this test took away is missed, not those that were removed before
    assert caught.value.code is ErrorCode.PACKAGE_MOVED
    assert caught.value.facts == {"missing": 1, "names": stubborn.name}
    back = package_files.withdraw_package(
        signed_in.vault, signed_in.operator, view.episode.id, moved_is_known=True
    )
    assert back.episode.state is EpisodeState.REVIEWED
    assert list(packages.iterdir()) == []


@pytest.mark.parametrize("what", ["absent", "a file"])
def test_a_missing_folder_is_reported_and_leaves_no_trace(signed_in, view, packages, what) -> None:
    ready(signed_in, view)
    into = packages / "unplugged"
    if what == "a file":
        into.write_text("")
    assert code_of(make, signed_in, view, into) is ErrorCode.PACKAGE_FOLDER_ABSENT
    assert packages_of(signed_in.vault) == ()
    assert make(signed_in, view, packages).episode.state is EpisodeState.PACKAGED


def test_a_full_disk_is_named_and_leaves_nothing_in_the_clear(
    signed_in, view, tmp_path, packages, small_disk
) -> None:
    ready(signed_in, view)
    full = small_disk(tmp_path / "stick", "64k")
    assert code_of(make, signed_in, view, full) is ErrorCode.PACKAGE_DISK_FULL
    assert files_below(full) == []
    assert packages_of(signed_in.vault) == ()
    assert make(signed_in, view, packages).episode.state is EpisodeState.PACKAGED


def test_a_read_only_folder_is_named(signed_in, view, tmp_path, packages, small_disk) -> None:
    ready(signed_in, view)
    locked = small_disk(tmp_path / "share", "8m")
    remount(locked, "ro")
    assert code_of(make, signed_in, view, locked) is ErrorCode.PACKAGE_FOLDER_READ_ONLY
    assert make(signed_in, view, packages).episode.state is EpisodeState.PACKAGED


def test_a_package_that_the_vault_could_not_take_in_is_removed_again(
    signed_in, view, packages, monkeypatch
) -> None:
    ready(signed_in, view)
    saved = Packages.save

    def full_at_the_end(self, package) -> None:
        if package.verified_at is not None:
            raise StationError(ErrorCode.VAULT_DISK_FULL)
        saved(self, package)

    with monkeypatch.context() as patch:
        patch.setattr(Packages, "save", full_at_the_end)
        assert code_of(make, signed_in, view, packages) is ErrorCode.VAULT_DISK_FULL
    assert files_below(packages) == []
    assert make(signed_in, view, packages).episode.state is EpisodeState.PACKAGED


CUT_AT = ((Packages, "note_file"), (Path, "mkdir"), (os, "open"), (os, "fsync"), (Path, "rename"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is POSIX")
def test_a_kill_at_any_file_operation_leaves_nothing_forgotten_or_half_accepted(
    signed_in, view, packages, folder
) -> None:
    ready(signed_in, view)
    operator_id, episode_id = signed_in.operator.id, view.episode.id
    signed_in.vault.close()
    cuts, was_cut, most_left = 0, True, 0
    while was_cut:
        was_cut = _cut_off(cuts, folder, operator_id, episode_id, packages)
        there = files_below(packages)
        again = unlocking.sign_in(folder, operator_id, PASSPHRASE, keystore=None)
        with again.vault as vault:
            if was_cut and (made := packages_of(vault)):
                # cut after the commit, while the audit was anchored: the package is whole
                packaging.check_package(made[0])
                package_files.withdraw_package(vault, again.operator, episode_id)
            elif was_cut:
                most_left = max(most_left, len(there))
                assert list(packages.iterdir()) == []  # no folder either
                state = vault.episodes.get(episode_id).state
                assert state in (EpisodeState.CAPTURED, EpisodeState.REVIEWED)
        cuts += 1
    assert cuts > 4 * (len(STANDARD_SHOTS) + 1)
    assert most_left == len(STANDARD_SHOTS) + 1  # so the cuts did leave files in the clear


def _cut_off(count: int, folder: Path, operator_id: str, episode_id: str, packages: Path) -> bool:
    """Make a package in a child process that is killed after `count` file operations."""
    child = os.fork()
    if child == 0:
        typeset_apart()
        try:
            inside = unlocking.sign_in(folder, operator_id, PASSPHRASE, keystore=None)
            left = [count]
            for owner, name in CUT_AT:
                setattr(owner, name, _killing(getattr(owner, name), left))
            packaging.make_package(inside.vault, inside.operator, episode_id, packages, Practice())
        except BaseException:  # noqa: BLE001 - the child must not become a second pytest
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def _killing(call, left: list[int]):
    """Return a call that kills the process once `left` calls have been made."""

    def counted(*arguments, **named):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return call(*arguments, **named)

    return counted


def test_a_place_that_is_not_allowed_is_refused_before_anything_is_written(
    signed_in, view, packages
) -> None:
    ready(signed_in, view)
    synced = packages / "OneDrive - Test Surgery"
    synced.mkdir()
    assert code_of(make, signed_in, view, synced) is ErrorCode.PLACE_SYNCED
    assert list(synced.iterdir()) == []
    assert packages_of(signed_in.vault) == ()


def test_a_sealed_package_is_checked_handed_over_and_withdrawn_like_any_other(
    signed_in, view, packages
) -> None:
    ready(signed_in, view)
    packed = packaging.make_package(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        packages,
        Practice(),
        options=PackageOptions().as_one_pdf(sealed=True),
        passphrase="six plain words for a test",
    )
    packaging.check_package(packed.package)
    assert [file.name for file in packed.package.files] == ["referral-summary.pdf"]
    package_files.withdraw_package(signed_in.vault, signed_in.operator, view.episode.id)
    assert list(packages.iterdir()) == []
