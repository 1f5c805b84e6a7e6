"""Hands-free, scale, tools, key and sound on the real window with the simulated dermatoscope."""

import json
import tomllib
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from dermstation import settings_file
from dermstation.domain.records import Polarisation
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import LoopState
from dermstation.machine_policy import Policy
from dermstation.ui.capture import aids
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.home.page import HomePage
from dermstation.ui.parts.notice import Level
from dermstation.workflow.capture_keys import Stage, Tool
from dermstation.workflow.measuring import LEAST_SPANS
from tests.ui.capture.test_flow import at_the_pictures, captures
from tests.ui.desk import Desk

A_WHILE = 25  # checks, ten a second: more than twice as many as hands-free needs


def looks(desk: Desk, count: int = A_WHILE) -> None:
    """Wait until the page has been checked `count` times."""
    seen: list[int] = []
    live = desk.window.walk.capture._live
    live.looked.connect(lambda: seen.append(1))
    desk.until(lambda: len(seen) >= count)


def written(desk: Desk) -> dict:
    """Return the settings in the file."""
    file = desk.paths.settings
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def aim(desk: Desk, page: CapturePage, shot: ShotKind) -> None:
    """Choose a shot and wait until the camera shows it."""
    page.aim.shots.tile(shot).click()
    if page.stage is Stage.TAKEN:  # it was taken before, and is shown large
        page.buttons.replace.click()
    desk.until(page.shutter.isEnabled)


class TestHandsFree:
    def test_it_takes_one_picture_after_another_and_each_once(self, desk) -> None:
        page = at_the_pictures(desk)
        page.buttons.hands_free.click()
        desk.until(lambda: desk.loop is LoopState.REVIEWING)
        assert desk.window.walk.capture.held.shot is ShotKind.GENERAL
        desk.save(page)
        desk.until(lambda: desk.loop is LoopState.REVIEWING)  # the next scene, automatically
        assert desk.window.walk.capture.held.shot is ShotKind.CLOSEUP
        page.retaken.emit()
        looks(desk)
        assert desk.loop is LoopState.AIMING  # nothing moved, so it is not taken twice

    def test_it_is_off_until_it_is_chosen(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.until(page.shutter.isEnabled)
        looks(desk)
        assert desk.loop is LoopState.AIMING
        assert page.shutter.progress == 0

    def test_what_it_has_fixed_is_told_and_stays_off(self, desk) -> None:
        page = at_the_pictures(desk)
        choices = desk.window.walk.capture._aids.choices
        choices.settings = replace(choices.settings, fixed=frozenset({"hands_free"}))
        policy = Policy("here", {"hands_free": False})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings_file, "machine_policy", lambda: policy)
            page.buttons.hands_free.click()
            desk.said("hands_free", "IT has set")
        assert not choices.settings.hands_free
        assert written(desk) == {}

    def test_it_is_remembered_and_waits_for_a_first_picture_taken_by_hand(self, desk) -> None:
        page = at_the_pictures(desk)
        page.buttons.hands_free.click()
        desk.until(lambda: written(desk) == {"hands_free": True})
        desk.until(lambda: desk.loop is LoopState.REVIEWING)
        desk.close()
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        page = desk.page(CapturePage)
        assert "after this picture" in page.buttons.hands_free.accessibleName()
        desk.until(page.shutter.isEnabled)
        looks(desk)
        assert desk.loop is LoopState.AIMING
        desk.save(desk.take())
        desk.until(lambda: desk.loop is LoopState.REVIEWING)

    def test_it_rests_while_a_message_is_on_the_page(self, desk) -> None:
        page = at_the_pictures(desk)
        page.show_notice(Level.WARN, "Read this first.")
        page.buttons.hands_free.click()
        desk.until(page.shutter.isEnabled)
        looks(desk)
        assert desk.loop is LoopState.AIMING
        page.clear_notice()
        desk.until(lambda: desk.loop is LoopState.REVIEWING)

    def test_it_rests_while_the_page_is_not_aiming(self, desk) -> None:
        page = at_the_pictures(desk)
        page.enter_keys()
        page.buttons.hands_free.click()
        looks(desk)
        assert desk.loop is LoopState.AIMING

    def test_it_never_takes_a_picture_that_is_still_because_the_camera_froze(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.until(page.shutter.isEnabled)
        desk.link.set_knobs(fault="freeze")
        desk.until(lambda: not page.shutter.isEnabled())
        page.buttons.hands_free.click()
        looks(desk)
        assert desk.loop is LoopState.AIMING


class TestShutter:
    def test_a_chosen_key_is_remembered(self, desk) -> None:
        page = at_the_pictures(desk)
        page.enter_keys()
        QTest.keyClick(page.keys, Qt.Key.Key_F13)
        desk.until(lambda: written(desk) == {"shutter_key": "F13"})
        desk.close()
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        page = desk.page(CapturePage)
        desk.until(page.shutter.isEnabled)
        assert "(F13)" in page.shutter.text()

    @pytest.mark.expects_log("the settings file cannot be read")
    def test_a_choice_that_cannot_be_written_is_reported_and_still_applies(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.paths.settings.mkdir()
        page.keys.key_chosen.emit("F13")
        desk.said("could not be saved", "until the station is closed")
        assert "F13" in page.keys.words

    def test_the_camera_s_button_is_the_shutter_and_then_uses_a_good_picture(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.until(page.shutter.isEnabled)
        desk.window.walk.capture._aids.camera.button_pressed.emit()
        desk.until(lambda: desk.loop is LoopState.REVIEWING)
        desk.window.walk.capture._aids.camera.button_pressed.emit()
        assert desk.loop is LoopState.REVIEWING  # nobody had the time to look at it
        desk.until(page.buttons.use.isEnabled)
        desk.window.walk.capture._aids.camera.button_pressed.emit()
        desk.until(lambda: len(captures(desk)) == 1)
        desk.until(lambda: page.stage is Stage.AIMING)
        page.back_pressed.emit()
        desk.page(HomePage)
        desk.window.walk.capture._aids.camera.button_pressed.emit()
        assert desk.window.walk.capture.waiting is None

    def test_each_press_plays_one_sound_unless_sounds_are_off(self, desk, monkeypatch) -> None:
        heard: list[int] = []
        monkeypatch.setattr(aids, "play_shutter", lambda: heard.append(1))
        page = at_the_pictures(desk)
        desk.take()
        assert len(heard) == 1
        page.retaken.emit()
        page.keys.sounds.click()
        desk.take()
        assert len(heard) == 1
        desk.until(lambda: written(desk) == {"sounds": False})


class TestDetails:
    def test_polarisation_is_stored_only_with_the_dermoscopic_picture(self, desk) -> None:
        page = at_the_pictures(desk)
        aim(desk, page, ShotKind.DERMOSCOPIC)
        page.aim.polarisation.button(Polarisation.NON_POLARISED).click()
        desk.save(desk.take())
        aim(desk, page, ShotKind.GENERAL)
        desk.save(desk.take())
        said = {one.shot: one.details.polarisation for one in captures(desk)}
        assert said == {ShotKind.DERMOSCOPIC: Polarisation.NON_POLARISED, ShotKind.GENERAL: None}

    def test_an_earlier_picture_can_be_shown_over_the_live_one(self, desk) -> None:
        page = at_the_pictures(desk)
        assert not page.bar.button(Tool.EARLIER).isEnabled()
        desk.save(desk.take())
        assert not page.bar.button(Tool.EARLIER).isEnabled()  # the next shot has none
        aim(desk, page, ShotKind.GENERAL)
        desk.until(page.bar.button(Tool.EARLIER).isEnabled)
        page.tools.press(Tool.EARLIER)
        assert page.view.over.ghost.shown

    def test_the_earlier_picture_stays_shown_when_a_picture_is_taken_again(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.save(desk.take())
        aim(desk, page, ShotKind.GENERAL)
        desk.until(page.bar.button(Tool.EARLIER).isEnabled)
        page.tools.press(Tool.EARLIER)
        desk.take()
        page.retaken.emit()
        desk.until(page.shutter.isEnabled)
        assert page.view.over.ghost.shown
        aim(desk, page, ShotKind.DERMOSCOPIC)
        assert not page.view.over.ghost.shown

    def test_tools_that_were_on_stay_on_for_the_next_lesion(self, desk) -> None:
        page = at_the_pictures(desk)
        for tool in (Tool.GRID, Tool.LENS, Tool.SHARP):
            page.tools.press(tool)
        page.back_pressed.emit()
        desk.page(HomePage).rows[0].go_on.click()
        page = desk.page(CapturePage)
        assert page.tools.kept == {Tool.GRID, Tool.SHARP}
        assert page.view.over.grid.shown
        assert not page.view.over.lens.shown

    def test_areas_of_trouble_are_found_live_and_on_the_held_picture(self, desk) -> None:
        page = at_the_pictures(desk, "sim:focus=6")
        desk.until(page.shutter.isEnabled)
        page.tools.press(Tool.TROUBLE)
        desk.until(lambda: "not sharp" in page.view.over.trouble.words)
        desk.take()
        desk.until(lambda: "not sharp" in page.view.over.trouble.words)
        page.retaken.emit()
        desk.until(page.shutter.isEnabled)
        assert page.tools.is_on(Tool.TROUBLE)


class TestScale:
    def measure(self, desk: Desk, page: CapturePage) -> None:
        """Measure the scale and save it."""
        self.mark_three(desk, page)
        desk.press(page)
        desk.until(lambda: page.stage is Stage.AIMING)

    def mark_three(self, desk: Desk, page: CapturePage) -> None:
        """Measure three lengths of 160 px, one of them across, on one picture."""
        aim(desk, page, ShotKind.DERMOSCOPIC)
        desk.until(lambda: desk.window.walk.capture._aids.camera.facts.identity)
        page.scale_wanted.emit()
        assert page.stage is Stage.RULER
        desk.until(page.shutter.isEnabled)
        page.shutter.click()
        desk.until(lambda: page.stage is Stage.MARKS)
        for ends in (((0.2, 0.3), (0.7, 0.3)), ((0.2, 0.8), (0.7, 0.8)), ((0.5, 0.1), None)):
            first, second = ends[0], ends[1] or (0.5, 0.1 + 160 / 240)
            page.view.over.marks.ends = [QPointF(*first), QPointF(*second)]
            page.add_length()

    def test_once_measured_it_is_stored_with_every_dermoscopic_picture(self, desk) -> None:
        page = at_the_pictures(desk)
        self.measure(desk, page)
        assert LEAST_SPANS == 3
        assert captures(desk) == ()  # the picture of the ruler is no capture
        (scale,) = json.loads(desk.paths.scales.read_text(encoding="utf-8"))["scales"]
        assert (scale["width"], scale["height"]) == (320, 240)
        desk.take()
        page.tools.press(Tool.RULER)  # over the held picture, at the scale stored with it
        assert page.view.over.ruler.scale.mm_per_px == pytest.approx(10 / 160)
        desk.save(page)
        aim(desk, page, ShotKind.GENERAL)
        desk.save(desk.take())
        details = {one.shot: one.details for one in captures(desk)}
        assert details[ShotKind.DERMOSCOPIC].mm_per_px == pytest.approx(10 / 160)
        assert 0 < details[ShotKind.DERMOSCOPIC].scale_error < 0.05
        assert details[ShotKind.GENERAL].mm_per_px is None

    def test_the_ruler_is_shown_for_the_dermoscopic_shot_and_refused_for_others(self, desk) -> None:
        page = at_the_pictures(desk)
        self.measure(desk, page)
        page.tools.press(Tool.RULER)
        assert page.view.over.ruler.shown
        aim(desk, page, ShotKind.CLOSEUP)
        desk.until(lambda: not page.view.over.ruler.shown)
        page.tools.press(Tool.RULER)
        assert not page.view.over.ruler.shown
        desk.said("No millimetres here", "ruler beside the lesion")
        page.scale_wanted.emit()
        assert page.stage is Stage.AIMING

    def test_without_a_scale_there_is_no_ruler_and_the_page_says_what_to_do(self, desk) -> None:
        page = at_the_pictures(desk)
        aim(desk, page, ShotKind.DERMOSCOPIC)
        page.tools.press(Tool.RULER)
        desk.said("not been measured yet", "press C")
        desk.save(desk.take())
        assert captures(desk)[0].details.mm_per_px is None

    def test_another_camera_has_no_scale(self, desk) -> None:
        page = at_the_pictures(desk)
        self.measure(desk, page)
        content = json.loads(desk.paths.scales.read_text(encoding="utf-8"))
        content["scales"][0]["camera"] = "by-id/another"
        desk.paths.scales.write_text(json.dumps(content), encoding="utf-8")
        page.back_pressed.emit()
        desk.page(HomePage).rows[0].go_on.click()
        page = desk.page(CapturePage)
        aim(desk, page, ShotKind.DERMOSCOPIC)
        looks(desk, 5)
        page.tools.press(Tool.RULER)
        desk.said("not been measured yet")

    def test_another_picture_size_has_no_scale(self, desk) -> None:
        page = at_the_pictures(desk)
        self.measure(desk, page)
        content = json.loads(desk.paths.scales.read_text(encoding="utf-8"))
        content["scales"][0]["width"] = 640
        desk.paths.scales.write_text(json.dumps(content), encoding="utf-8")
        page.back_pressed.emit()
        desk.page(HomePage).rows[0].go_on.click()
        page = desk.page(CapturePage)
        aim(desk, page, ShotKind.DERMOSCOPIC)
        desk.until(lambda: desk.window.walk.capture._aids.camera.facts.identity)
        page.tools.press(Tool.RULER)
        desk.said("another picture size (640 x 240)", "320 x 240")
        desk.save(desk.take())
        assert captures(desk)[0].details.mm_per_px is None

    def test_a_scale_that_cannot_be_saved_is_reported_and_the_lengths_stay(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.paths.scales.with_suffix(".json.part").mkdir()
        self.mark_three(desk, page)
        desk.press(page)
        desk.said("could not be saved")
        assert page.stage is Stage.MARKS
        assert page.scale.result is not None
