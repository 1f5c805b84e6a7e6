"""Consent, lesion, summary, hand-over and certificate: keyboard, errors, what is told."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget

from dermstation.domain.consents import NOTHING_ASKED, Answer, ConsentCircumstances, Giver
from dermstation.domain.findings import (
    NO_SAFEGUARDS,
    Chaperone,
    History,
    Identifiable,
    Note,
    Point,
    Question,
    Safeguards,
    Spot,
)
from dermstation.domain.records import Consent, ConsentForm
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.ui.pages.certificate import CLAIM, CertificatePage
from dermstation.ui.pages.consent import ConsentPage
from dermstation.ui.pages.hand_over import IN_ERS, IN_RECORD, HandOverPage
from dermstation.ui.pages.history import HistoryPage
from dermstation.ui.pages.lesion import LesionPage
from dermstation.ui.pages.summary import SummaryPage

FOREARM = "70559009"
BUTTOCK = "22180002"
NECK_BACK = "4658004"


@pytest.fixture
def shown(qtbot):
    def show(page: QWidget) -> QWidget:
        qtbot.addWidget(page)
        page.resize(1366, 600)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        return page

    return show


def texts(page: QWidget) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if not one.isHidden())


class TestConsent:
    def test_no_answer_is_chosen_to_begin_with(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        with qtbot.assertNotEmitted(page.submitted):
            QTest.keyClick(page, Qt.Key.Key_Return)
        assert page.problem == "Choose the patient's answer."

    def test_the_keyboard_alone_gives_verbal_consent(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        with qtbot.waitSignal(page.submitted) as told:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert told.args == [True, ConsentForm.VERBAL, False, NOTHING_ASKED]

    def test_secondary_use_is_a_question_of_its_own(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        page.written.setChecked(True)
        page.other_yes.setChecked(True)
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args == [True, ConsentForm.WRITTEN, True, NOTHING_ASKED]

    def test_declining_takes_secondary_use_back_and_goes_on(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        page.other_yes.setChecked(True)
        page.declined.setChecked(True)
        assert "No pictures will be taken." in texts(page)
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args == [False, ConsentForm.VERBAL, False, NOTHING_ASKED]

    def test_an_earlier_answer_is_shown_again(self, shown, made) -> None:
        page = shown(ConsentPage())
        page.show_consent(Consent(True, ConsentForm.WRITTEN, True, made.opened_at, "1"))
        assert page.written.isChecked()
        assert page.other_yes.isChecked()
        page.show_consent(None)
        assert page._answers.checkedButton() is None
        assert page.other_no.isChecked()

    def test_a_patient_who_cannot_decide_needs_somebody_with_a_name(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        page.verbal.setChecked(True)
        page.answers.capacity.setCurrentIndex(page.answers.capacity.findData("no"))
        with qtbot.assertNotEmitted(page.submitted):
            page.primary.click()
        assert "cannot decide" in page.answers.problem
        page.answers.giver.setCurrentIndex(page.answers.giver.findData("parent"))
        with qtbot.assertNotEmitted(page.submitted):
            page.primary.click()
        assert "name of the person" in page.answers.problem
        QTest.keyClicks(page.answers.giver_name, "Test Parent")
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args[3] == ConsentCircumstances(Giver.PARENT, "Test Parent", Answer.NO)

    def test_a_name_is_asked_only_where_it_belongs(self, shown) -> None:
        page = shown(ConsentPage())
        answers = page.answers
        assert answers.giver_name.isHidden()
        assert answers.interpreter_name.isHidden()
        answers.interpreter.setCurrentIndex(answers.interpreter.findData("yes"))
        assert not answers.interpreter_name.isHidden()

    def test_declining_after_pictures_says_that_they_are_wiped(self, shown) -> None:
        page = shown(ConsentPage(3))
        page.declined.setChecked(True)
        assert "3 pictures were taken" in texts(page)
        assert "cannot be brought back" in texts(page)


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

    def test_the_map_and_the_list_say_the_same(self, shown, qtbot) -> None:
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
        assert page.safeguards.intimate.isChecked()
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
        page.safeguards.intimate.setChecked(True)
        assert not page.safeguards.chaperone.isHidden()
        with qtbot.assertNotEmitted(page.submitted):
            page.primary.click()

    def test_what_identifies_is_covered_or_goes_without_pictures(self, shown) -> None:
        page = shown(LesionPage())
        card = page.safeguards
        assert card.safeguards().identifiable is Identifiable.NOT_ASKED
        card.identifiable.setCurrentIndex(card.identifiable.findData("face"))
        assert not card.safeguards().without_pictures
        card.without.setCurrentIndex(1)
        assert card.safeguards().without_pictures
        card.identifiable.setCurrentIndex(card.identifiable.findData("nothing"))
        assert not card.safeguards().without_pictures

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
        draft = json.loads(json.dumps(told.args[0]))  # as the vault keeps it
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


class TestHistory:
    @pytest.fixture
    def page(self, shown) -> HistoryPage:
        return shown(HistoryPage("L1", "Forearm, back (left)", 100))

    def test_nothing_is_answered_to_begin_with(self, page, qtbot) -> None:
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args == [History(), ""]
        assert page.seven.words == "Not looked at yet."

    def test_the_keyboard_alone_answers(self, page, qtbot) -> None:
        for key in (Qt.Key.Key_Y, Qt.Key.Key_Down, Qt.Key.Key_N, Qt.Key.Key_Down, Qt.Key.Key_Y):
            QTest.keyClick(QApplication.focusWidget(), key)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backspace)
        with qtbot.waitSignal(page.submitted) as told:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        first, second, third, *_ = Question
        answers = told.args[0].answers
        assert answers == {first: Answer.YES, second: Answer.NO}
        assert third not in answers

    def test_a_second_press_takes_the_answer_back(self, page) -> None:
        question = page.questions[Question.BLEEDS]
        for expected in (Answer.NO, Answer.NOT_ASKED):
            question.buttons[Answer.NO].click()
            assert question.answer is expected
        assert "not asked" in question.accessibleName()

    def test_the_sum_and_the_threshold_are_said(self, page) -> None:
        page.seven.boxes[Point.SIZE].click()
        assert page.seven.words == "Sum 2. NICE's threshold is 3."
        assert page.seven.acknowledge.isHidden()
        page.seven.boxes[Point.OOZING].click()
        assert page.seven.words.startswith("Sum 3. From 3 on, NICE advises")
        assert not page.seven.acknowledge.isHidden()

    def test_none_of_these_is_not_the_same_as_not_looked_at(self, page, qtbot) -> None:
        page.seven.none.click()
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args[0].points == frozenset()
        page.seven.boxes[Point.SIZE].click()
        assert not page.seven.none.isChecked()

    def test_a_size_that_cannot_be_is_told(self, page, qtbot) -> None:
        page.notes[Note.SIZE_MM].setText("big")
        with qtbot.assertNotEmitted(page.submitted):
            page.primary.click()
        assert "diameter" in page.problem.lower()

    def test_a_text_that_is_too_long_is_not_sent(self, page, qtbot) -> None:
        page.text.set_text("x" * 101)
        with qtbot.assertNotEmitted(page.submitted):
            page.primary.click()

    def test_a_draft_comes_back_as_it_was(self, page, shown, qtbot) -> None:
        history = History(
            {Question.BLEEDS: Answer.NO}, {Note.SKIN_TYPE: "II"}, frozenset({Point.SIZE}), True
        )
        page.show_history(history, "itchy")
        with qtbot.waitSignal(page.edited) as told:
            page.flush_draft()
        again = shown(HistoryPage("L1", "Forearm, back (left)"))
        again.load_draft(json.loads(json.dumps(told.args[0])))
        with qtbot.waitSignal(again.edited) as told_again:
            again.flush_draft()
        assert told_again.args == told.args


def say_why(page: SummaryPage) -> None:
    """Choose a reason for each missing dermoscopic picture."""
    for card in page.cards:
        card.gap.reason.setCurrentIndex(1)


class TestSummary:
    @pytest.fixture
    def page(self, shown, made) -> SummaryPage:
        view = made.episode(lesions=2, history="itchy")
        pictures = {capture.id: made.skin[::8, ::8] for capture in view.captures}
        return shown(SummaryPage(view, pictures, Path("/packages")))

    def test_no_route_is_taken_for_granted(self, page, qtbot) -> None:
        assert page.route is None
        with qtbot.assertNotEmitted(page.package_requested):
            page.primary.click()
        assert page.problem == "Choose where it goes."
        assert page.routes[Route.ADVICE].hasFocus()

    def test_the_keyboard_alone_makes_the_package(self, page, qtbot) -> None:
        page.primary.click()
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        for card in page.cards:  # each asks why it has no dermoscopic picture
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
            assert card.gap.reason.hasFocus()
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
        with qtbot.waitSignal(page.package_requested) as told:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert told.args == [Path("/packages")]

    def test_the_texts_are_told_before_the_package_is_asked_for(self, page, qtbot) -> None:
        page.routes[Route.RADS].setChecked(True)
        page.cards[1].history.edit.setPlainText("bleeding")
        page.question.edit.setPlainText("Suspicious?")
        say_why(page)
        with qtbot.waitSignals([page.edited, page.package_requested], order="strict"):
            page.primary.click()

    def test_the_draft_holds_all_that_was_written(self, page, qtbot) -> None:
        page.routes[Route.RADS].setChecked(True)
        page.cards[1].history.edit.setPlainText("bleeding")
        with qtbot.waitSignal(page.edited) as told:
            page.question.edit.setPlainText("Suspicious?")
        histories, question, route = told.args
        assert histories == {"lesion-1": "itchy", "lesion-2": "bleeding"}
        assert (question, route) == ("Suspicious?", Route.RADS)

    def test_missing_shots_and_overrides_are_named(self, page) -> None:
        assert page.cards[0].missing_words == "Missing: dermoscopic"
        assert "Close-up used although poor: The patient cannot keep still" in texts(page)

    def test_a_missing_shot_can_be_taken(self, page, qtbot) -> None:
        take = next(b for b in page.findChildren(QPushButton) if b.text() == "Take")
        assert take.accessibleName() == "Take the dermoscopic picture of L1"
        with qtbot.waitSignal(page.retake_requested) as told:
            take.click()
        assert told.args == ["lesion-1", ShotKind.DERMOSCOPIC]

    def test_a_lesion_can_be_added_or_edited(self, page, qtbot) -> None:
        add = next(b for b in page.findChildren(QPushButton) if b.text() == "&Add another lesion")
        with qtbot.waitSignal(page.lesion_requested):
            add.click()
        edit = next(b for b in page.findChildren(QPushButton) if b.text() == "Site")
        with qtbot.waitSignal(page.lesion_edit_requested) as told:
            edit.click()
        assert told.args == ["lesion-1"]

    def test_another_folder_is_chosen_in_our_own_dialog(self, page, qtbot, tmp_path) -> None:
        page.change.click()
        dialog = page.findChild(QFileDialog)
        assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setDirectory(str(tmp_path))
        dialog.fileSelected.emit(str(tmp_path))
        dialog.reject()
        page.routes[Route.ADVICE].setChecked(True)
        say_why(page)
        with qtbot.waitSignal(page.package_requested) as told:
            page.primary.click()
        assert told.args == [tmp_path]

    def test_without_consent_no_picture_is_missed(self, shown, made) -> None:
        page = shown(SummaryPage(made.episode(given=False), {}, Path("/packages")))
        assert page.cards[0].missing_words == "The patient declined pictures."
        assert not [b for b in page.findChildren(QPushButton) if b.text() in {"Take", "Retake"}]

    def test_an_episodes_route_is_shown_again(self, shown, made) -> None:
        page = shown(SummaryPage(made.episode(route=Route.ROUTINE), {}, Path("/packages")))
        assert page.route is Route.ROUTINE


class TestHandOver:
    @pytest.fixture
    def page(self, shown, made) -> HandOverPage:
        return shown(HandOverPage(made.package(4), Route.RADS))

    def test_the_wipe_needs_both_ticks(self, page, qtbot) -> None:
        for first, second in ((page.in_record, page.in_ers), (page.in_ers, page.in_record)):
            first.setChecked(True)
            second.setChecked(False)
            assert not page.primary.isEnabled()
            with qtbot.assertNotEmitted(page.confirmed):
                page.primary.click()
                QTest.keyClick(page, Qt.Key.Key_Return)

    def test_the_keyboard_alone_ticks_and_wipes(self, page, qtbot) -> None:
        for tick in (page.in_record, page.in_ers):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            assert tick.hasFocus()
            QTest.keyClick(tick, Qt.Key.Key_Space)
        with qtbot.waitSignal(page.confirmed) as told:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert told.args == [True, True, False]

    def test_the_words_of_the_ticks_are_exact_and_can_be_pressed(self, page) -> None:
        assert page.in_record.accessibleName() == IN_RECORD
        assert page.in_ers.accessibleName() == IN_ERS
        words = next(one for one in page.findChildren(QLabel) if one.text() == IN_ERS)
        QTest.mouseClick(words, Qt.MouseButton.LeftButton)
        assert page.in_ers.isChecked()

    def test_the_files_are_listed_in_their_order_with_sizes(self, page, made) -> None:
        said = texts(page)
        places = [said.index(file.name) for file in made.package(4).files]
        assert places == sorted(places)
        assert "4 files, 2.6 MB in all" in said

    def test_the_path_is_copied(self, page, made) -> None:
        page.copy.click()
        assert QGuiApplication.clipboard().text() == made.package(4).folder
        assert page.copy.text() == "&Copied"

    def test_the_package_can_be_withdrawn(self, page, qtbot) -> None:
        withdraw = next(b for b in page.findChildren(QPushButton) if "draw" in b.text())
        with qtbot.waitSignal(page.withdrawn):
            withdraw.click()


class TestCertificate:
    def test_a_complete_wipe_says_so_and_claims_no_more_than_is_true(self, shown, made) -> None:
        said = texts(shown(CertificatePage(made.certificate(), "Test Nurse-One")))
        assert "Every local copy is wiped" in said
        assert "3 pictures" in said
        assert "4 package files" in said
        assert "Test Nurse-One" in said
        assert CLAIM in said

    def test_an_incomplete_wipe_names_what_is_left(self, shown, made) -> None:
        said = texts(shown(CertificatePage(made.certificate(left=2), "Test Nurse-One")))
        assert "Not everything is wiped" in said
        assert "2 items are still on this PC." in said
        assert f"package file: {1:032x}" in said
        assert "Every local copy is wiped" not in said

    def test_an_abandoned_episode_had_no_hand_over(self, shown, made) -> None:
        said = texts(shown(CertificatePage(made.certificate(abandoned=True), "Test Nurse-One")))
        assert "None: abandoned" in said

    def test_enter_finishes(self, shown, made, qtbot) -> None:
        page = shown(CertificatePage(made.certificate(), "Test Nurse-One"))
        with qtbot.waitSignal(page.finished):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    def test_the_pdf_goes_where_our_own_dialog_says(self, shown, made, qtbot, tmp_path) -> None:
        page = shown(CertificatePage(made.certificate(), "Test Nurse-One"))
        save = next(b for b in page.findChildren(QPushButton) if "PDF" in b.text())
        save.click()
        dialog = page.findChild(QFileDialog)
        assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
        with qtbot.waitSignal(page.save_requested) as told:
            dialog.fileSelected.emit(str(tmp_path / "certificate.pdf"))
        assert told.args == [tmp_path / "certificate.pdf"]
        dialog.reject()
