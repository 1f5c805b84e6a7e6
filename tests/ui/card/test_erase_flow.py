"""The imported pictures are erased from the card, the card is ejected, and what failed is said."""

from pathlib import Path

from dermstation.camera.card import places
from dermstation.camera.card.places import CardPlace
from dermstation.domain.records import CaptureOrigin
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.card.erase_page import CardErasePage
from dermstation.ui.card.source_page import CardSourcePage
from dermstation.ui.summary.page import SummaryPage
from dermstation.workflow.card_companions import Choice
from tests.ui.capture.test_flow import at_the_pictures, captures
from tests.ui.card.at_the_card import SMALL, at_the_card, on_the_card, seen, show_full, use
from tests.ui.desk import Desk
from tests.unit.camera.card.samples import card, jpeg, name
from tests.unit.workflow.conftest import remount


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


def erased_in_the_reader(desk: Desk) -> CardErasePage:
    """Import a picture of the card in the reader, erase it, and return the page that says so."""
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
    return asked


def test_an_ejected_card_is_reported_as_out_only_when_it_is(
    desk, root, plugged, monkeypatch
) -> None:
    from dermstation.camera.card import ejecting

    asked = erased_in_the_reader(desk)
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
    asked = erased_in_the_reader(desk)
    monkeypatch.setattr(places, "instance_of", lambda *_: "of another device")
    asked.eject.click()
    desk.said("taken out before it was ejected", "Put it in again")
    assert asked.eject.isVisible()


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
