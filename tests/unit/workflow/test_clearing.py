"""A certificate calls removed only what the station removed; for what was moved, it asks first."""

import os
import shutil
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Certificate
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import EpisodeState
from dermstation.handover import removal
from dermstation.vault.wiping import EPISODE_FILE, PACKAGE_FILE, Wiping
from dermstation.workflow import clearing, episodes, package_files, unlocking, wiping
from tests.unit.workflow.conftest import PASSPHRASE, files_below, pack, take


class PowerCut(BaseException):
    """The end of the process, as far as the code under test can tell."""


@pytest.fixture
def packed(signed_in, view, packages):
    return pack(signed_in, view, packages)


def files_of(packed) -> list[Path]:
    return [Path(packed.package.folder) / one.name for one in packed.package.files]


def wipe(signed_in, packed, **named) -> Certificate:
    return wiping.hand_over(
        signed_in.vault, signed_in.operator, packed.episode.id, in_record=True, in_ers=True, **named
    )


def methods(certificate: Certificate, kind: str = PACKAGE_FILE) -> dict[str, tuple[str, bool]]:
    return {
        Path(one.reference).name: (one.method, one.removed)
        for one in certificate.items
        if one.kind == kind
    }


def test_a_moved_package_is_asked_about_and_nothing_is_wiped_before(
    signed_in, packed, tmp_path
) -> None:
    shutil.move(packed.package.folder, tmp_path / "Desktop")
    actions = {
        "hand over": lambda: wipe(signed_in, packed),
        "abandon": lambda: wiping.abandon(signed_in.vault, signed_in.operator, packed.episode.id),
        "withdraw": lambda: package_files.withdraw_package(
            signed_in.vault, signed_in.operator, packed.episode.id
        ),
    }
    for name, act in actions.items():
        with pytest.raises(StationError) as caught:
            act()
        assert caught.value.code is ErrorCode.PACKAGE_MOVED, name
        assert caught.value.facts["missing"] == len(packed.package.files)
        seen = episodes.view_of(signed_in.vault, packed.episode.id)
        assert seen.episode.state is EpisodeState.PACKAGED
        assert all(signed_in.vault.captures.image(one.id) for one in seen.captures)


def test_what_was_moved_is_not_found_in_the_certificate_and_it_is_not_complete(
    signed_in, packed, tmp_path
) -> None:
    first, *others = files_of(packed)
    shutil.move(first, tmp_path / first.name)
    certificate = wipe(signed_in, packed, moved_is_known=True)
    assert not certificate.complete
    assert methods(certificate) == {
        first.name: (removal.METHOD_MISSING, False),
        **{one.name: (removal.METHOD_OVERWRITTEN, True) for one in others},
    }
    assert not any(path.exists() for path in others)
    assert (tmp_path / first.name).exists()


def test_a_package_moved_whole_leaves_no_item_called_removed(signed_in, packed, tmp_path) -> None:
    shutil.move(packed.package.folder, tmp_path / "Desktop")
    certificate = wipe(signed_in, packed, moved_is_known=True)
    assert set(methods(certificate).values()) == {(removal.METHOD_MISSING, False)}
    assert not [one for one in certificate.items if one.kind == removal.KIND_FOLDER]
    assert len(files_below(tmp_path / "Desktop")) == len(packed.package.files)


@pytest.mark.parametrize("is_link", [False, True], ids=["file", "link"])
def test_another_file_or_a_link_in_its_place_is_not_the_file_that_was_made(
    signed_in, packed, tmp_path, is_link
) -> None:
    first, *others = files_of(packed)
    moved = tmp_path / "kept elsewhere"
    shutil.move(first, moved)
    if is_link:
        first.symlink_to(moved)
    else:
        first.write_bytes(b"something else")
    certificate = wiping.abandon(signed_in.vault, signed_in.operator, packed.episode.id)
    assert methods(certificate) == {
        first.name: (removal.METHOD_LINK if is_link else removal.METHOD_OTHER, False),
        **{one.name: (removal.METHOD_OVERWRITTEN, True) for one in others},
    }
    assert not certificate.complete
    assert moved.exists()


CUTS = ("overwrite_file", "unlink_file", "tidy_folder")


@pytest.mark.parametrize("cut", [(name, after) for name in CUTS for after in (0, 1)])
def test_cut_off_anywhere_it_is_still_known_what_the_station_removed(
    signed_in, packed, folder, monkeypatch, cut
) -> None:
    cut, after = cut
    done = []
    real = getattr(clearing, cut)

    def cut_off(path: Path) -> object:
        if len(done) == after:
            raise PowerCut
        done.append(path)
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(clearing, cut, cut_off)
        if cut == "tidy_folder" and after:
            patch.setattr(Wiping, "remove_episode_file", _cut)
        with pytest.raises(PowerCut):
            wipe(signed_in, packed)
    package = Path(packed.package.folder)
    if package.exists():
        (package / "Thumbs.db").write_bytes(b"small pictures")  # of a file browser
    signed_in.vault.close()
    again = unlocking.sign_in(folder, signed_in.operator.id, PASSPHRASE, keystore=None)
    with again.vault:
        (certificate,) = again.resumed.certificates
        assert certificate.complete
        assert set(methods(certificate).values()) == {(removal.METHOD_OVERWRITTEN, True)}
    assert list(package.parent.iterdir()) == []


def _cut(*_args: object) -> None:
    raise PowerCut


@pytest.mark.parametrize("stage", ["begun", "overwritten"])
def test_a_file_moved_while_a_wipe_waits_is_called_removed_only_if_it_was_overwritten(
    signed_in, packed, monkeypatch, tmp_path, stage
) -> None:
    folder = signed_in.vault.folder
    with monkeypatch.context() as patch:
        patch.setattr(clearing, "overwrite_file" if stage == "begun" else "unlink_file", _cut)
        with pytest.raises(PowerCut):
            wipe(signed_in, packed)
    shutil.move(packed.package.folder, tmp_path / "Desktop")
    signed_in.vault.close()
    again = unlocking.sign_in(folder, signed_in.operator.id, PASSPHRASE, keystore=None)
    with again.vault:
        (certificate,) = again.resumed.certificates
    assert certificate.complete == (stage == "overwritten")
    for file in packed.package.files:
        clear = removal.what_lies(tmp_path / "Desktop" / file.name, file.sha256)
        assert (clear is removal.Lying.AS_MADE) == (stage == "begun")


def test_an_episode_file_that_is_gone_was_not_removed_by_the_station(
    signed_in, view, folder
) -> None:
    take(signed_in, view, ShotKind.GENERAL)
    (file,) = (folder / "episodes").glob("*.db")
    file.unlink()
    certificate = wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id)
    assert not certificate.complete
    ((method, removed),) = methods(certificate, EPISODE_FILE).values()
    assert (removed, "not found" in method) == (False, True)


@pytest.mark.parametrize("cut", ["note_stage", "settle"])
def test_an_episode_file_removed_before_a_crash_is_still_called_removed(
    signed_in, view, folder, monkeypatch, cut
) -> None:
    take(signed_in, view, ShotKind.GENERAL)
    with monkeypatch.context() as patch:
        patch.setattr(f"dermstation.vault.wipe_items.WipeItems.{cut}", _cut)
        with pytest.raises(PowerCut):
            wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id)
    signed_in.vault.close()
    again = unlocking.sign_in(folder, signed_in.operator.id, PASSPHRASE, keystore=None)
    with again.vault:
        (certificate,) = again.resumed.certificates
    assert certificate.complete


@pytest.fixture
def held_open(packed, monkeypatch) -> list[Path]:
    """A file browser's small pictures beside the package, held open until the list is empty."""
    path = Path(packed.package.folder) / "Thumbs.db"
    path.write_bytes(b"small pictures")
    held = [path]
    overwrite = removal._overwrite

    def overwrite_unless_held(one: Path, expected: os.stat_result) -> str:
        if one in held:
            raise PermissionError
        return overwrite(one, expected)

    monkeypatch.setattr(removal, "_overwrite", overwrite_unless_held)
    return held


@pytest.mark.expects_log("1 files stay for now")
def test_a_wipe_is_not_complete_while_a_file_browser_holds_its_small_pictures(
    signed_in, packed, packages, held_open
) -> None:
    with pytest.raises(StationError) as caught:
        wiping.abandon(signed_in.vault, signed_in.operator, packed.episode.id)
    assert caught.value.code is ErrorCode.WIPE_INCOMPLETE
    assert caught.value.facts == {"left": 1}
    resumed = wiping.resume(signed_in.vault)
    assert (resumed.certificates, resumed.files_left) == ((), 1)
    held_open.clear()
    (certificate,) = wiping.resume(signed_in.vault).certificates
    assert certificate.complete
    assert list(packages.iterdir()) == []


def test_a_package_is_not_withdrawn_while_a_file_browser_holds_its_small_pictures(
    signed_in, packed, packages, held_open
) -> None:
    for _ in range(2):
        with pytest.raises(StationError) as caught:
            package_files.withdraw_package(signed_in.vault, signed_in.operator, packed.episode.id)
        assert caught.value.code is ErrorCode.WIPE_INCOMPLETE
        assert caught.value.facts == {"left": 1, "step": "withdraw"}
    (path,) = held_open
    held_open.clear()
    path.unlink()  # by the file browser itself: nobody is asked about that
    package_files.withdraw_package(signed_in.vault, signed_in.operator, packed.episode.id)
    assert list(packages.iterdir()) == []
