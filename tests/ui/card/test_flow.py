"""The pictures of a card are chosen, checked and imported; failures are shown."""

from io import BytesIO

import pytest
from PIL import Image

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Verdict
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.card.erase_page import CardErasePage
from dermstation.ui.card.page import CardPage
from dermstation.ui.card.source_page import CardSourcePage
from dermstation.ui.frame.places import Home
from dermstation.ui.home.page import HomePage
from dermstation.vault.captures import Captures
from dermstation.workflow import episodes
from tests.ui.capture.test_flow import at_the_pictures, captures
from tests.ui.card.at_the_card import SMALL, at_the_card, choose, on_the_card, seen, show_full, use
from tests.unit.camera.card.samples import card, jpeg, name


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
