"""The listing finds a camera's pictures, follows nothing, and always ends."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dermstation.camera.card import listing
from dermstation.camera.card.listing import list_pictures
from dermstation.camera.card.pictures import CardFile
from dermstation.domain.errors import ErrorCode, StationError
from tests.unit.camera.card.samples import card, name


def test_pictures_are_listed_newest_first_and_the_rest_is_counted(tmp_path: Path) -> None:
    card(tmp_path, b"one", b"two", b"three")
    for number, at in ((1, 1000), (2, 3000), (3, 2000)):
        os.utime(tmp_path / name(number), (at, at))
    for other in ("MVI_0004.MP4", "IMG_0005.CR2", "._IMG_0001.JPG"):
        (tmp_path / "DCIM" / "100TEST" / other).write_bytes(b"x")
    (tmp_path / "elsewhere.jpg").write_bytes(b"not of the camera")
    found = list_pictures(str(tmp_path))
    assert [file.path for file in found.files] == [name(2), name(3), name(1)]
    assert found.files[0].modified_at == datetime.fromtimestamp(3000, UTC)
    assert (found.others, found.not_listed, found.is_whole) == (2, 0, True)


def test_a_folder_without_dcim_is_listed_with_those_below(tmp_path: Path) -> None:
    (tmp_path / "a.JPEG").write_bytes(b"1")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.jpg").write_bytes(b"2")
    assert {Path(file.path).name for file in list_pictures(str(tmp_path)).files} == {
        "a.JPEG",
        "b.jpg",
    }


@pytest.mark.skipif("sys.platform == 'win32'", reason="needs POSIX links and pipes")
def test_links_pipes_and_folders_named_like_pictures_are_not_pictures(tmp_path: Path) -> None:
    root = card(tmp_path / "card", b"one")
    folder = root / "DCIM" / "100TEST"
    (tmp_path / "secret.jpg").write_bytes(b"of somebody else")
    (folder / "LINK.JPG").symlink_to(tmp_path / "secret.jpg")
    (folder / "LOOP.JPG").symlink_to("LOOP.JPG")
    (folder / "ROUND").symlink_to(root)
    (folder / "OUT").symlink_to(tmp_path)
    os.mkfifo(folder / "PIPE.JPG")
    (folder / "FOLDER.JPG").mkdir()
    assert [file.path for file in list_pictures(str(root)).files] == [name(1)]


def test_the_list_of_a_huge_folder_is_cut_and_reported_as_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card(tmp_path, *([b"x"] * 12))
    monkeypatch.setattr(listing, "MOST_LISTED", 5)
    found = list_pictures(str(tmp_path))
    assert (len(found.files), found.not_listed, found.is_whole) == (5, 7, True)
    monkeypatch.setattr(listing, "MOST_SEEN", 4)
    assert not list_pictures(str(tmp_path)).is_whole


def test_folders_are_followed_only_to_a_limited_depth(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(listing.DEEPEST + 3):
        deep /= "d"
        deep.mkdir()
        (deep / "p.jpg").write_bytes(b"x")
    assert len(list_pictures(str(tmp_path)).files) == listing.DEEPEST


def test_a_missing_folder_is_reported_as_absent(tmp_path: Path) -> None:
    with pytest.raises(StationError) as trouble:
        list_pictures(str(tmp_path / "gone"))
    assert trouble.value.code is ErrorCode.CARD_ABSENT


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("DCIM/100/IMG_1.JPG", "IMG_1.JPG"),
        ("DCIM\\100\\IMG_1.JPG", "IMG_1.JPG"),
        ("a\nb\x1b[31m.jpg", "a\ufffdb\ufffd[31m.jpg"),
        ("W" * 200 + ".jpg", "W" * 31 + "\u2026" + "WWWW.jpg"),
        ("\udcff.jpg", "\ufffd.jpg"),
    ],
)
def test_an_odd_name_is_made_harmless(path: str, shown: str) -> None:
    assert CardFile(path, 1).shown_name == shown
