"""The live tools, the choice of the shutter key, and measuring the scale, by key and mouse."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dermstation.domain.quality import Verdict
from dermstation.domain.records import Polarisation
from dermstation.domain.shots import ShotKind
from dermstation.settings import SHUTTER_KEYS
from dermstation.ui.capture.keys import key_name, qt_key
from dermstation.ui.capture.page import CapturePage
from dermstation.workflow.capture_keys import Stage, Tool, row_of
from dermstation.workflow.measuring import Scale

FULL = QSizeF(1600, 1200)


@pytest.fixture
def page(qtbot, made) -> CapturePage:
    page = CapturePage()
    qtbot.addWidget(page)
    page.resize(1366, 600)
    page.enter_aiming(ShotKind.DERMOSCOPIC, {ShotKind.GENERAL: Verdict.GOOD})
    page.show_link("streaming")
    page.show_frame(made.skin)
    page.show_age(0.03)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def press(key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget(), key)


class TestTools:
    @pytest.mark.parametrize("tool", [Tool.GRID, Tool.SHARP, Tool.LENS, Tool.TROUBLE])
    def test_key_and_button_switch_the_same_tool(self, page, tool) -> None:
        before = page.view.grab().toImage()
        press(qt_key(row_of(tool).keys[0]))
        assert page.tools.is_on(tool)
        assert page.bar.button(tool).isChecked()
        assert page.view.grab().toImage() != before
        page.bar.button(tool).click()
        assert not page.tools.is_on(tool)
        assert not page.bar.button(tool).isChecked()
        assert page.view.grab().toImage() == before

    def test_nothing_is_painted_into_the_frame(self, page, made) -> None:
        before = made.skin.copy()
        page.tools.show_earlier(made.skin[:, ::-1])
        page.tools.show_scale(Scale(0.0163, 0.01))
        for tool in (Tool.GRID, Tool.SHARP, Tool.LENS, Tool.EARLIER, Tool.TROUBLE):
            page.tools.press(tool)
        page.tools.show_trouble(np.ones((4, 5), bool), np.eye(4, 5, dtype=bool))
        page.view.grab()
        assert np.array_equal(made.skin, before)

    def test_enter_presses_the_tool_that_has_the_focus(self, page, qtbot) -> None:
        page.bar.button(Tool.GRID).setFocus()
        with qtbot.assertNotEmitted(page.shutter_pressed):
            press(Qt.Key.Key_Return)
        assert page.tools.is_on(Tool.GRID)

    def test_each_press_selects_the_earlier_picture_s_next_opacity(self, page, made) -> None:
        button = page.bar.button(Tool.EARLIER)
        assert not button.isEnabled()
        page.tools.show_earlier(made.skin)
        words = []
        for _ in range(4):
            press(Qt.Key.Key_E)
            words.append(button.text())
        assert words == ["30 %", "50 %", "70 %", "Earlier"]
        press(Qt.Key.Key_E)
        page.tools.show_earlier(None)  # another shot, which has none
        assert not page.view.over.ghost.shown

    def test_the_earlier_picture_is_semi_transparent(self, page) -> None:
        page.show_frame(np.zeros((300, 400, 3), np.uint8))
        page.tools.show_earlier(np.full((150, 200, 3), 200, np.uint8))
        for _ in range(2):
            page.tools.press(Tool.EARLIER)
        seen = page.view.grab().toImage().pixelColor(page.view.width() // 2 + 60, 60)
        assert seen.red() == pytest.approx(100, abs=3)

    def test_the_ruler_asks_for_its_scale_and_is_not_shown_without(self, page, qtbot) -> None:
        with qtbot.waitSignal(page.tools.ruler_wanted):
            press(Qt.Key.Key_M)
        page.tools.show_scale(None)
        assert not page.tools.is_on(Tool.RULER)
        assert not page.view.over.ruler.shown

    def test_zoom_by_key_button_and_arrows(self, page) -> None:
        press(Qt.Key.Key_Z)
        assert page.view.zoomed
        assert page.bar.button(Tool.ZOOM).isChecked()
        before = page.view.grab().toImage()
        press(Qt.Key.Key_Right)
        assert page.view.grab().toImage() != before
        page.bar.button(Tool.ZOOM).click()
        assert not page.view.zoomed

    def test_the_lens_shows_the_frames_own_pixels_and_follows_keys_and_pointer(self, page) -> None:
        page.tools.press(Tool.LENS)
        assert page.view.wanted_width == 1600
        before = page.view.grab().toImage()
        press(Qt.Key.Key_Left)
        moved = page.view.grab().toImage()
        assert moved != before
        QTest.mouseMove(page.view, QPoint(300, 200))
        assert page.view.grab().toImage() != moved

    def test_only_tools_for_looking_are_offered_at_review(self, page, made) -> None:
        page.enter_review(made.skin, made.report())
        offered = {tool for tool in Tool if page.bar.button(tool).isEnabled()}
        assert offered == set(Tool) - {Tool.EARLIER, Tool.HOW, Tool.MORE}
        press(Qt.Key.Key_T)
        assert page.tools.is_on(Tool.TROUBLE)

    def test_areas_of_the_live_picture_are_not_shown_over_the_held_one(self, page, made) -> None:
        page.tools.press(Tool.TROUBLE)
        page.tools.show_trouble(np.ones((4, 5), bool), np.zeros((4, 5), bool))
        assert "not sharp: 100 %" in page.view.over.trouble.words
        page.enter_review(made.skin, made.report())
        assert "Checking the picture" in page.view.over.trouble.words

    def test_a_lens_at_the_edge_of_a_small_frame_does_not_fail(self, page) -> None:
        page.show_frame(np.zeros((12, 16, 3), np.uint8))
        page.tools.press(Tool.LENS)
        for place in ((0, 0), (1, 1), (0.5, 0.0)):
            page.view.over.lens.move_to(QPointF(*place))
            page.view.grab()

    def test_polarisation_is_asked_only_for_the_dermoscopic_shot(self, page) -> None:
        assert page.aim.light_said is None
        press(Qt.Key.Key_P)
        assert page.aim.light_said is Polarisation.POLARISED
        page.enter_aiming(ShotKind.CLOSEUP, {})
        assert page.aim.polarisation.isHidden()
        assert page.aim.light_said is None


class TestShutterKey:
    def test_every_key_that_a_setting_can_name_exists_in_qt(self) -> None:
        for name in SHUTTER_KEYS:
            assert key_name(Qt.Key[f"Key_{name}"]) == name

    @pytest.mark.parametrize("name", ["F13", "B", "PageDown", "VolumeUp"])
    def test_the_chosen_key_takes_the_picture_and_space_still_does(self, page, qtbot, name) -> None:
        page.hands.choose(name)
        for key in (Qt.Key[f"Key_{name}"], Qt.Key.Key_Space):
            with qtbot.waitSignal(page.shutter_pressed):
                press(key)

    def test_a_pressed_key_is_chosen(self, page, qtbot) -> None:
        press(Qt.Key.Key_K)
        assert page.stage is Stage.KEYS
        with qtbot.waitSignal(page.keys.key_chosen) as chosen:
            press(Qt.Key.Key_F13)
        assert chosen.args == ["F13"]

    def test_while_a_key_is_chosen_no_picture_is_taken(self, page, qtbot) -> None:
        page.hands.choose("F13")
        press(Qt.Key.Key_K)
        with qtbot.assertNotEmitted(page.shutter_pressed):
            press(Qt.Key.Key_F13)
            press(Qt.Key.Key_Space)
            page.press_shutter()

    @pytest.mark.parametrize("key", [Qt.Key.Key_G, Qt.Key.Key_R])
    def test_a_key_with_another_function_is_refused_with_a_message(self, page, qtbot, key) -> None:
        press(Qt.Key.Key_K)
        with qtbot.assertNotEmitted(page.keys.key_chosen):
            press(key)
        assert "something else" in page.keys.words

    @pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
    def test_the_panel_is_closed_by_keyboard(self, page, key) -> None:
        press(Qt.Key.Key_K)
        press(key)
        assert page.stage is Stage.AIMING
        assert page.buttons.shutter.isVisible()

    def test_the_shutter_names_the_key(self, page) -> None:
        page.hands.choose("PageDown")
        assert page.shutter.text() == " &Take picture  (Page down)"

    def test_sounds_can_be_switched_off_here(self, page, qtbot) -> None:
        page.keys.show_choice("Space", sounds=True)
        press(Qt.Key.Key_K)
        with qtbot.waitSignal(page.keys.sounds.toggled) as chosen:
            page.keys.sounds.click()
        assert chosen.args == [False]


class TestScale:
    @pytest.fixture
    def marking(self, page, made) -> CapturePage:
        page.enter_ruler()
        page.enter_marks(made.skin)
        return page

    def put(self, page: CapturePage, first: tuple[float, float], second: tuple[float, float]):
        page.view.over.marks.ends = [QPointF(*first), QPointF(*second)]

    def test_key_c_asks_for_it(self, page, qtbot) -> None:
        with qtbot.waitSignal(page.scale_wanted):
            press(Qt.Key.Key_C)

    def test_the_shutter_takes_the_picture_of_the_ruler_but_no_capture(self, page, qtbot) -> None:
        page.enter_ruler()
        with qtbot.waitSignal(page.still_wanted), qtbot.assertNotEmitted(page.shutter_pressed):
            press(Qt.Key.Key_Space)

    def test_marks_are_moved_by_keys(self, marking) -> None:
        marks = marking.view.over.marks
        start = marks.ends[0].x() * 1600
        press(Qt.Key.Key_Right)
        assert marks.ends[0].x() * 1600 == pytest.approx(start + 1)
        QTest.keyClick(
            QApplication.focusWidget(), Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier
        )
        assert marks.ends[0].x() * 1600 == pytest.approx(start + 11)
        press(Qt.Key.Key_2)
        press(Qt.Key.Key_Up)
        assert marks.ends[1].y() * 1200 == pytest.approx(599)

    def test_a_mark_is_dragged_and_the_picture_is_not(self, marking) -> None:
        view = marking.view
        at = view._canvas().to_widget(view.over.marks.ends[1]).toPoint()
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseMove(view, at + QPoint(20, 30))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at + QPoint(20, 30))
        moved = view._canvas().to_widget(view.over.marks.ends[1])
        assert (moved - QPointF(at + QPoint(20, 30))).manhattanLength() < 2
        assert not view.zoomed

    def test_three_lengths_with_one_across_give_the_scale(self, marking, qtbot) -> None:
        self.put(marking, (0.25, 0.4), (0.75, 0.4))  # 800 px
        press(Qt.Key.Key_Return)
        assert "2 more" in marking.scale.words
        self.put(marking, (0.25, 0.7), (0.75, 0.7))
        press(Qt.Key.Key_Return)
        assert "across" in marking.scale.words
        self.put(marking, (0.5, 0.1), (0.5, 0.1 + 800 / 1200))
        press(Qt.Key.Key_Return)
        assert "1 mm = 80.0 px" in marking.scale.words
        with qtbot.waitSignal(marking.scale_measured) as measured:
            press(Qt.Key.Key_Return)
        assert measured.args[0].mm_per_px == pytest.approx(0.0125)

    def test_another_known_length(self, marking) -> None:
        marking.scale.length.setCurrentIndex(marking.scale.length.findData(20))
        assert marking.view.over.marks.length_words == "20 mm"
        self.put(marking, (0.25, 0.4), (0.75, 0.4))
        marking.add_length()
        assert "20 mm = 800 px" in marking.scale.words

    def test_a_length_that_is_too_short_is_refused_with_a_message(self, marking) -> None:
        self.put(marking, (0.5, 0.5), (0.51, 0.5))
        press(Qt.Key.Key_Return)
        assert "too close together" in marking.scale.words
        assert "3 more" in marking.scale.words

    def test_lengths_that_do_not_agree_give_no_scale(self, marking) -> None:
        for first, second in (
            ((0.2, 0.4), (0.8, 0.4)),
            ((0.2, 0.6), (0.6, 0.6)),
            ((0.5, 0.1), (0.5, 0.7)),
        ):
            self.put(marking, first, second)
            marking.add_length()
        assert marking.scale.result is None
        assert "do not agree" in marking.scale.words
        marking.scale.drop.click()
        assert "1 more" in marking.scale.words

    def test_a_new_picture_keeps_the_lengths_and_escape_drops_them(self, marking, made) -> None:
        self.put(marking, (0.25, 0.4), (0.75, 0.4))
        marking.add_length()
        press(Qt.Key.Key_N)
        assert marking.stage is Stage.RULER
        assert "2 more" in marking.scale.words
        marking.enter_marks(made.skin)
        press(Qt.Key.Key_Escape)
        assert marking.stage is Stage.AIMING
        marking.enter_ruler()
        assert "3 more" in marking.scale.words

    def test_no_live_frame_replaces_the_picture_of_the_ruler(self, marking, made) -> None:
        marking.show_frame(np.zeros((120, 160, 3), np.uint8))
        assert marking.view.frame is made.skin


class TestHandsFree:
    def test_the_key_switches_the_check_box(self, page, qtbot) -> None:
        with qtbot.waitSignal(page.buttons.hands_free.toggled) as chosen:
            press(Qt.Key.Key_H)
        assert chosen.args == [True]

    def test_it_says_that_it_waits_for_the_first_picture(self, page) -> None:
        page.buttons.show_hands_free(on=True, waits=True)
        assert "after this picture" in page.buttons.hands_free.text()
        page.buttons.show_hands_free(on=False, waits=True)
        assert "after" not in page.buttons.hands_free.text()
