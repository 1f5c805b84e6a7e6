"""The capture page: the shutter, the review, and every way a wrong picture could be taken."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from dermstation.camera.frames import STALE_AFTER_S
from dermstation.domain.quality import Verdict
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.parts.verdict_panel import REASONS
from dermstation.workflow.capture_keys import Stage


@pytest.fixture
def page(qtbot, made) -> CapturePage:
    page = CapturePage()
    qtbot.addWidget(page)
    page.resize(1366, 600)
    page.show_lesion("L1", "Forearm, back (left)")
    page.enter_aiming(ShotKind.DERMOSCOPIC, {ShotKind.GENERAL: Verdict.GOOD})
    page.show_link("streaming")
    page.show_frame(made.skin)
    page.show_age(0.03)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def use_button(page: CapturePage) -> QPushButton:
    return page.buttons.use


def review(page: CapturePage, qtbot, made, *verdicts: Verdict) -> None:
    page.enter_review(made.skin, made.report(*verdicts))
    qtbot.waitUntil(use_button(page).isEnabled)


def press(widget: QWidget, key: Qt.Key, *, repeated: bool = False) -> None:
    text = " " if key is Qt.Key.Key_Space else ""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text, repeated)
        QApplication.sendEvent(widget, event)


class TestAiming:
    def test_space_is_the_shutter_wherever_the_focus_is(self, page, qtbot) -> None:
        for widget in (page, page.back, page.aim.shots.tile(ShotKind.GENERAL), page.shutter):
            widget.setFocus()
            with (
                qtbot.waitSignal(page.shutter_pressed),
                qtbot.assertNotEmitted(page.aim.shots.shot_chosen),
                qtbot.assertNotEmitted(page.back_pressed),
            ):
                QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)

    def test_enter_is_the_shutter(self, page, qtbot) -> None:
        with qtbot.waitSignal(page.shutter_pressed):
            QTest.keyClick(page, Qt.Key.Key_Return)

    def test_a_key_held_down_is_one_press(self, page, qtbot) -> None:
        with qtbot.assertNotEmitted(page.shutter_pressed):
            press(page, Qt.Key.Key_Return, repeated=True)
        assert not any(made.autoRepeat() for made in page.hands.shortcuts)

    @pytest.mark.parametrize("age", [None, STALE_AFTER_S + 0.01, 12.0])
    def test_the_shutter_is_dead_without_a_fresh_picture(self, page, qtbot, age) -> None:
        page.show_age(age)
        assert not page.shutter.isEnabled()
        assert page.view.message
        with qtbot.assertNotEmitted(page.shutter_pressed):
            QTest.keyClick(page, Qt.Key.Key_Space)
            QTest.keyClick(page, Qt.Key.Key_Return)
            QTest.mouseClick(page.shutter, Qt.MouseButton.LeftButton)

    def test_the_shutter_comes_back_with_the_picture(self, page) -> None:
        page.show_age(2.0)
        page.show_age(0.04)
        assert page.shutter.isEnabled()
        assert page.view.message == ()
        assert page.view.age == "Live  \u00b7  0.04 s"

    @pytest.mark.parametrize("state", ["absent", "opening", "stalled", "busy", "failed"])
    def test_unless_the_link_streams_the_shutter_is_dead_and_says_why(self, page, state) -> None:
        page.show_link(state, "No camera is connected\nPlug it in.")
        assert not page.shutter.isEnabled()
        assert page.view.message == ("No camera is connected", "Plug it in.")

    def test_the_newest_frame_is_shown_without_a_signal(self, page) -> None:
        frame = np.zeros((120, 160, 3), np.uint8)
        page.show_frame(frame)
        assert page.view.frame is frame

    def test_what_was_taken_is_shown_large_and_not_taken_again_by_a_press(
        self, page, qtbot, made
    ) -> None:
        shots = page.aim.shots
        with qtbot.assertNotEmitted(shots.shot_chosen), qtbot.waitSignal(shots.taken_wanted):
            shots.tile(ShotKind.GENERAL).click()
        page.enter_taken(ShotKind.GENERAL, Verdict.GOOD, "Taken on 04-Sep-2026 at 09:30")
        page.show_taken(ShotKind.GENERAL, made.skin)
        assert page.view.frame is made.skin
        assert "09:30" in page.taken.words
        page.show_frame(np.zeros((120, 160, 3), np.uint8))
        assert page.view.frame is made.skin
        with qtbot.assertNotEmitted(page.shutter_pressed):
            QTest.keyClick(page, Qt.Key.Key_Space)
            page.press_shutter()
        with qtbot.waitSignal(page.replace_wanted) as wanted:
            QTest.keyClick(page, Qt.Key.Key_R)
        assert wanted.args == [ShotKind.GENERAL]

    @pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
    def test_from_a_taken_picture_enter_and_escape_lead_back_to_the_live_one(
        self, page, qtbot, made, key
    ) -> None:
        page.enter_taken(ShotKind.GENERAL, Verdict.GOOD, "")
        page.show_taken(ShotKind.GENERAL, made.skin)
        with qtbot.assertNotEmitted(page.replace_wanted):
            QTest.keyClick(QApplication.focusWidget(), key)
        assert page.stage is Stage.AIMING
        assert page.view.frame is None

    def test_a_taken_picture_that_comes_late_covers_nothing(self, page, made) -> None:
        page.enter_taken(ShotKind.GENERAL, Verdict.GOOD, "")
        page.leave_panel()
        page.show_taken(ShotKind.GENERAL, made.skin)
        assert page.view.frame is None

    def test_a_taken_picture_that_cannot_be_read_says_so(self, page) -> None:
        page.enter_taken(ShotKind.GENERAL, Verdict.GOOD, "")
        page.show_taken(ShotKind.GENERAL, None)
        assert page.view.message == ("This picture cannot be read", "Take it again.")

    def test_a_shot_is_chosen_by_its_tile(self, page, qtbot) -> None:
        with qtbot.waitSignal(page.aim.shots.shot_chosen) as chosen:
            page.aim.shots.tile(ShotKind.CLOSEUP).click()
        assert chosen.args == [ShotKind.CLOSEUP]

    def test_the_meters_follow_the_live_report(self, page, made) -> None:
        page.show_live_report(made.report(Verdict.POOR, Verdict.GOOD))
        assert [meter.words.split()[0] for meter in page.readings.meters.values()] == [
            "Poor",
            "Good",
        ]
        page.show_live_report(None)
        assert {meter.words for meter in page.readings.meters.values()} == {"No reading"}

    @pytest.mark.parametrize("state", ["absent", "stalled", "busy", "failed", "slow", "torn"])
    def test_nothing_is_green_without_a_live_picture(self, page, made, state) -> None:
        page.show_live_report(made.report(Verdict.GOOD, Verdict.GOOD))
        assert page.readings.light.words.startswith("Good")
        page.show_link(state, "Why.")
        assert "No live picture" in page.readings.light.words
        assert {meter.words for meter in page.readings.meters.values()} == {"No reading"}
        page.show_live_report(made.report(Verdict.GOOD, Verdict.GOOD))  # a score that comes late
        assert "No live picture" in page.readings.light.words
        page.show_link("streaming")
        assert page.readings.light.words.startswith("Good")

    def test_a_live_picture_that_was_not_judged_for_a_while_says_why(self, page, made) -> None:
        page.show_live_report(made.report(Verdict.GOOD, Verdict.GOOD))
        page.show_age(0.04, "checked when still")
        page.show_live_report(None, only_at_rest=True)
        assert page.readings.light.words.startswith("Hold still. The picture is checked once")
        page.show_live_report(None)
        assert page.readings.light.words.startswith("One moment")
        page.show_live_report(made.report(Verdict.GOOD, Verdict.GOOD))
        assert page.readings.light.words.startswith("Good")

    def test_nothing_is_green_over_an_old_picture(self, page, made) -> None:
        page.show_live_report(made.report(Verdict.GOOD, Verdict.GOOD))
        page.show_age(STALE_AFTER_S + 0.01)
        assert "No live picture" in page.readings.light.words
        page.show_age(0.04)
        assert page.readings.light.words.startswith("Good")

    def test_a_dying_shutter_does_not_pass_its_focus_to_another_button(self, page, qtbot) -> None:
        page.shutter.setFocus()
        page.show_age(2.0)
        assert page.hasFocus()
        with (
            qtbot.assertNotEmitted(page.buttons.finish.clicked),
            qtbot.assertNotEmitted(page.back_pressed),
        ):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)

    @pytest.mark.parametrize("name", ["back", "finish", "card", "shutter"])
    def test_while_holding_no_key_leaves_the_page(self, page, qtbot, name) -> None:
        getattr(page.buttons, name).setFocus()
        page.enter_holding()
        with (
            qtbot.assertNotEmitted(page.buttons.finish.clicked),
            qtbot.assertNotEmitted(page.back_pressed),
            qtbot.assertNotEmitted(page.buttons.card.clicked),
        ):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)

    def test_holding_ignores_a_second_press(self, page, qtbot) -> None:
        page.enter_holding()
        with qtbot.assertNotEmitted(page.shutter_pressed):
            QTest.keyClick(page, Qt.Key.Key_Space)
            QTest.keyClick(page, Qt.Key.Key_Return)
        page.show_age(0.02)
        assert not page.shutter.isEnabled()


class TestReview:
    def test_no_live_frame_replaces_the_held_picture(self, page, made) -> None:
        page.enter_review(made.skin, made.report())
        page.show_frame(np.zeros((120, 160, 3), np.uint8))
        assert page.view.frame is made.skin

    def test_a_lost_camera_does_not_cover_the_held_picture(self, page, made) -> None:
        page.enter_review(made.skin, made.report())
        page.show_link("absent", "No camera is connected")
        page.show_age(9.0)
        assert page.view.message == ()

    def test_a_second_press_does_not_accept_what_nobody_looked_at(self, page, qtbot, made) -> None:
        page.enter_review(made.skin, made.report())
        with qtbot.assertNotEmitted(page.accepted):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
            page.press_shutter()
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
            QTest.mouseClick(use_button(page), Qt.MouseButton.LeftButton)

    def test_a_second_press_uses_a_good_picture(self, page, qtbot, made) -> None:
        review(page, qtbot, made)
        with qtbot.waitSignal(page.accepted) as accepted:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        assert accepted.args == [None]

    def test_the_shutter_rests_after_a_picture_that_was_used_at_once(
        self, page, qtbot, made
    ) -> None:
        page.enter_review(made.skin, made.report())
        with qtbot.waitSignal(page.accepted):
            page.use_at_once()
        page.enter_saving()
        page.enter_aiming(ShotKind.DERMOSCOPIC, {ShotKind.CLOSEUP: Verdict.GOOD})
        assert not page.shutter.isEnabled()
        with qtbot.assertNotEmitted(page.shutter_pressed):
            page.press_shutter()
        qtbot.waitUntil(page.shutter.isEnabled)

    @pytest.mark.parametrize("verdict", [Verdict.FAIR, Verdict.POOR])
    def test_a_second_press_never_uses_any_other(self, page, qtbot, made, verdict) -> None:
        page.hands.choose("F13")
        review(page, qtbot, made, verdict)
        page.view.setFocus()
        with qtbot.assertNotEmitted(page.accepted), qtbot.assertNotEmitted(page.shutter_pressed):
            QTest.keyClick(page.view, Qt.Key.Key_Space)
            QTest.keyClick(page.view, Qt.Key.Key_F13)
            page.press_shutter()

    def test_space_presses_the_button_that_has_the_focus(self, page, qtbot, made) -> None:
        review(page, qtbot, made)
        page.buttons.again.setFocus()
        with qtbot.assertNotEmitted(page.accepted), qtbot.waitSignal(page.retaken):
            QTest.keyClick(page.buttons.again, Qt.Key.Key_Space)

    def test_tab_leads_from_take_again_to_use(self, page, qtbot, made) -> None:
        review(page, qtbot, made)
        page.buttons.again.setFocus()
        QTest.keyClick(page.buttons.again, Qt.Key.Key_Tab)
        assert page.buttons.use.hasFocus()

    @pytest.mark.parametrize("verdict", [Verdict.GOOD, Verdict.FAIR])
    def test_enter_uses_a_usable_picture(self, page, qtbot, made, verdict) -> None:
        review(page, qtbot, made, verdict)
        with qtbot.waitSignal(page.accepted) as accepted:
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert accepted.args == [None]

    @pytest.mark.parametrize("key", [Qt.Key.Key_R, Qt.Key.Key_Escape])
    def test_r_and_escape_take_it_again(self, page, qtbot, made, key) -> None:
        review(page, qtbot, made)
        with qtbot.waitSignal(page.retaken):
            QTest.keyClick(QApplication.focusWidget(), key)

    def test_z_shows_it_in_full_size(self, page, qtbot, made) -> None:
        review(page, qtbot, made)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z)
        assert page.view.zoomed

    def test_the_verdict_says_why_and_what_to_do(self, page, made) -> None:
        page.enter_review(made.skin, made.report(Verdict.GOOD, Verdict.POOR))
        assert page.review.words.startswith("Poor picture")
        assert "Light: Poor. Bright patches lost." in page.review.words
        assert "Focus: Good. Sharp." in page.review.words

    def test_a_poor_picture_needs_a_reason(self, page, qtbot, made) -> None:
        review(page, qtbot, made, Verdict.POOR)
        with qtbot.assertNotEmitted(page.accepted):
            use_button(page).click()
        assert "Choose a reason" in page.review.why.problem
        assert page.review.why.choice.hasFocus()

    def test_a_reason_is_chosen_and_accepted_by_keyboard_alone(self, page, qtbot, made) -> None:
        review(page, qtbot, made, Verdict.POOR)
        page.review.focus_reason()
        QTest.keyClick(page.review.why.choice, Qt.Key.Key_Down)
        QTest.keyClick(page.review.why.choice, Qt.Key.Key_Tab)
        QTest.keyClicks(page.review.why.other, "tremor, r and z too")
        with qtbot.assertNotEmitted(page.retaken), qtbot.waitSignal(page.accepted) as accepted:
            QTest.keyClick(page.review.why.other, Qt.Key.Key_Return)
        assert accepted.args == [f"{REASONS[0]}: tremor, r and z too"]

    def test_another_reason_must_be_written_out(self, page, qtbot, made) -> None:
        review(page, qtbot, made, Verdict.POOR)
        page.review.why.choice.setCurrentIndex(len(REASONS) - 1)
        with qtbot.assertNotEmitted(page.accepted):
            use_button(page).click()
        assert page.review.why.other.hasFocus()
        QTest.keyClicks(page.review.why.other, "the site bleeds")
        with qtbot.waitSignal(page.accepted) as accepted:
            use_button(page).click()
        assert accepted.args == ["the site bleeds"]

    def test_a_reason_is_not_kept_for_the_next_review(self, page, qtbot, made) -> None:
        review(page, qtbot, made, Verdict.POOR)
        page.review.why.choice.setCurrentIndex(0)
        review(page, qtbot, made, Verdict.POOR)
        assert page.review.reason == ""

    def test_enter_takes_a_poor_picture_again_by_default(self, page, qtbot, made) -> None:
        review(page, qtbot, made, Verdict.POOR)
        with qtbot.waitSignal(page.retaken), qtbot.assertNotEmitted(page.accepted):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    def test_saving_ignores_every_key(self, page, qtbot, made) -> None:
        review(page, qtbot, made)
        page.enter_saving()
        with qtbot.assertNotEmitted(page.accepted), qtbot.assertNotEmitted(page.retaken):
            for key in (Qt.Key.Key_Return, Qt.Key.Key_R, Qt.Key.Key_Escape, Qt.Key.Key_Space):
                press(page, key)

    def test_a_failed_save_goes_back_to_the_held_picture(self, page, qtbot, made) -> None:
        review(page, qtbot, made)
        page.enter_saving()
        page.return_to_review()
        assert page.view.frame is made.skin
        with qtbot.waitSignal(page.accepted):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    def test_a_failed_save_of_a_poor_picture_keeps_the_reason(self, page, qtbot, made) -> None:
        review(page, qtbot, made, Verdict.POOR)
        page.review.why.choice.setCurrentIndex(1)
        page.enter_saving()
        page.return_to_review()
        with qtbot.waitSignal(page.accepted) as accepted:
            use_button(page).click()
        assert accepted.args == [REASONS[1]]


class TestSaved:
    def test_the_held_picture_is_gone_when_aiming_again(self, page, qtbot, made) -> None:
        review(page, qtbot, made)
        page.show_saved(ShotKind.DERMOSCOPIC)
        page.enter_aiming(ShotKind.CLOSEUP, {ShotKind.DERMOSCOPIC: Verdict.GOOD})
        assert page.view.frame is None
        assert "Dermoscopic picture saved" in page.view.note

    def test_finishing_says_whether_there_are_pictures(self, page, qtbot) -> None:
        assert page.buttons.finish.text() == "&Finish this lesion"
        page.enter_aiming(ShotKind.GENERAL, {})
        assert page.buttons.finish.text() == "&Finish without pictures"
        with qtbot.waitSignal(page.buttons.finish.clicked):
            page.buttons.finish.click()
