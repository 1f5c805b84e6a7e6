"""The summary shows routes, texts, the package and what is missing."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from dermstation.domain.consents import Answer
from dermstation.domain.opinion import NO_OPINION, Opinion
from dermstation.domain.presets import Preset
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.handover.options import PackageOptions
from dermstation.ui.summary.page import SummaryPage
from dermstation.workflow.route_checks import AnsweredAt
from tests.ui.seen import texts


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

    def test_no_route_is_preselected(self, page, qtbot) -> None:
        assert page.route is None
        with qtbot.assertNotEmitted(page.package_requested):
            page.primary.click()
        assert page.problem == "Choose a route."
        assert page.routes[Route.ADVICE].hasFocus()

    def test_the_keyboard_alone_makes_the_package(self, page, qtbot) -> None:
        page.primary.click()
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)  # a routine referral
        for card in page.cards:  # each row asks why there is no dermoscopic picture
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
            assert card.gap.reason.hasFocus()
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
        with qtbot.waitSignal(page.package_requested) as told:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert told.args == [Path("/packages")]

    @pytest.mark.parametrize("route", [Route.RADS, Route.USC])
    def test_a_suspected_cancer_route_asks_whether_the_patient_was_told(
        self, page, qtbot, route
    ) -> None:
        page.routes[Route.ROUTINE].setChecked(True)
        page.question.edit.setPlainText("Suspicious?")
        assert page.told.isHidden()
        page.routes[route].setChecked(True)
        say_why(page)
        with qtbot.assertNotEmitted(page.package_requested):
            page.primary.click()
        assert page.problem == "Answer yes or no."
        assert page.told.hasFocus()
        with qtbot.waitSignal(page.told_given) as given:
            QTest.keyClick(page.told, Qt.Key.Key_N)
        assert given.args == [Answer.NO]
        if route is Route.RADS:  # it may become a suspected-cancer referral: the patient must know
            with qtbot.assertNotEmitted(page.package_requested):
                page.primary.click()
            assert page.problem == "The patient must be told before it can be RADS."
            page.told.buttons[Answer.YES].click()
        with qtbot.waitSignal(page.package_requested):
            page.primary.click()

    def test_the_button_says_that_its_press_is_the_review(self, shown, made, qtbot) -> None:
        view = made.episode(history="itchy")
        routes = frozenset({Route.ROUTINE})
        page = shown(SummaryPage(view, {}, Path("/packages"), review_routes=routes))
        page.routes[Route.ROUTINE].setChecked(True)
        assert page.primary.text() == "&Make the package"  # something else is missing
        say_why(page)
        assert page.primary.text() == "Reviewed: &make the package"
        with qtbot.waitSignals([page.reviewed, page.package_requested], order="strict"):
            page.primary.click()
        assert page.review.tick.isChecked()

    def test_the_texts_are_emitted_before_the_package_is_requested(self, page, qtbot) -> None:
        page.routes[Route.RADS].setChecked(True)
        page.told.buttons[Answer.YES].click()
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
        histories, question, route, _ = told.args
        assert histories == {"lesion-1": "itchy", "lesion-2": "bleeding"}
        assert (question, route) == ("Suspicious?", Route.RADS)

    def test_what_the_clinician_thinks_is_kept_for_each_lesion(self, page, qtbot) -> None:
        field = page.cards[1].opinion.diagnosis
        with qtbot.waitSignal(page.edited) as told:
            QTest.keyClicks(field, "seborrhoeic keratosis")
            page.cards[1].opinion.uncertain.setText("Its blue edge")
        *_, opinions = told.args
        assert opinions == {
            "lesion-1": NO_OPINION,
            "lesion-2": Opinion("seborrhoeic keratosis", "Its blue edge"),
        }

    def test_missing_shots_and_overrides_are_named(self, page) -> None:
        assert page.cards[0].missing_words == "Picture score 2 of 5"
        lacking = "No dermoscopic picture, no ruler seen in the close-up, close-up not in focus"
        assert lacking in texts(page)
        assert "Close-up used although poor: The patient cannot keep still" in texts(page)

    def test_a_missing_shot_can_be_taken(self, page) -> None:
        take = next(b for b in page.findChildren(QPushButton) if b.text() == "Take")
        assert take.accessibleName() == "Take the dermoscopic picture of L1"
        assert take is page.cards[0].takes[ShotKind.DERMOSCOPIC]

    def test_a_lesion_can_be_added_or_edited(self, page) -> None:
        assert page.add_lesion.text() == "&Add another lesion"
        assert page.cards[0].edit.text() in page.cards[0].menu.words

    def test_another_folder_is_chosen_in_our_own_dialog(self, page, qtbot, tmp_path) -> None:
        page.package.change.click()
        dialog = page.findChild(QFileDialog)
        assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setDirectory(str(tmp_path))
        dialog.fileSelected.emit(str(tmp_path))
        dialog.reject()
        page.routes[Route.ROUTINE].setChecked(True)
        say_why(page)
        with qtbot.waitSignal(page.package_requested) as told:
            page.primary.click()
        assert told.args == [tmp_path]

    def test_what_is_missing_is_listed_and_each_line_leads_to_its_answer(self, page, qtbot) -> None:
        page.routes[Route.RADS].setChecked(True)
        said = [line.missing.at for line in page.missing.lines]
        gaps = [AnsweredAt.DERMOSCOPY_GAP] * 2
        assert said == [*gaps, AnsweredAt.TOLD, AnsweredAt.QUESTION]
        leads = dict(zip(said, page.missing.lines, strict=True))
        leads[AnsweredAt.QUESTION].click()
        assert page.question.edit.hasFocus()
        leads[AnsweredAt.TOLD].click()
        assert page.told.hasFocus()
        page.told.buttons[Answer.YES].click()
        page.question.edit.setPlainText("Suspicious?")
        say_why(page)
        assert page.missing.lines == []
        page.cards[0].history.edit.setPlainText(" ")
        (line,) = page.missing.lines
        with qtbot.assertNotEmitted(page.package_requested):
            page.primary.click()
        qtbot.waitUntil(line.hasFocus)
        with qtbot.waitSignal(page.missing_wanted) as told:
            QTest.keyClick(line, Qt.Key.Key_Return)
        assert (told.args[0].at, told.args[0].lesion.label) == (AnsweredAt.HISTORY, "L1")

    def test_the_only_lesion_is_not_removed(self, page, shown, made) -> None:
        assert all(card.remove is not None for card in page.cards)
        one = shown(SummaryPage(made.episode(), {}, Path("/packages")))
        assert one.cards[0].remove is None

    def test_without_consent_no_picture_is_missed(self, shown, made) -> None:
        page = shown(SummaryPage(made.episode(given=False), {}, Path("/packages")))
        assert page.cards[0].missing_words == "The patient declined pictures."
        assert not [b for b in page.findChildren(QPushButton) if b.text() in {"Take", "Retake"}]

    def test_an_episodes_route_is_shown_again(self, shown, made) -> None:
        page = shown(SummaryPage(made.episode(route=Route.ROUTINE), {}, Path("/packages")))
        assert page.route is Route.ROUTINE


def test_what_it_has_fixed_for_packages_cannot_be_chosen(shown, made) -> None:
    view = made.episode(route=Route.ROUTINE)
    options = {one: PackageOptions(one, one_pdf=True) for one in Preset}
    fixed = frozenset({"package_folder", "package_preset", "package_one_pdf"})
    page = shown(SummaryPage(view, {}, Path("/packages"), options, fixed=fixed))
    assert not page.package.change.isEnabled()
    assert not page.package.destination.isEnabled()
    forms = [page.package.form.itemText(n) for n in range(page.package.form.count())]
    assert forms == ["One PDF with everything", "One PDF with a passphrase"]
    assert page.package.options.one_pdf
    free = shown(SummaryPage(view, {}, Path("/packages"), options))
    assert free.package.change.isEnabled()
    assert free.package.destination.isEnabled()
    assert free.package.form.count() == 3
