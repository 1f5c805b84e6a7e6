"""The pictures of a card are chosen, checked, imported and erased; failures are shown."""

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from PIL import Image

from dermstation.camera.card import places
from dermstation.camera.card.places import CardPlace
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Verdict
from dermstation.domain.records import CaptureOrigin
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.card.erase_page import CardErasePage
from dermstation.ui.card.page import CardPage
from dermstation.ui.card.source_page import CardSourcePage
from dermstation.ui.frame.places import Home
from dermstation.ui.home.page import HomePage
from dermstation.ui.summary.page import SummaryPage
from dermstation.vault.captures import Captures
from dermstation.workflow import episodes
from dermstation.workflow.card_companions import Choice
from tests.ui.capture.test_flow import at_the_pictures, captures
from tests.ui.desk import Desk
from tests.unit.camera.card.samples import card, jpeg, name
from tests.unit.workflow.conftest import remount

SMALL = 3


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return card(tmp_path / "card", *(jpeg(seed=seed) for seed in range(SMALL)))


@pytest.fixture
def plugged(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A list of cards in the reader; clear it to pull the card out."""
    mounts = [SimpleNamespace(device="/dev/card1", mountpoint=str(root), fstype="vfat", opts="rw")]
    monkeypatch.setattr(psutil, "disk_partitions", lambda: list(mounts))
    monkeypatch.setattr(places, "_is_removable", lambda *_: True)
    return mounts


def at_the_card(desk: Desk, root: Path) -> CardPage:
    """Go from the capture page to the pictures of a folder, and wait until all are shown."""
    at_the_pictures(desk).buttons.card.click()
    source = desk.page(CardSourcePage)
    source.folder_chosen.emit(root)
    return seen(desk)


def seen(desk: Desk) -> CardPage:
    page = desk.page(CardPage)
    desk.until(lambda: not any("Reading" in page.grid.words_of(key) for key in page.grid._items))
    return page


def choose(page: CardPage, number: int) -> None:
    page.grid.setCurrentItem(page.grid._items[name(number)])


def show_full(desk: Desk, page: CardPage, number: int) -> None:
    choose(page, number)
    page._show_full.click()
    desk.until(lambda: page._use.isVisible() and page._use.isEnabled())


def use(desk: Desk, page: CardPage) -> None:
    """Use the picture under review, with a reason if it is poor."""
    page.review.why.choice.setCurrentIndex(0)
    page._use.click()
    desk.until(lambda: page.is_choosing)


def on_the_card(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*.JPG")}


def test_pictures_are_imported_for_each_shot_and_erased_from_the_card(desk, root) -> None:
    page = at_the_card(desk, root)
    for number, shot in enumerate(STANDARD_SHOTS, start=1):
        show_full(desk, page, number)
        assert shot.value[:5] in page._use.text().replace("-", "").replace("&", "")
        use(desk, page)
        desk.said("stored and checked against the card")
    assert on_the_card(root) == {f"IMG_{n:04}.JPG" for n in (1, 2, 3)}
    saved = captures(desk)
    assert [one.shot for one in saved] == list(STANDARD_SHOTS)
    assert {one.details.origin for one in saved} == {CaptureOrigin.CARD}
    desk.until(lambda: "erase" in page.finish.text())
    page.finish.click()
    asked = desk.page(CardErasePage)
    assert not asked.eject.isVisible(), "a folder cannot be taken out"
    asked.primary.click()
    desk.until(lambda: asked.is_done)
    assert on_the_card(root) == set()
    desk.until(lambda: "The pictures have been erased" in desk.texts())
    desk.press(asked)
    desk.page(SummaryPage)
    assert desk.in_vault(lambda vault: vault.card_files.left()) == ()


def test_other_files_of_a_picture_are_named_and_erased_or_left_as_chosen(desk, root) -> None:
    raw = (root / name(1)).with_name("IMG_0001.CR3")
    elsewhere = root / "RAW" / "IMG_0001.DNG"
    elsewhere.parent.mkdir()
    for file in (raw, elsewhere):
        file.write_bytes(b"raw" * 1000)
    page = at_the_card(desk, root)
    show_full(desk, page, 1)
    use(desk, page)
    page.finish.click()
    asked = desk.page(CardErasePage)
    desk.until(lambda: "IMG_0001.CR3" in desk.texts() and "RAW/IMG_0001.DNG" in desk.texts())
    asked.primary.click()
    desk.until(lambda: asked.is_done)
    assert not raw.exists()
    assert elsewhere.exists()
    assert not (root / name(1)).exists()
    desk.until(lambda: "1 other file stays on the card" in desk.texts())
    desk.press(asked)
    desk.page(CapturePage).buttons.card.click()
    desk.page(CardSourcePage).folder_chosen.emit(root)
    seen(desk).finish.click()  # the pictures are off, but not everything
    asked = desk.page(CardErasePage)
    asked.companions.choose(Choice.ERASE, is_certain=False)
    asked.primary.click()
    desk.until(lambda: asked.is_done)
    assert not elsewhere.exists()
    assert len(on_the_card(root)) == SMALL - 1


def test_leaving_them_on_the_card_erases_nothing_and_is_remembered(desk, root) -> None:
    page = at_the_card(desk, root)
    show_full(desk, page, 2)
    use(desk, page)
    page.finish.click()
    desk.page(CardErasePage)._leave.click()
    desk.page(CapturePage).buttons.card.click()
    assert len(on_the_card(root)) == SMALL
    desk.page(CardSourcePage).folder_chosen.emit(root)
    page = seen(desk)
    desk.until(lambda: "Imported" in page.grid.words_of(name(2)))
    desk.until(lambda: "erase" in page.finish.text())
    show_known = page.grid._items[name(2)]
    page.grid.setCurrentItem(show_known)
    page._show_full.click()
    desk.said("already in the station", "for this patient")
    page.finish.click()
    desk.page(CardErasePage).primary.click()
    desk.until(lambda: name(2) not in on_the_card(root) and len(on_the_card(root)) == SMALL - 1)


def test_another_card_can_be_opened_while_the_first_is_still_read(desk, tmp_path) -> None:
    first = card(tmp_path / "first", *(jpeg(3000, 2000, seed=seed) for seed in range(8)))
    second = tmp_path / "second"
    second.mkdir()
    (second / "OTHER.JPG").write_bytes(jpeg(seed=40))
    at_the_pictures(desk).buttons.card.click()
    desk.page(CardSourcePage).folder_chosen.emit(first)
    desk.page(CardPage).back_pressed.emit()
    desk.page(CardSourcePage).folder_chosen.emit(second)
    page = seen(desk)
    assert list(page.grid._items) == ["OTHER.JPG"]
    desk.until(lambda: page.grid.current_key == "OTHER.JPG")


def test_a_poor_picture_needs_a_reason(desk, root) -> None:
    with Image.open(BytesIO(jpeg())) as lit:
        lit.point(lambda level: level / 30).save(root / name(1), "JPEG")  # almost no light
    page = at_the_card(desk, root)
    show_full(desk, page, 1)
    assert page._verdict is Verdict.POOR
    page._use.click()
    desk.until(lambda: "Choose a reason" in desk.texts())
    assert captures(desk) == ()
    page.rejected.emit()
    assert page.is_choosing


def test_an_empty_folder_is_reported(desk, tmp_path) -> None:
    empty = card(tmp_path / "empty")
    (empty / "DCIM" / "100TEST" / "FILM.MP4").write_bytes(b"x")
    at_the_pictures(desk).buttons.card.click()
    desk.page(CardSourcePage).folder_chosen.emit(empty)
    desk.said("no JPEG pictures", "Other files: 1")
    assert isinstance(desk.shell.page, CardSourcePage)


def test_a_file_that_is_no_picture_says_so_and_cannot_be_chosen(desk, root) -> None:
    (root / name(1)).write_bytes(jpeg()[:9000])
    (root / name(2)).write_bytes(b"")
    page = at_the_card(desk, root)
    for number, words in ((1, "Damaged"), (2, "Incomplete or empty")):
        assert words in page.grid.words_of(name(number))
        choose(page, number)
        assert not page._show_full.isEnabled()
    choose(page, 3)
    assert page._show_full.isEnabled()


def test_a_phone_s_picture_under_a_wrong_name_is_named_with_what_helps(desk, root) -> None:
    heic = b"\0\0\0\x18ftypheic" + bytes(4) + b"mif1heic" + bytes(4000)
    (root / name(1)).write_bytes(heic)
    page = at_the_card(desk, root)
    assert "HEIC, not JPEG" in page.grid.words_of(name(1))
    desk.said("HEIC", "Most Compatible")
    choose(page, 1)
    assert not page._show_full.isEnabled()


def test_a_picture_that_breaks_before_it_is_shown_is_refused(desk, root) -> None:
    page = at_the_card(desk, root)
    (root / name(1)).write_bytes(jpeg()[:9000])
    choose(page, 1)
    page._show_full.click()
    desk.said("incomplete or cannot be read", "Choose another picture")
    assert page.is_choosing
    assert not page._show_full.isEnabled()


def test_a_card_appears_and_disappears_by_itself(desk, root, plugged) -> None:
    mount = plugged.pop()
    at_the_pictures(desk).buttons.card.click()
    source = desk.page(CardSourcePage)
    desk.until(lambda: "No memory card found" in desk.texts())
    plugged.append(mount)
    desk.until(lambda: len(source.rows) == 1)
    source.rows[0].open_button.click()
    seen(desk)
    plugged.clear()
    desk.said("no longer there", "imported are safe")
    desk.until(lambda: desk.page(CardSourcePage).rows == [])


def test_a_picture_under_review_outlives_the_card(desk, root, plugged) -> None:
    at_the_pictures(desk).buttons.card.click()
    source = desk.page(CardSourcePage)
    desk.until(lambda: bool(source.rows))
    source.rows[0].open_button.click()
    page = seen(desk)
    show_full(desk, page, 1)
    plugged.clear()
    page.review.why.choice.setCurrentIndex(0)
    page._use.click()
    desk.page(CardSourcePage)
    desk.said("no longer there")
    assert len(captures(desk)) == 1
    assert len(desk.in_vault(lambda vault: vault.card_files.left())) == 1


def test_an_ejected_card_is_reported_as_out_only_when_it_is(
    desk, root, plugged, monkeypatch
) -> None:
    from dermstation.camera.card import ejecting

    at_the_pictures(desk).buttons.card.click()
    source = desk.page(CardSourcePage)
    desk.until(lambda: bool(source.rows))
    source.rows[0].open_button.click()
    page = seen(desk)
    show_full(desk, page, 1)
    use(desk, page)
    page.finish.click()
    asked = desk.page(CardErasePage)
    asked.primary.click()
    desk.until(lambda: asked.is_done)
    monkeypatch.setattr(ejecting, "_unmount", lambda place: True)
    asked.eject.click()
    desk.said("still in use", "Do not take it out")
    monkeypatch.setattr(ejecting, "_unmount", lambda place: False)
    asked.eject.click()
    desk.said("cannot eject this card", "Safely remove")

    def unmount(place: CardPlace) -> bool:
        plugged.clear()
        return True

    monkeypatch.setattr(ejecting, "_unmount", unmount)
    asked.eject.click()
    desk.said("can be taken out now")
    assert not asked.eject.isVisible()


def test_a_card_pulled_before_it_was_ejected_is_not_reported_as_safe(
    desk, root, plugged, monkeypatch
) -> None:
    at_the_pictures(desk).buttons.card.click()
    source = desk.page(CardSourcePage)
    desk.until(lambda: bool(source.rows))
    source.rows[0].open_button.click()
    page = seen(desk)
    show_full(desk, page, 1)
    use(desk, page)
    page.finish.click()
    asked = desk.page(CardErasePage)
    asked.primary.click()
    desk.until(lambda: asked.is_done)
    monkeypatch.setattr(places, "instance_of", lambda *_: "of another device")
    asked.eject.click()
    desk.said("taken out before it was ejected", "Put it in again")
    assert asked.eject.isVisible()


def test_a_full_disk_keeps_the_picture_under_review_and_on_the_card(
    desk, root, monkeypatch
) -> None:
    page = at_the_card(desk, root)
    show_full(desk, page, 1)
    full = StationError(ErrorCode.VAULT_DISK_FULL)

    def no_room(*_: object) -> None:
        raise full

    monkeypatch.setattr(Captures, "save", no_room)
    page.review.why.choice.setCurrentIndex(0)
    page._use.click()
    desk.said("disk is full", "still held")
    assert len(on_the_card(root)) == SMALL
    monkeypatch.undo()
    use(desk, page)
    assert len(captures(desk)) == 1


def test_a_locked_card_keeps_its_pictures_and_can_be_tried_again(
    desk, root, tmp_path, small_disk
) -> None:
    place = card(small_disk(tmp_path / "disk", "8m"), jpeg())
    page = at_the_card(desk, place)
    show_full(desk, page, 1)
    use(desk, page)
    remount(place, "ro")
    page.finish.click()
    asked = desk.page(CardErasePage)
    asked.primary.click()
    desk.until(lambda: "Some pictures are not erased" in desk.texts())
    desk.until(lambda: "unlock it and try again" in desk.texts())
    assert len(on_the_card(place)) == 1
    remount(place, "rw")
    desk.press(asked)
    desk.until(lambda: asked.is_done)
    assert on_the_card(place) == set()


@pytest.mark.parametrize("moment", ["source", "choosing", "reviewing", "saving", "asking"])
def test_a_lock_loses_nothing(desk, root, moment) -> None:
    if moment == "source":
        at_the_pictures(desk).buttons.card.click()
        desk.page(CardSourcePage)
    else:
        page = at_the_card(desk, root)
        if moment != "choosing":
            show_full(desk, page, 1)
        if moment == "saving":
            page.review.why.choice.setCurrentIndex(0)
            page._use.click()
        if moment == "asking":
            use(desk, page)
            page.finish.click()
            desk.page(CardErasePage)
    desk.window.lock()
    desk.sign_in()
    desk.page(CapturePage)
    assert len(on_the_card(root)) == SMALL
    expected = 1 if moment in ("saving", "asking") else 0
    assert len(captures(desk)) == expected
    assert len(desk.in_vault(lambda vault: vault.card_files.left())) == expected


def test_a_lock_while_erasing_leaves_each_picture_somewhere(desk, root) -> None:
    page = at_the_card(desk, root)
    for number in (1, 2):
        show_full(desk, page, number)
        use(desk, page)
    page.finish.click()
    desk.page(CardErasePage).primary.click()
    desk.window.lock()
    desk.sign_in()
    desk.page(CapturePage)
    stored = {one.sha256 for one in captures(desk)}
    assert len(stored) == 2
    left = {copy.path for copy in desk.in_vault(lambda vault: vault.card_files.left())}
    still = {name(number) for number in (1, 2) if Path(name(number)).name in on_the_card(root)}
    assert still <= left, "what is on the card is known to be"
    assert f"IMG_{SMALL:04}.JPG" in on_the_card(root)


def test_another_patient_s_picture_is_marked_and_refused(desk, root) -> None:
    page = at_the_card(desk, root)
    show_full(desk, page, 1)
    use(desk, page)
    page.back_pressed.emit()
    desk.page(CardSourcePage).back_pressed.emit()
    desk.page(CapturePage).back_pressed.emit()
    desk.page(HomePage)
    desk.in_vault(_second_episode)
    desk.window.walk.go(Home())
    desk.until(lambda: isinstance(desk.shell.page, HomePage) and len(desk.shell.page.rows) == 2)
    desk.shell.page.rows[0].go_on.click()
    desk.page(CapturePage).buttons.card.click()
    desk.page(CardSourcePage).folder_chosen.emit(root)
    page = seen(desk)
    desk.until(lambda: "In another episode" in page.grid.words_of(name(1)))
    choose(page, 1)
    page._show_full.click()
    desk.said("already in the station", "in another episode")
    assert page.is_choosing


def _second_episode(vault) -> None:
    from dataclasses import replace

    from dermstation.domain.identity import NhsNumber
    from dermstation.domain.records import ConsentForm, Operator, Role
    from tests.unit.workflow.conftest import PATIENT

    operator = Operator("1" * 32, "Test", Role.NURSE)
    other = replace(PATIENT, nhs_number=NhsNumber.parse("9990000026"), family_name="Patient-Two")
    view = episodes.open_episode(vault, operator, other)
    episodes.record_consent(
        vault, operator, view.episode.id, given=True, form=ConsentForm.VERBAL, secondary_use=False
    )
    episodes.save_lesion(
        vault, view.episode.id, lesion_id=None, site_code="41550009", side=None, history=""
    )


def test_the_shot_can_be_chosen_by_its_tile_and_the_keyboard_reaches_all(desk, root, qtbot) -> None:
    from PySide6.QtCore import Qt

    page = at_the_card(desk, root)
    page.choose.shots.tile(ShotKind.LATERAL).click()
    assert "side view" in page._show_full.text()
    page.grid.setFocus()
    first = page.grid.current_key
    qtbot.keyClick(page.grid, Qt.Key.Key_Right)
    assert page.grid.current_key not in ("", first)
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    desk.until(lambda: page._use.isVisible() and page._use.isEnabled())
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.is_choosing
