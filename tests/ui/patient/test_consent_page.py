"""The consent page preselects no answer, and emits each one as it was given."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dermstation.domain.consents import (
    NOTHING_ASKED,
    Answer,
    ConsentCircumstances,
    Giver,
    SecondaryUse,
)
from dermstation.domain.records import Consent, ConsentForm
from dermstation.ui.patient.consent_page import OTHER_USES, ConsentPage
from tests.ui.seen import texts


class TestConsent:
    def test_no_answer_is_preselected(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        with qtbot.assertNotEmitted(page.submitted):
            QTest.keyClick(page, Qt.Key.Key_Return)
        assert page.problem == "Choose the patient's answer."

    def test_the_keyboard_alone_gives_verbal_consent(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        with qtbot.waitSignal(page.submitted) as told:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        assert told.args == [True, ConsentForm.VERBAL, (), NOTHING_ASKED]

    def test_enter_never_answers(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        assert page.verbal.hasFocus()
        with qtbot.assertNotEmitted(page.submitted):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert page.problem == "Choose the patient's answer."
        assert page._answers.checkedButton() is None

    def test_a_yes_goes_on_at_once_and_a_no_first_says_what_it_does(self, shown, qtbot) -> None:
        page = shown(ConsentPage(2))
        with qtbot.assertNotEmitted(page.submitted):
            page.declined.click()
        assert "2 pictures were taken" in texts(page)
        with qtbot.waitSignal(page.submitted) as told:
            page.written.click()
        assert told.args[:2] == [True, ConsentForm.WRITTEN]

    def test_each_use_beyond_care_is_a_question_of_its_own(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        assert not any(tick.isChecked() for tick in page.uses.values())
        assert OTHER_USES in texts(page)
        page.written.setChecked(True)
        page.uses[SecondaryUse.RESEARCH].setChecked(True)
        page.uses[SecondaryUse.AUDIT].setChecked(True)
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args == [
            True,
            ConsentForm.WRITTEN,
            (SecondaryUse.AUDIT, SecondaryUse.RESEARCH),
            NOTHING_ASKED,
        ]

    def test_declining_clears_secondary_use_and_goes_on(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        page.uses[SecondaryUse.TEACHING].setChecked(True)
        page.declined.setChecked(True)
        assert "No pictures will be taken." in texts(page)
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args == [False, ConsentForm.VERBAL, (), NOTHING_ASKED]

    def test_the_button_names_what_a_withdrawn_consent_destroys(self, shown) -> None:
        page = shown(ConsentPage(3))
        assert page.primary.accessibleName() == "Continue"
        page.declined.setChecked(True)
        assert page.primary.accessibleName() == "Wipe 3 pictures and continue without"
        assert page.primary.property("role") == "destroy"
        page.verbal.setChecked(True)
        assert page.primary.accessibleName() == "Continue"
        assert page.primary.property("role") == "primary"

    def test_an_earlier_answer_is_shown_again(self, shown, made) -> None:
        page = shown(ConsentPage())
        page.show_consent(
            Consent(
                True, ConsentForm.WRITTEN, True, made.opened_at, "1", uses=(SecondaryUse.AUDIT,)
            )
        )
        assert page.written.isChecked()
        assert [use for use, tick in page.uses.items() if tick.isChecked()] == [SecondaryUse.AUDIT]
        page.show_consent(None)
        assert page._answers.checkedButton() is None
        assert not any(tick.isChecked() for tick in page.uses.values())

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

    def test_a_best_interests_decision_names_the_decider_and_their_role(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        answers = page.answers
        page.verbal.setChecked(True)
        answers.giver.setCurrentIndex(answers.giver.findData("best_interests"))
        for words, do in (
            ("name of the person", lambda: answers.giver_name.setText("Test Decider")),
            ("role of the person", lambda: answers.giver_role.setText("GP")),
            ("cannot decide", lambda: answers.capacity.setCurrentIndex(2)),
        ):
            with qtbot.assertNotEmitted(page.submitted):
                page.primary.click()
            assert words in answers.problem
            do()
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args[3] == ConsentCircumstances(
            Giver.BEST_INTERESTS, "Test Decider", Answer.NO, giver_role="GP"
        )

    def test_a_competent_patient_under_16_answers_without_another_name(self, shown, qtbot) -> None:
        page = shown(ConsentPage())
        page.verbal.setChecked(True)
        page.answers.giver.setCurrentIndex(page.answers.giver.findData("young_patient"))
        assert page.answers.giver_name.isHidden()
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args[3] == ConsentCircumstances(Giver.YOUNG_PATIENT)

    def test_a_name_is_asked_for_only_if_it_belongs(self, shown) -> None:
        page = shown(ConsentPage())
        answers = page.answers
        assert answers.giver_name.isHidden()
        assert answers.interpreter_name.isHidden()
        answers.interpreter.setCurrentIndex(answers.interpreter.findData("yes"))
        assert not answers.interpreter_name.isHidden()

    def test_declining_after_pictures_warns_that_they_are_wiped(self, shown) -> None:
        page = shown(ConsentPage(3))
        page.declined.setChecked(True)
        assert "3 pictures were taken" in texts(page)
        assert "cannot be brought back" in texts(page)
