"""The lesion page asks for site, side and safeguards, with the keyboard too."""

import json

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dermstation.domain.consents import Answer
from dermstation.domain.lesion_facts import (
    NO_SAFEGUARDS,
    Chaperone,
    Identifiable,
    Safeguards,
    Spot,
)
from dermstation.domain.sites import Side
from dermstation.ui.lesion.page import LesionPage

FOREARM = "70559009"
BUTTOCK = "22180002"
NECK_BACK = "4658004"


class TestLesion:
    def test_the_keyboard_alone_gives_site_and_side(self, shown, qtbot) -> None:
        page = shown(LesionPage())
        page.show_lesion("L1")
        page.search.setFocus()
        QTest.keyClicks(page.search, "forearm front")
        for _ in range(2):  # past the list to the side
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        with qtbot.waitSignal(page.submitted) as told:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert told.args == [FOREARM, Side.LEFT, None, NO_SAFEGUARDS]

    def test_the_map_and_the_list_agree(self, shown, qtbot) -> None:
        page = shown(LesionPage())
        page.show_lesion("L1")
        spot = Spot("front", 0.2, 0.43)
        page.map.chosen.emit(FOREARM, Side.RIGHT, spot)
        assert page.side_buttons[Side.RIGHT].isChecked()
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args == [FOREARM, Side.RIGHT, spot, NO_SAFEGUARDS]

    def test_another_side_or_site_forgets_the_exact_spot(self, shown) -> None:
        page = shown(LesionPage())
        page.show_lesion("L1", FOREARM, Side.RIGHT, Spot("front", 0.2, 0.43))
        page.side_buttons[Side.LEFT].click()
        assert page._spot is None

    def test_arrows_walk_the_list_from_the_search(self, shown) -> None:
        page = shown(LesionPage())
        QTest.keyClicks(page.search, "nail")
        first = page._site_code()
        QTest.keyClick(page.search, Qt.Key.Key_Down)
        second = page._site_code()
        assert [first, second] == ["770809003", "770805009"]
        QTest.keyClick(page.search, Qt.Key.Key_Down)
        assert page._site_code() == second

    def test_site_and_side_are_asked_for_in_turn(self, shown, qtbot) -> None:
        page = shown(LesionPage())
        page.show_lesion("L1")
        with qtbot.assertNotEmitted(page.submitted):
            page.primary.click()
            assert page.problems == "Choose the body site."
            page.show_lesion("L1", FOREARM)
            page.primary.click()
            assert page.problems == "Choose left, right or midline."

    def test_a_site_without_sides_needs_none(self, shown, qtbot) -> None:
        page = shown(LesionPage())
        page.show_lesion("L1", FOREARM, Side.LEFT)
        page._choose_site(NECK_BACK)
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args == [NECK_BACK, None, None, NO_SAFEGUARDS]

    def test_an_intimate_site_needs_the_chaperone_question(self, shown, qtbot) -> None:
        page = shown(LesionPage())
        page.show_lesion("L1", BUTTOCK, Side.LEFT)
        assert page.safeguards.intimate.answer is Answer.YES
        assert not page.safeguards.intimate.isEnabled()
        with qtbot.assertNotEmitted(page.submitted):
            page.primary.click()
        assert "chaperone" in page.problems
        page.safeguards.chaperone.setCurrentIndex(page.safeguards.chaperone.findData("present"))
        QTest.keyClicks(page.safeguards.name, "Test Chaperone")
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args[3] == Safeguards(True, Chaperone.PRESENT, "Test Chaperone")

    def test_any_site_may_be_intimate_to_the_patient(self, shown, qtbot) -> None:
        page = shown(LesionPage())
        page.show_lesion("L1", FOREARM, Side.LEFT)
        assert page.safeguards.chaperone.isHidden()
        page.safeguards.intimate.buttons[Answer.YES].click()
        assert not page.safeguards.chaperone.isHidden()
        with qtbot.assertNotEmitted(page.submitted):
            page.primary.click()

    def test_what_identifies_is_covered_or_goes_without_pictures(self, shown) -> None:
        page = shown(LesionPage())
        card = page.safeguards
        assert card.safeguards().identifiable is Identifiable.NOT_ASKED
        card.identifying[Identifiable.FACE].click()
        assert not card.safeguards().without_pictures
        card.without.setCurrentIndex(1)
        assert card.safeguards().without_pictures
        card.identifying[Identifiable.NOTHING].click()
        assert not card.safeguards().without_pictures

    def test_the_usual_case_is_answered_by_one_press(self, shown) -> None:
        card = shown(LesionPage()).safeguards
        card.neither.click()
        assert card.safeguards() == Safeguards(False, identifiable=Identifiable.NOTHING)
        assert card.neither.isHidden()

    def test_that_press_goes_on_only_if_nothing_else_is_missing(self, shown, qtbot) -> None:
        page = shown(LesionPage())
        with qtbot.assertNotEmitted(page.submitted):
            page.safeguards.neither.click()
        assert page.problems == "Choose the body site."
        page = shown(LesionPage())
        page.show_lesion("L1", FOREARM, Side.LEFT)
        with qtbot.waitSignal(page.submitted) as told:
            page.safeguards.neither.click()
        assert told.args[:2] == [FOREARM, Side.LEFT]

    def test_a_site_that_is_not_intimate_to_everybody_is_asked_about_again(self, shown) -> None:
        page = shown(LesionPage())
        page.show_lesion("L1", BUTTOCK, Side.LEFT)
        page._choose_site(FOREARM)
        assert page.safeguards.safeguards().is_intimate is None
        page.safeguards.intimate.buttons[Answer.NO].click()
        assert page.safeguards.safeguards().is_intimate is False

    def test_a_draft_comes_back_as_it_was(self, shown, qtbot) -> None:
        page = shown(LesionPage())
        page.show_lesion(
            "L2",
            FOREARM,
            Side.RIGHT,
            Spot("front", 0.2, 0.43),
            Safeguards(True, Chaperone.DECLINED, "", Identifiable.TATTOO),
        )
        with qtbot.waitSignal(page.edited) as told:
            page.flush_draft()
        draft = json.loads(json.dumps(told.args[0]))  # as the vault stores it
        again = shown(LesionPage())
        again.load_draft("L2", draft)
        with qtbot.waitSignal(again.edited) as told_again:
            again.flush_draft()
        assert told_again.args == told.args
        assert again.windowTitle().startswith("L2")

    def test_an_empty_draft_is_an_empty_page(self, shown) -> None:
        page = shown(LesionPage())
        page.load_draft("L1", {})
        assert (page._site_code(), page._side(), page._spot) == ("", None, None)
