"""The original of a covered picture is wiped at once if the policy says so, and nothing else."""

from contextlib import suppress
from pathlib import Path

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.copies import CopyKind
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.handover.verify import verify_package
from dermstation.imaging.codec import decode
from dermstation.vault.checking import check_vault
from dermstation.vault.originals import Originals
from dermstation.vault.wiping import CAPTURE
from dermstation.workflow import deriving, episodes, unlocking, wiping
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import PASSPHRASE, ready, take
from tests.unit.workflow.derived import (
    BOX,
    OVAL,
    RING,
    cover,
    events,
    general,
    mark,
    packed,
)


class Crash(BaseException):
    """A power cut."""


def opened_again(signed_in: SignedIn) -> SignedIn:
    folder, operator = signed_in.vault.folder, signed_in.operator
    signed_in.vault.close()
    return unlocking.sign_in(folder, operator.id, PASSPHRASE, keystore=None)


def episode_files(signed_in: SignedIn) -> set[str]:
    return {one.name for one in (signed_in.vault.folder / "episodes").glob("*.db")}


def test_by_policy_the_original_is_wiped_at_once_and_every_copy_that_shows_it(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    ready(signed_in, view)
    mark(signed_in, view, RING)
    cover(signed_in, view, OVAL)
    key = bytes(signed_in.vault.episodes.place(view.episode.id).key)
    files = set((signed_in.vault.folder / "episodes").iterdir())
    after = cover(signed_in, view, BOX, keep=False)
    place = signed_in.vault.episodes.place(view.episode.id)
    assert bytes(place.key) != key
    assert files.isdisjoint((signed_in.vault.folder / "episodes").iterdir())
    kept = {one.id for one in after.packed(after.lesions[0])}
    assert set(signed_in.vault._files.sizes(place)) == kept
    assert general(after).wiped_at is not None
    with pytest.raises(StationError) as trouble:
        signed_in.vault.captures.image(general(after).id)
    assert trouble.value.code is ErrorCode.ORIGINAL_WIPED
    assert events(signed_in).count(AuditEvent.ORIGINAL_WIPED) == 4
    assert signed_in.vault.captures.is_whole(view.episode.id)
    assert signed_in.vault.withdrawals.pending() == ()


def test_what_is_left_is_packed_and_wiped_and_counted_in_the_certificate(
    signed_in: SignedIn, view: EpisodeView, packages: Path
) -> None:
    ready(signed_in, view)
    mark(signed_in, view, RING)
    cover(signed_in, view, BOX, keep=False)
    folder = packed(signed_in, view, packages)
    assert verify_package(folder) == ()
    certificate = wiping.hand_over(
        signed_in.vault, signed_in.operator, view.episode.id, in_record=True, in_ers=True
    )
    assert certificate.complete
    kinds = [one.kind for one in certificate.items]
    assert kinds.count(CAPTURE) == 3
    assert kinds.count("covered copy") == 1
    assert kinds.count("marked copy") == 2
    methods = {one.method for one in certificate.items if one.kind == "marked copy"}
    assert len(methods) == 2  # one was gone before


def test_more_can_be_covered_afterwards_and_nothing_uncovered(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    take(signed_in, view, ShotKind.GENERAL)
    first = cover(signed_in, view, BOX, keep=False)
    again = cover(signed_in, view, OVAL, keep=False)
    shown = again.shown(general(again))
    assert shown.derivation is not None
    assert shown.derivation.base_id == first.shown(general(first)).id
    pixels = decode(signed_in.vault.captures.image(shown.id))
    height, width = pixels.shape[:2]
    assert pixels[int(0.3 * height), int(0.3 * width)].max() < 12
    assert pixels[int(0.65 * height), int(0.7 * width)].max() < 12
    with pytest.raises(StationError) as trouble:
        deriving.drop_copy(
            signed_in.vault,
            signed_in.operator,
            view.episode.id,
            general(again).id,
            CopyKind.COVERED,
        )
    assert trouble.value.code is ErrorCode.ORIGINAL_WIPED


def test_the_wipe_survives_a_restart_and_the_check_of_the_vault(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    ready(signed_in, view)
    cover(signed_in, view, BOX, keep=False)
    folder, operator = signed_in.vault.folder, signed_in.operator
    signed_in.vault.close()
    again = unlocking.sign_in(folder, operator.id, PASSPHRASE, keystore=None)
    try:
        assert again.vault.damage == ()
        assert check_vault(again.vault).ok
        view = episodes.view_of(again.vault, view.episode.id)
        for one in view.packed(view.lesions[0]):
            assert again.vault.captures.image(one.id)
    finally:
        again.vault.close()


def test_a_full_disk_while_it_is_wiped_leaves_everything_readable(
    signed_in: SignedIn, view: EpisodeView, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(signed_in, view)
    before = cover(signed_in, view, BOX)

    def full(*_args: object, **_over: object) -> None:
        raise StationError(ErrorCode.VAULT_DISK_FULL)

    with monkeypatch.context() as patch:
        patch.setattr(signed_in.vault._files, "put", full)
        with pytest.raises(StationError):
            deriving.wipe_covered(signed_in.vault, signed_in.operator, view.episode.id)
    for one in (*before.captures, *before.copies):
        assert signed_in.vault.captures.image(one.id)
    assert len(list((signed_in.vault.folder / "episodes").glob("*.db"))) == 1
    deriving.wipe_covered(signed_in.vault, signed_in.operator, view.episode.id)
    after = episodes.view_of(signed_in.vault, view.episode.id)
    assert general(after).wiped_at is not None


def test_a_crash_before_the_commit_leaves_everything_as_it_was(
    signed_in: SignedIn, view: EpisodeView, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(signed_in, view)
    before = cover(signed_in, view, BOX)
    files = episode_files(signed_in)

    def crash(*_args: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Originals, "_commit", crash)
        patch.setattr(signed_in.vault._files, "remove", crash)  # the new file is left behind
        with suppress(Crash):
            deriving.wipe_covered(signed_in.vault, signed_in.operator, view.episode.id)
    assert len(episode_files(signed_in)) == 2
    again = opened_again(signed_in)
    try:
        assert episode_files(again) == files
        assert again.vault.damage == ()
        found = episodes.view_of(again.vault, view.episode.id)
        assert (found.captures, found.copies) == (before.captures, before.copies)
        for one in (*found.captures, *found.copies):
            assert again.vault.captures.image(one.id)
    finally:
        again.vault.close()


def test_a_crash_after_the_commit_is_finished_at_the_next_opening(
    signed_in: SignedIn, view: EpisodeView, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(signed_in, view)
    cover(signed_in, view, BOX)
    old = episode_files(signed_in)

    def crash() -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(signed_in.vault.withdrawals, "remove_files", crash)
        with suppress(Crash):
            deriving.wipe_covered(signed_in.vault, signed_in.operator, view.episode.id)
    assert old < episode_files(signed_in)
    again = opened_again(signed_in)
    try:
        assert old.isdisjoint(episode_files(again))
        assert again.vault.withdrawals.pending() == ()
        assert again.vault.damage == ()
        found = episodes.view_of(again.vault, view.episode.id)
        assert general(found).wiped_at is not None
        for one in found.packed(found.lesions[0]):
            assert again.vault.captures.image(one.id)
    finally:
        again.vault.close()
