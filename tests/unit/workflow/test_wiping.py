"""Nothing is wiped unconfirmed, every begun wipe is finished, and files that stay are reported."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.routes import PLACES, Confirmation, Route, confirmations_of
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import EpisodeState
from dermstation.vault.store import Vault
from dermstation.vault.wiping import Wiping
from dermstation.workflow import episodes, outstanding, unlocking, wiping
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import PASSPHRASE, files_below, pack, take


class PowerCut(BaseException):
    """A power cut: for the code under test, the end of the process."""


def hand_over(signed_in: SignedIn, view: EpisodeView, **ticks: bool):
    given = {"in_record": True, "in_ers": True} | ticks
    return wiping.hand_over(signed_in.vault, signed_in.operator, view.episode.id, **given)


def opened_again(signed_in: SignedIn, folder: Path) -> SignedIn:
    signed_in.vault.close()
    return unlocking.sign_in(folder, signed_in.operator.id, PASSPHRASE, keystore=None)


@pytest.mark.parametrize("route", list(Route))
def test_each_route_is_wiped_with_its_own_ticks_and_with_no_fewer(
    signed_in, view, packages, route
) -> None:
    pack(signed_in, view, packages, route)
    needed = [one.value for one in confirmations_of(route)]
    nothing = dict.fromkeys((one.value for one in Confirmation), False)
    for missing in needed:
        ticks = nothing | dict.fromkeys(needed, True) | {missing: False}
        with pytest.raises(StationError) as caught:
            hand_over(signed_in, view, **ticks)
        assert caught.value.code is ErrorCode.HANDOVER_NOT_CONFIRMED
    assert len(files_below(packages)) == 4
    certificate = hand_over(signed_in, view, **nothing | dict.fromkeys(needed, True))
    assert certificate.complete
    assert certificate.hand_over is not None
    assert certificate.hand_over.places == tuple(PLACES[one] for one in confirmations_of(route))
    (kept,) = signed_in.vault.certificates.all()
    assert kept == certificate


def test_after_the_wipe_nothing_but_the_certificate_remains(
    signed_in, view, packages, folder
) -> None:
    pack(signed_in, view, packages)
    certificate = hand_over(signed_in, view)
    vault, episode_id = signed_in.vault, view.episode.id
    assert vault.episodes.unfinished() == ()
    assert list(packages.iterdir()) == []
    assert list((folder / "episodes").iterdir()) == []
    assert outstanding.episode_or_certificate(vault, episode_id) == certificate
    with pytest.raises(LookupError):
        vault.patients.get(view.patient.id)


def test_a_package_that_was_changed_is_not_wiped(signed_in, view, packages) -> None:
    pack(signed_in, view, packages)
    changed = files_below(packages)[0]
    changed.write_bytes(b"something else")
    with pytest.raises(StationError) as caught:
        hand_over(signed_in, view)
    assert caught.value.code is ErrorCode.PACKAGE_NOT_VERIFIED
    seen = episodes.view_of(signed_in.vault, view.episode.id)
    assert seen.episode.state is EpisodeState.PACKAGED
    assert len(seen.captures) == 3


def test_an_episode_that_is_not_packaged_is_not_handed_over(signed_in, view) -> None:
    with pytest.raises(StationError) as caught:
        hand_over(signed_in, view)
    assert caught.value.code is ErrorCode.STEP_NOT_ALLOWED
    seen = episodes.view_of(signed_in.vault, view.episode.id)
    assert seen.episode.state is EpisodeState.OPEN


def test_an_abandoned_episode_has_a_certificate_without_a_hand_over(signed_in, view) -> None:
    take(signed_in, view, ShotKind.GENERAL)
    certificate = wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id)
    assert (certificate.reason, certificate.hand_over) == ("abandoned", None)
    assert certificate.complete


CUTS: dict[str, tuple[object, str]] = {
    "before the first file is removed": (Wiping, "note"),
    "before the episode's file is removed": (Wiping, "remove_episode_file"),
    "before the rows are removed": (Wiping, "finish"),
    "before the index key is changed": (Vault, "rotate_index_key"),
}


@pytest.mark.parametrize("cut", list(CUTS))
def test_a_wipe_interrupted_at_any_step_is_finished_by_the_next_opening(
    signed_in, view, packages, folder, cut
) -> None:
    pack(signed_in, view, packages)
    owner, name = CUTS[cut]

    def cut_off(*_args: object, **_named: object) -> None:
        raise PowerCut

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, cut_off)
        with pytest.raises(PowerCut):
            hand_over(signed_in, view)
    again = opened_again(signed_in, folder)
    with again.vault as vault:
        assert vault.wiping.pending() == ()
        assert not vault.wiping.is_rotation_due()
        (certificate,) = vault.certificates.all()
        assert certificate.complete
        assert vault.episodes.unfinished() == ()
        assert list(packages.iterdir()) == []
        assert list((folder / "episodes").iterdir()) == []
        finished_here = cut != "before the index key is changed"
        assert again.resumed.certificates == ((certificate,) if finished_here else ())
        assert outstanding.episode_or_certificate(vault, view.episode.id) == certificate


@pytest.mark.expects_log("1 files stay for now")
def test_a_file_that_cannot_be_removed_keeps_the_wipe_open_until_it_can(
    signed_in, view, packages, folder
) -> None:
    package = pack(signed_in, view, packages).package
    stubborn = Path(package.folder) / package.files[0].name
    stubborn.unlink()
    stubborn.mkdir()  # nothing that removes files removes this
    with pytest.raises(StationError) as caught:
        wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id)
    assert (caught.value.code, caught.value.facts["left"]) == (ErrorCode.WIPE_INCOMPLETE, 1)
    assert outstanding.outstanding(signed_in.vault, signed_in.operator).files_left == 1
    assert outstanding.episode_or_certificate(signed_in.vault, view.episode.id) is None

    again = opened_again(signed_in, folder)
    assert (again.resumed.files_left, again.resumed.certificates) == (1, ())
    assert again.vault.certificates.all() == ()

    stubborn.rmdir()
    last = opened_again(again, folder)
    with last.vault as vault:
        assert last.resumed.files_left == 0
        (certificate,) = last.resumed.certificates
        missing = [item for item in certificate.items if not item.removed]
        assert [item.reference for item in missing] == [str(stubborn)]  # this test moved it
        assert outstanding.outstanding(vault, again.operator).files_left == 0
        assert list(packages.iterdir()) == []


@pytest.mark.expects_log("wipe .* waits: vault_disk_full")
def test_a_full_disk_at_the_opening_keeps_nobody_out_and_the_wipe_waits(
    signed_in, view, packages, folder, monkeypatch
) -> None:
    pack(signed_in, view, packages)
    with monkeypatch.context() as patch:
        patch.setattr(Wiping, "finish", _raising(PowerCut()))
        with pytest.raises(PowerCut):
            hand_over(signed_in, view)
    with monkeypatch.context() as patch:
        patch.setattr(Wiping, "finish", _raising(StationError(ErrorCode.VAULT_DISK_FULL)))
        again = opened_again(signed_in, folder)
    assert again.resumed.trouble is not None
    assert again.resumed.trouble.code is ErrorCode.VAULT_DISK_FULL
    last = opened_again(again, folder)
    with last.vault:
        assert len(last.resumed.certificates) == 1


def _raising(error: BaseException) -> Callable[..., None]:
    def fail(*_args: object, **_named: object) -> None:
        raise error

    return fail


@pytest.mark.expects_log("opened with 1 things wrong")
def test_an_episode_whose_file_is_gone_is_named_and_the_others_are_whole(
    signed_in, view, folder
) -> None:
    take(signed_in, view, ShotKind.GENERAL)
    (file,) = (folder / "episodes").glob("*.db")
    file.unlink()
    again = opened_again(signed_in, folder)
    with again.vault as vault:
        assert outstanding.outstanding(vault, again.operator).damaged == {view.episode.id}
        wiping.abandon(vault, again.operator, view.episode.id)
        assert outstanding.outstanding(vault, again.operator).damaged == frozenset()


@pytest.mark.expects_log("opened with 1 things wrong")
def test_a_stray_file_is_not_taken_for_an_episode(signed_in, view, folder) -> None:
    stray = folder / "episodes" / f"{'a' * 32}.db"
    stray.mkdir()  # a file that cannot be removed
    again = opened_again(signed_in, folder)
    with again.vault:
        assert outstanding.outstanding(again.vault, again.operator).damaged == frozenset()


def test_the_certificate_is_saved_as_a_pdf_or_says_that_it_was_not(
    signed_in, view, tmp_path
) -> None:
    certificate = wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id)
    file = tmp_path / "certificate.pdf"
    wiping.save_certificate(signed_in.operator, certificate, file, "Test Practice")
    assert file.read_bytes().startswith(b"%PDF")
    with pytest.raises(StationError) as caught:
        wiping.save_certificate(signed_in.operator, certificate, tmp_path / "gone" / "c.pdf", "")
    assert caught.value.code is ErrorCode.CERTIFICATE_NOT_SAVED
