"""Other files of the imported pictures are found by name and by content, wherever they lie."""

import hashlib
import os
from pathlib import Path

import pytest

from dermstation.camera.card import companions
from dermstation.camera.card.companions import find_companions
from dermstation.camera.card.erasing import erase_companion
from dermstation.camera.card.pictures import CardFile, Companion, EraseOutcome, ImportedPicture
from dermstation.camera.card.reader import CardReader
from dermstation.domain.errors import ErrorCode, StationError
from tests.unit.camera.card.samples import card, jpeg, name

CERTAIN = ("IMG_0001.CR3", "IMG_0001.MOV", "IMG_0001.WAV", "IMG_E0001.JPG", "IMG_0001.AAE")
ELSEWHERE = ("RAW/IMG_0001.DNG", "DCIM/101TEST/IMG_0001.JPG", ".Trash-0/files/IMG_0001.JPG")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A card with two pictures, of which the first has companions of every kind."""
    made = card(tmp_path / "card", jpeg(seed=1), jpeg(seed=2))
    for companion in CERTAIN:
        (made / name(1)).with_name(companion).write_bytes(b"of the first picture")
    for companion in ELSEWHERE:
        (made / companion).parent.mkdir(parents=True, exist_ok=True)
        (made / companion).write_bytes(b"perhaps of the first picture")
    return made


def known(root: Path, *numbers: int) -> tuple[ImportedPicture, ...]:
    """Return pictures of a card as they were imported."""
    pictures = []
    for number in numbers:
        data = (root / name(number)).read_bytes()
        pictures.append(ImportedPicture(name(number), len(data), hashlib.sha256(data).hexdigest()))
    return tuple(pictures)


def names(found: tuple[Companion, ...], *, is_certain: bool) -> set[str]:
    return {Path(one.path).as_posix() for one in found if one.is_certain is is_certain}


def test_every_companion_is_found_and_no_other_picture(root: Path) -> None:
    with CardReader() as reader:
        found = reader.find_companions(str(root), known(root, 1))
    assert found.is_whole
    beside = Path(name(1)).parent.as_posix()
    assert names(found.files, is_certain=True) == {f"{beside}/{one}" for one in CERTAIN}
    assert names(found.files, is_certain=False) == set(ELSEWHERE)
    assert {one.picture for one in found.files} == {name(1)}
    assert find_companions(str(root), known(root, 2)).files == ()


def test_a_second_copy_is_found_under_any_name(root: Path) -> None:
    (root / "backup").mkdir()
    (root / "backup" / "holiday.bin").write_bytes((root / name(2)).read_bytes())
    (one,) = find_companions(str(root), known(root, 2)).files
    assert Path(one.path).as_posix() == "backup/holiday.bin"
    assert one.is_certain


def test_an_imported_picture_is_nobody_s_companion(root: Path) -> None:
    edited = (root / name(1)).with_name("IMG_E0001.JPG")
    edited.write_bytes(jpeg(seed=3))
    pictures = (*known(root, 1), ImportedPicture(str(edited.relative_to(root)), 0, "0" * 64))
    found = find_companions(str(root), pictures).files
    assert edited.name not in {Path(one.path).name for one in found}


def test_a_search_that_was_cut_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companions, "MOST_COMPANIONS", 3)
    found = find_companions(str(root), known(root, 1))
    assert (len(found.files), found.is_whole) == (3, False)
    assert all(one.is_certain for one in found.files)
    monkeypatch.undo()
    monkeypatch.setattr(companions, "MOST_SEEN", 4)
    assert not find_companions(str(root), known(root, 1)).is_whole
    monkeypatch.undo()
    monkeypatch.setattr(companions, "_MOST_HASHED_BYTES", 10)
    (root / "copy.bin").write_bytes((root / name(1)).read_bytes())
    assert not find_companions(str(root), known(root, 1)).is_whole


def test_a_card_that_is_out_has_no_answer(tmp_path: Path) -> None:
    with pytest.raises(StationError) as trouble, CardReader() as reader:
        reader.find_companions(str(tmp_path / "out"), ())
    assert trouble.value.code is ErrorCode.CARD_ABSENT


def test_only_the_file_that_was_shown_is_erased(root: Path) -> None:
    shown = next(
        one.file for one in find_companions(str(root), known(root, 1)).files if ".CR3" in one.path
    )
    raw = root / shown.path
    before = raw.stat()
    raw.write_bytes(b"another, and longer than the one before")
    assert erase_companion(str(root), shown) is EraseOutcome.CHANGED
    raw.write_bytes(b"of the first picture")
    os.utime(raw, ns=(before.st_mtime_ns, before.st_mtime_ns + 2 * 10**9))
    assert erase_companion(str(root), shown) is EraseOutcome.CHANGED
    os.utime(raw, ns=(before.st_mtime_ns, before.st_mtime_ns))
    with CardReader() as reader:
        assert reader.erase_companion(str(root), shown) is EraseOutcome.ERASED
        assert reader.erase_companion(str(root), shown) is EraseOutcome.GONE
    assert not raw.exists()


def test_a_companion_outside_the_card_is_not_erased(root: Path) -> None:
    outside = root.parent / "secret"
    outside.write_bytes(b"x")
    shown = CardFile("../secret", 1, None)
    assert not erase_companion(str(root), shown).is_off
    assert outside.exists()
