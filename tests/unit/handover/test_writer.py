import dataclasses
import errno
import hashlib
import os
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Package
from dermstation.files import HeldError
from dermstation.handover import writer
from dermstation.handover.removal import PART_SUFFIX
from dermstation.handover.verify import verify_package
from dermstation.handover.writer import write_package
from dermstation.workflow.messages import message_for


def code_of(contents, destination: Path, before_file=lambda path: None) -> ErrorCode:
    with pytest.raises(StationError) as caught:
        write_package(contents, destination, before_file=before_file)
    return caught.value.code


def test_the_folder_holds_what_the_manifest_says_and_nothing_else(package: Package) -> None:
    folder = Path(package.folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        file.name for file in package.files
    )
    for file in package.files:
        data = (folder / file.name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.size_bytes, file.sha256)
    assert [file.name for file in package.files] == [
        "referral-summary.pdf",
        "L1-general.jpg",
        "L1-closeup.jpg",
        "L1-dermoscopic.jpg",
    ]
    assert sum(file.size_bytes for file in package.files) <= 5_000_000
    assert package.verified_at is not None


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_other_users_of_the_pc_cannot_read_a_package(package: Package) -> None:
    assert Path(package.folder).stat().st_mode & 0o077 == 0


def test_a_written_package_has_no_finding_with_or_without_the_manifest(package: Package) -> None:
    assert verify_package(Path(package.folder), package.files) == ()
    assert verify_package(Path(package.folder)) == ()


def test_every_path_is_journalled_before_it_exists(made, tmp_path: Path) -> None:
    journalled: list[Path] = []

    def before_file(path: Path) -> None:
        assert not path.exists()
        journalled.append(path)

    package = write_package(made["standard"](), tmp_path, before_file=before_file)
    final = Path(package.folder)
    part = final.with_name(final.name + PART_SUFFIX)
    names = [file.name for file in package.files]
    assert journalled == [part / name for name in names] + [final / name for name in names]


def test_no_name_on_the_disk_identifies_the_patient(made, tmp_path: Path) -> None:
    package = write_package(
        made["standard"](family_name="Findmenot"), tmp_path, before_file=lambda path: None
    )
    names = " ".join(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    assert "findmenot" not in names.lower()
    assert "9990000018" not in names + package.folder


def test_the_bytes_of_pictures_do_not_identify_the_patient(made, tmp_path: Path) -> None:
    package = write_package(made["standard"](), tmp_path, before_file=lambda path: None)
    for file in package.files:
        if file.media_type == "image/jpeg":
            data = (Path(package.folder) / file.name).read_bytes().lower()
            assert b"patient-one" not in data
            assert b"9990000018" not in data


def test_a_capture_that_changed_since_it_was_saved_is_refused(made, tmp_path: Path) -> None:
    contents = made["standard"]()
    first = contents.lesions[0].captures[0]
    swapped = dataclasses.replace(first, image=made["jpeg"](made["picture"](seed=99)))
    lesion = dataclasses.replace(contents.lesions[0], captures=(swapped,))
    changed = dataclasses.replace(contents, lesions=(lesion,))
    assert code_of(changed, tmp_path) is ErrorCode.CAPTURE_CHANGED
    assert list(tmp_path.iterdir()) == []


def test_an_absent_folder_is_reported_as_absent(made, tmp_path: Path) -> None:
    assert code_of(made["standard"](), tmp_path / "gone") is ErrorCode.PACKAGE_FOLDER_ABSENT


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="permissions do not hold root, nor Windows",
)
def test_a_read_only_folder_is_reported_as_read_only(made, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert code_of(made["standard"](), tmp_path) is ErrorCode.PACKAGE_FOLDER_READ_ONLY
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    "failure",
    [
        (errno.ENOSPC, ErrorCode.PACKAGE_DISK_FULL),
        (errno.EROFS, ErrorCode.PACKAGE_FOLDER_READ_ONLY),
        (errno.EIO, ErrorCode.PACKAGE_WRITE_FAILED),
    ],
)
# the last two are of folders, which Windows does not sync
@pytest.mark.parametrize("fails_at", [0, 2, 3] if os.name == "nt" else [0, 2, 4, 5])
def test_a_failing_disk_leaves_nothing_behind(
    made, tmp_path: Path, monkeypatch, failure, fails_at
) -> None:
    number, code = failure
    calls, real_fsync, broken = [], os.fsync, [True]

    def fsync(handle: int) -> None:
        calls.append(handle)
        if len(calls) == fails_at + 1 and broken[0]:
            raise OSError(number, "disk")
        real_fsync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    assert code_of(made["standard"](), tmp_path) is code
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fails_at", range(8))
def test_a_journal_that_fails_leaves_nothing_behind(made, tmp_path: Path, fails_at) -> None:
    calls: list[Path] = []

    def before_file(path: Path) -> None:
        calls.append(path)
        if len(calls) > fails_at:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_package(made["standard"](), tmp_path, before_file=before_file)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["", PART_SUFFIX])
def test_an_existing_folder_is_never_touched(made, tmp_path: Path, suffix) -> None:
    contents = made["standard"]()
    package = write_package(contents, tmp_path, before_file=lambda path: None)
    folder = Path(package.folder)
    if suffix:
        folder = folder.rename(folder.with_name(folder.name + suffix))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert code_of(contents, tmp_path) is ErrorCode.PACKAGE_WRITE_FAILED
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_same_contents_give_the_same_bytes(made, tmp_path: Path) -> None:
    contents = made["standard"]()
    manifests = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        package = write_package(contents, tmp_path / name, before_file=lambda path: None)
        manifests.append(package.files)
    assert manifests[0] == manifests[1]


def test_an_episode_without_pictures_is_only_a_summary(made, tmp_path: Path) -> None:
    package = write_package(made["contents_of"](), tmp_path, before_file=lambda path: None)
    assert [file.name for file in package.files] == ["referral-summary.pdf"]
    assert verify_package(Path(package.folder)) == ()


def test_a_new_folder_that_a_virus_scanner_holds_is_said_and_removed(
    made, tmp_path: Path, monkeypatch
) -> None:
    def held(*_: object) -> None:
        raise HeldError(errno.EACCES, "Access is denied")

    monkeypatch.setattr(writer, "take_name", held)
    with pytest.raises(StationError) as caught:
        write_package(made["standard"](), tmp_path, before_file=lambda path: None)
    assert caught.value.code is ErrorCode.PACKAGE_WRITE_FAILED
    assert "Another program" in str(message_for(caught.value))
    assert list(tmp_path.iterdir()) == []
