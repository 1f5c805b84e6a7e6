"""If the camera goes away or the disk is full, nothing is lost and the page says so."""

import contextlib
import time
from pathlib import Path

import pytest

from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.domain.states import LoopState
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.home.page import HomePage
from dermstation.ui.lesion.history_page import HistoryPage
from dermstation.ui.lesion.page import LesionPage
from dermstation.ui.parts.page import Page
from dermstation.ui.summary.page import SummaryPage
from tests.ui.capture.walking import an_episode_to_be, at_the_pictures, captures
from tests.ui.desk import Desk
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import an_episode, ready, take


def words_over(page: CapturePage) -> str:
    return page.view.accessibleDescription()


class TestNoCamera:
    @pytest.mark.parametrize(
        ("camera", "words"),
        [
            ("sim:fault=absent", "No camera is attached"),
            ("sim:fault=busy", "The camera is in use by another program or account"),
            ("device:63", "No camera is attached"),
        ],
    )
    def test_the_picture_s_area_says_so_and_the_shutter_is_dead(self, desk, camera, words) -> None:
        page = at_the_pictures(desk, camera)
        desk.until(lambda: words in words_over(page))
        assert "picture then appears by itself" in words_over(page)
        assert not page.shutter.isEnabled()
        page.shutter_pressed.emit()  # a footswitch ignores that the button is disabled
        desk.said("No picture was taken", "safe")
        assert desk.loop is LoopState.AIMING

    def test_the_picture_appears_by_itself_once_there_is_a_camera(self, desk) -> None:
        page = at_the_pictures(desk, "sim:fault=absent")
        desk.until(lambda: "No camera" in words_over(page))
        desk.link.set_knobs(fault="none")
        desk.until(page.shutter.isEnabled)
        assert words_over(page) == ""

    def test_the_lesion_can_be_finished_without_pictures(self, desk) -> None:
        page = at_the_pictures(desk, "sim:fault=absent")
        page.buttons.finish.click()
        desk.page(SummaryPage)


class TestCameraGoesAway:
    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            ("absent", "No camera is attached"),
            ("stall", "stopped sending pictures"),
            ("freeze", "stopped sending pictures"),
            ("slow", "pictures too slowly"),
        ],
    )
    def test_while_aiming_the_shutter_dies_and_comes_back_by_itself(
        self, desk, fault, words
    ) -> None:
        page = at_the_pictures(desk)
        desk.until(page.shutter.isEnabled)
        desk.link.set_knobs(fault=fault)
        desk.until(lambda: words in words_over(page))
        assert not page.shutter.isEnabled()
        assert "No live picture" in page.readings.light.words
        desk.link.set_knobs(fault="none")
        desk.until(page.shutter.isEnabled)
        desk.save(desk.take())
        assert len(captures(desk)) == 1

    @pytest.mark.expects_log("camera process (ended|hung) and is replaced")
    @pytest.mark.parametrize("fault", ["crash", "hang"])
    def test_a_driver_that_crashes_or_hangs_costs_a_restart_but_no_picture(
        self, desk, fault
    ) -> None:
        page = at_the_pictures(desk)
        held = desk.take()
        desk.link.set_knobs(fault=fault)
        desk.until(lambda: desk.link.status().restarts == 1)
        desk.save(held)
        assert len(captures(desk)) == 1
        desk.until(page.shutter.isEnabled)

    def test_while_holding_the_picture_is_still_held(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.until(page.shutter.isEnabled)
        page.shutter.click()
        desk.link.set_knobs(fault="absent")
        desk.until(lambda: desk.loop is LoopState.REVIEWING)
        desk.save(page)
        assert len(captures(desk)) == 1

    def test_while_reviewing_the_held_picture_is_saved_and_then_the_shutter_is_dead(
        self, desk
    ) -> None:
        page = at_the_pictures(desk)
        desk.take()
        held = desk.window.walk.capture.held
        desk.link.set_knobs(fault="absent")
        desk.until(lambda: desk.link.status().state.value == "absent")
        desk.accept(page)
        desk.until(lambda: "No camera" in words_over(page))
        assert not page.shutter.isEnabled()
        (saved,) = captures(desk)
        assert saved.sha256 == held.sha256
        desk.link.set_knobs(fault="none")
        desk.until(page.shutter.isEnabled)

    def test_while_saving_the_picture_is_saved(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.accept(desk.take())
        desk.link.set_knobs(fault="absent")
        desk.until(lambda: len(captures(desk)) == 1)
        desk.until(lambda: "No camera" in words_over(page))

    def test_a_torn_picture_is_not_taken_and_not_shown(self, desk) -> None:
        page = at_the_pictures(desk, "sim:jpeg=1")
        desk.until(page.shutter.isEnabled)
        desk.link.set_knobs(fault="partial_jpeg")
        desk.until(lambda: not page.shutter.isEnabled())
        desk.until(lambda: desk.link.newest().is_stale(time.perf_counter_ns()))
        page.shutter_pressed.emit()
        desk.said("picture", "safe")
        desk.until(lambda: desk.loop is LoopState.AIMING)
        assert captures(desk) == ()
        desk.link.set_knobs(fault="none")
        desk.until(page.shutter.isEnabled)

    def test_leaving_while_a_picture_is_being_held_causes_no_trouble(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.until(page.shutter.isEnabled)
        page.shutter.click()
        assert desk.loop is LoopState.HOLDING
        page.back_pressed.emit()
        desk.page(HomePage)
        desk.station.jobs.on_worker(lambda: None).result()  # the holding is over
        desk.until(lambda: desk.window.walk.capture.waiting is None)
        assert captures(desk) == ()


class TestDisk:
    def test_a_picture_stays_held_while_the_disk_is_full(self, small_disk, desk) -> None:
        disk = small_disk(desk.paths.home, "8m")
        page = at_the_pictures(desk)
        desk.take()
        held = desk.window.walk.capture.held
        ballast = fill_disk(disk)
        desk.accept(page)
        desk.said("disk is full", "still held", "Free some space")
        assert desk.loop is LoopState.REVIEWING
        ballast.unlink()
        desk.save(page)
        assert captures(desk)[0].sha256 == held.sha256
        assert desk.shell.page.notice.words == ""

    @pytest.mark.expects_log("opened with 1 things wrong")
    def test_an_episode_whose_file_is_gone_is_marked_and_can_be_abandoned(self, desk) -> None:
        lost_file(desk)
        desk.open()
        desk.sign_in()
        home = desk.page(HomePage)
        desk.said("missing or damaged: 1", "marked below", "Abandon")
        desk.until(lambda: "Its picture file is missing or damaged." in desk.texts())
        home.rows[0].go_on.click()
        page = desk.page(SummaryPage)
        desk.said("pictures is missing or damaged", "other episodes are safe")
        page.back.click()
        home = desk.page(HomePage)
        home.rows[0].ask.confirm.click()
        desk.until(lambda: desk.in_vault(unfinished) == ())

    @pytest.mark.parametrize("shot", [ShotKind.GENERAL])
    def test_a_damaged_picture_is_reported_and_can_be_taken_again(self, desk, shot) -> None:
        desk.set_up(lambda signed_in: ready(signed_in, an_episode(signed_in)))
        (file,) = (desk.paths.vault / "episodes").glob("*.db")
        with file.open("r+b") as opened:
            opened.seek(-4096 * 3, 2)
            opened.write(bytes(64))
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        desk.page(SummaryPage)
        desk.said("has changed since it was saved", "will not be used", "Take it again")


def lost_file(desk: Desk) -> None:
    desk.set_up(lambda signed_in: ready(signed_in, an_episode(signed_in)))
    for file in (desk.paths.vault / "episodes").iterdir():
        file.unlink()


def fill_disk(disk: Path) -> Path:
    """Write until no byte is free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return ballast


class TestPresses:
    def test_a_second_press_adds_no_second_lesion(self, desk) -> None:
        desk.set_up(an_episode_to_be)
        desk.open("sim:fault=absent")
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        page = desk.page(LesionPage)
        page._choose_site("41550009")
        for button in page.side_buttons.values():
            button.click()
        for _ in range(3):
            page.primary.click()
        desk.press(desk.page(HistoryPage))
        desk.page(CapturePage)
        (line,) = desk.in_vault(unfinished)
        assert len(line.view.lesions) == 1

    def test_all_three_pictures_lead_to_the_summary_with_nothing_lost(self, desk) -> None:
        page: Page = at_the_pictures(desk)
        for count in range(1, len(STANDARD_SHOTS) + 1):
            desk.save(desk.take())
            assert len(captures(desk)) == count
        page = desk.page(SummaryPage)
        assert page.notice.words == ""
        assert {one.shot for one in captures(desk)} == set(STANDARD_SHOTS)
        assert {one.captured_by for one in captures(desk)} == {desk.operator.id}
        assert desk.station.viewfinder.link is None


def test_the_summary_keeps_what_was_typed_just_before_going_back(desk: Desk) -> None:
    desk.set_up(lambda signed_in: take(signed_in, an_episode(signed_in), *STANDARD_SHOTS))
    desk.open()
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    page = desk.page(SummaryPage)
    page.question.edit.setPlainText("Typed in the last moment")
    page.back.click()
    desk.page(HomePage)
    (line,) = desk.in_vault(unfinished)
    assert line.view.episode.question == "Typed in the last moment"
