"""The history page emits questions, notes and drafts as they were answered."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dermstation.domain.consents import Answer
from dermstation.domain.history_words import LOW_SCORE, NOT_SCORED
from dermstation.domain.lesion_facts import (
    HISTORY_QUESTIONS,
    History,
    Note,
    Point,
    Question,
)
from dermstation.domain.text_limits import HISTORY_MAX_CHARS
from dermstation.ui.lesion.history_page import HistoryPage
from tests.ui.seen import texts


class TestHistory:
    @pytest.fixture
    def page(self, shown) -> HistoryPage:
        return shown(HistoryPage("L1", "Forearm, back (left)"))

    def test_nothing_is_answered_to_begin_with(self, page, qtbot) -> None:
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args == [History(), ""]
        assert page.seven.words == "Answer this first."

    def test_the_keyboard_alone_answers(self, page, qtbot) -> None:
        for key in (Qt.Key.Key_Y, Qt.Key.Key_Down, Qt.Key.Key_N, Qt.Key.Key_Down, Qt.Key.Key_Y):
            QTest.keyClick(QApplication.focusWidget(), key)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backspace)
        with qtbot.waitSignal(page.submitted) as told:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        first, second, third, *_ = page.questions
        answers = told.args[0].answers
        assert answers == {first: Answer.YES, second: Answer.NO}
        assert third not in answers

    def test_the_tab_key_leads_from_the_second_question_through_all_fields_to_the_text(
        self, page
    ) -> None:
        page.more.click()  # else the optional ones are folded away
        second = [*page.questions.values()][1]
        second.setFocus()
        passed = []
        for _ in range(len(HISTORY_QUESTIONS) + 1 + len(Note)):  # and two that fold
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            passed.append(QApplication.focusWidget())
        assert set(page.notes.values()) | {*[*page.questions.values()][2:]} < {*passed}
        assert passed[-1] is page.text.edit
        assert passed[-2] is page.seven.pigmented
        assert passed[-3] is page.notes[Note.UNAVAILABLE]

    def test_a_second_press_takes_the_answer_back(self, page) -> None:
        question = page.questions[Question.BLEEDS]
        for expected in (Answer.NO, Answer.NOT_ASKED):
            question.buttons[Answer.NO].click()
            assert question.answer is expected
        assert "not asked" in question.accessibleName()

    def test_the_list_is_asked_of_a_pigmented_lesion_alone(self, page, qtbot) -> None:
        seven = page.seven
        assert seven.words == "Answer this first."
        assert not seven.boxes[Point.SIZE].isVisible()
        seven.pigmented.buttons[Answer.YES].click()
        assert seven.boxes[Point.SIZE].isVisible()
        for point in (Point.SIZE, Point.SHAPE):
            seven.boxes[point].click()
        assert seven.acknowledge.isVisible()
        seven.pigmented.buttons[Answer.NO].click()
        assert not seven.boxes[Point.SIZE].isVisible()
        assert not seven.acknowledge.isVisible()
        assert seven.words == NOT_SCORED
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args[0] == History({Question.PIGMENTED: Answer.NO})

    def test_an_answer_that_is_asked_elsewhere_now_is_kept(self, page, qtbot) -> None:
        page.show_history(History({Question.TOLD_OF_CANCER: Answer.YES}), "")
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args[0].answer(Question.TOLD_OF_CANCER) is Answer.YES

    def test_the_score_and_the_threshold_are_shown(self, page) -> None:
        page.seven.pigmented.buttons[Answer.YES].click()
        assert page.seven.words == "Not assessed yet."
        page.seven.boxes[Point.SIZE].click()
        assert page.seven.words == f"Score 2; NICE's threshold is 3. {LOW_SCORE}"
        assert page.seven.acknowledge.isHidden()
        page.seven.boxes[Point.OOZING].click()
        assert page.seven.words.startswith("Score 3. At 3 or more, NICE advises")
        assert not page.seven.acknowledge.isHidden()

    def test_none_of_these_is_not_the_same_as_not_assessed(self, page, qtbot) -> None:
        page.seven.pigmented.buttons[Answer.YES].click()
        page.seven.none.click()
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args[0].points == frozenset()
        page.seven.boxes[Point.SIZE].click()
        assert not page.seven.none.isChecked()

    def test_the_list_follows_the_answers_until_a_box_is_pressed(self, page, qtbot) -> None:
        seven = page.seven
        page.questions[Question.SIZE_CHANGED].buttons[Answer.YES].click()
        page.notes[Note.SIZE_MM].setText("8")
        page.notes[Note.SIZE_MM].textEdited.emit("8")
        assert seven.points is None  # nobody has said yet that it is pigmented
        seven.pigmented.buttons[Answer.YES].click()
        assert seven.points == {Point.SIZE, Point.DIAMETER}
        assert "From your answers: size changed, 7 mm or more." in texts(page)
        seven.boxes[Point.SIZE].click()
        page.questions[Question.ITCHES].buttons[Answer.YES].click()
        assert seven.points == {Point.DIAMETER, Point.SENSATION}
        page.questions[Question.ITCHES].buttons[Answer.YES].click()  # withdraws the answer
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args[0].points == {Point.DIAMETER}
        page.show_history(*told.args)
        page.notes[Note.SIZE_MM].textEdited.emit("8")
        assert seven.points == {Point.DIAMETER}  # what was cleared by hand stays cleared

    def test_what_is_known_of_the_patient_is_folded_away(self, page) -> None:
        sun = page.questions[Question.SUN_EXPOSED]
        assert sun.isVisible()
        page.show_history(History({Question.SUN_EXPOSED: Answer.NO}), "")
        assert not sun.isVisible()
        assert "1 of 16 answered" in texts(page)
        page.fold.click()
        assert sun.isVisible()

    def test_an_impossible_size_is_reported(self, page, qtbot) -> None:
        page.notes[Note.SIZE_MM].setText("big")
        with qtbot.assertNotEmitted(page.submitted):
            page.primary.click()
        assert "diameter" in page.problem.lower()

    def test_a_text_that_is_too_long_is_not_sent(self, page, qtbot) -> None:
        page.text.set_text("x" * (HISTORY_MAX_CHARS + 1))
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
