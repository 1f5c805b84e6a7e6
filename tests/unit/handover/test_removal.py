import hashlib
import os
from pathlib import Path

import pytest

from dermstation.domain.records import Package
from dermstation.handover import removal
from dermstation.handover.removal import remove_file, remove_package


def test_a_file_is_overwritten_before_it_is_unlinked(tmp_path: Path) -> None:
    path, twin = tmp_path / "L1-closeup.jpg", tmp_path / "twin"
    path.write_bytes(b"SECRET" * 1000)
    twin.hardlink_to(path)  # shows what remains on the disk
    item = remove_file(path)
    assert item.removed
    assert item.method == removal.METHOD_OVERWRITTEN
    assert item.reference == f"{tmp_path.name}/L1-closeup.jpg"
    assert not path.exists()
    left = twin.read_bytes()
    assert len(left) == 6000
    assert b"SECRET" not in left


def test_the_item_carries_the_hash_of_what_was_there(package: Package) -> None:
    for file in package.files:
        assert remove_file(Path(package.folder) / file.name).sha256 == file.sha256


def test_a_missing_file_was_not_removed_and_the_method_says_so(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.jpg", tmp_path / "no" / "gone.jpg"):
        item = remove_file(path)
        assert (item.removed, item.method, item.sha256) == (False, removal.METHOD_MISSING, None)


def test_a_read_only_file_is_removed_too(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x")
    path.chmod(0o400)
    assert remove_file(path).removed
    assert not path.exists()


def test_a_link_is_removed_and_its_target_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "other", tmp_path / "a.jpg"
    target.write_bytes(b"not ours")
    link.symlink_to(target)
    item = remove_file(link)
    assert (item.removed, item.method) == (False, removal.METHOD_LINK)
    assert target.read_bytes() == b"not ours"
    assert not os.path.lexists(link)


@pytest.mark.parametrize("by", ["link", "file"])
def test_a_file_swapped_in_meanwhile_is_not_touched(tmp_path: Path, monkeypatch, by) -> None:
    target, path = tmp_path / "other", tmp_path / "a.jpg"
    target.write_bytes(b"not ours")
    path.write_bytes(b"ours")

    def swap(file: Path, _mode: int) -> None:  # between examining and overwriting
        file.rename(tmp_path / "away")
        if by == "link":
            file.symlink_to(target)
        else:
            os.link(target, file)

    monkeypatch.setattr(removal, "_make_writable", swap)
    item = remove_file(path)
    assert (item.removed, item.method) == (False, removal.METHOD_FAILED)
    assert target.read_bytes() == b"not ours"


def test_a_failure_is_reported_and_not_raised(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x")

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    item = remove_file(path)
    assert (item.removed, item.method) == (False, removal.METHOD_FAILED)


def test_a_folder_in_a_files_place_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").mkdir()
    assert not remove_file(tmp_path / "a.jpg").removed


def test_the_last_file_takes_an_emptied_package_folder_with_it(package: Package) -> None:
    folder = Path(package.folder)
    for file in package.files:
        remove_file(folder / file.name)
    assert not folder.exists()
    assert folder.parent.exists()


def test_other_folders_stay_when_emptied(tmp_path: Path) -> None:
    other = tmp_path / "documents"
    other.mkdir()
    (other / "a.jpg").write_bytes(b"x")
    remove_file(other / "a.jpg")
    assert other.exists()


def test_a_package_is_removed_with_its_folder_and_thumbnails(package: Package) -> None:
    folder = Path(package.folder)
    (folder / "Thumbs.db").write_bytes(b"small copies")
    items = remove_package([file.name for file in package.files], folder)
    assert all(item.removed for item in items)
    assert {item.kind for item in items} == {removal.KIND_FILE, removal.KIND_FOLDER}
    assert not folder.exists()
    assert any(item.reference.endswith("Thumbs.db") for item in items)


def test_a_partly_written_package_is_removed_too(package: Package) -> None:
    folder = Path(package.folder)
    part = folder.rename(folder.with_name(folder.name + removal.PART_SUFFIX))
    items = remove_package([file.name for file in package.files], folder)
    assert all(item.removed for item in items)
    assert not part.exists()


def test_other_files_are_left_and_the_folder_is_reported(package: Package) -> None:
    folder = Path(package.folder)
    (folder / "letter.doc").write_bytes(b"theirs")
    items = remove_package([file.name for file in package.files], folder)
    left = [item for item in items if not item.removed]
    assert [(item.kind, item.method) for item in left] == [
        (removal.KIND_FOLDER, removal.METHOD_NOT_EMPTY)
    ]
    assert (folder / "letter.doc").read_bytes() == b"theirs"


def test_what_lies_at_a_files_place_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"as made")
    sha256 = hashlib.sha256(b"as made").hexdigest()
    assert removal.what_lies(path, sha256) is removal.Lying.AS_MADE
    assert removal.what_lies(path, "0" * 64) is removal.Lying.OTHER
    assert removal.what_lies(path, None) is removal.Lying.AS_MADE
    assert removal.what_lies(tmp_path / "no" / "a.jpg", sha256) is removal.Lying.MISSING
    assert removal.what_lies(path / "below a file", sha256) is removal.Lying.MISSING
    assert removal.what_lies(tmp_path, sha256) is removal.Lying.STUBBORN
    (tmp_path / "link").symlink_to(path)
    assert removal.what_lies(tmp_path / "link", sha256) is removal.Lying.LINK


@pytest.mark.parametrize("size", [0, 1, (1 << 20) + 7])
def test_any_size_is_overwritten_in_full(tmp_path: Path, size) -> None:
    path, twin = tmp_path / "a.jpg", tmp_path / "twin"
    path.write_bytes(b"\0" * size)
    twin.hardlink_to(path)
    assert remove_file(path).removed
    left = twin.read_bytes()
    assert len(left) == size
    assert size < 2 or left.count(0) < size * 0.9
