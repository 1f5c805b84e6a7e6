"""A bug closes vault and camera, shows a number but no name, and loses nothing saved."""

import logging
import sys
import threading

import pytest
from PySide6.QtCore import QTimer

from dermstation import app
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.states import LoopState
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.frame.crash_page import CrashPage
from dermstation.ui.home.page import HomePage
from tests.ui.at_the_pictures import (
    FAMILY_NAME,
    at_the_pictures,
    captures,
    go_on,
    jobs_over,
    nothing_of_the_patient,
)
from tests.unfinished import unfinished


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restore the interpreter's hooks after the test."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


CRASH_LOG = "crash [0-9A-F]{6}"


class TestCrash:
    @pytest.mark.expects_log(CRASH_LOG)
    def test_a_bug_before_the_rooms_are_there_shows_its_number_and_the_window_closes(
        self, desk
    ) -> None:
        desk.set_up()
        desk.open().show_crash(RuntimeError())
        desk.page(CrashPage).primary.click()
        assert not desk.window.isVisible()
        assert desk.window._rooms is None

    @pytest.mark.expects_log(CRASH_LOG)
    def test_a_bug_in_a_job_closes_vault_and_camera_and_keeps_the_picture(
        self, desk, caplog
    ) -> None:
        at_the_pictures(desk)
        desk.take()
        held = desk.window.walk.capture.held
        vault = desk.window.signed_in.vault
        with caplog.at_level(logging.INFO, "dermstation"):
            job = desk.window.background.on_vault(lambda: {}[FAMILY_NAME])
            job.then(pytest.fail).otherwise(pytest.fail)
            page = desk.page(CrashPage)
        nothing_of_the_patient(desk)
        desk.until(lambda: "kept as well" in desk.texts())
        assert desk.window.walk.capture.held is None
        assert FAMILY_NAME not in " ".join(one.getMessage() for one in caplog.records)
        jobs_over(desk)
        with pytest.raises(StationError) as caught:
            desk.station.jobs.on_vault(unfinished, vault).result()
        assert caught.value.code is ErrorCode.VAULT_LOCKED
        page.primary.click()
        assert not desk.window.isVisible()
        assert held.data[100:200] not in desk.paths.held.read_bytes()
        desk.close()
        desk.open()
        desk.sign_in(operator=desk.operator)
        desk.save(desk.page(CapturePage))
        (saved,) = captures(desk)
        assert (saved.id, saved.sha256) == (held.capture_id, held.sha256)
        assert not desk.paths.held.exists()

    @pytest.mark.expects_log(CRASH_LOG)
    def test_a_bug_while_the_frame_is_being_held_keeps_it_as_well(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.until(page.shutter.isEnabled)
        page.press_shutter()
        assert desk.loop is LoopState.HOLDING
        desk.window.show_crash(ZeroDivisionError())
        desk.until(lambda: "kept as well" in desk.texts())
        assert desk.paths.held.exists()

    @pytest.mark.expects_log(CRASH_LOG, "could not be kept")
    def test_a_picture_that_cannot_be_kept_is_said_to_be_lost(self, desk) -> None:
        at_the_pictures(desk)
        desk.take()
        desk.paths.held.mkdir()
        desk.window.show_crash(ZeroDivisionError())
        desk.until(lambda: "could not be kept" in desk.texts())

    @pytest.mark.expects_log(CRASH_LOG)
    def test_the_episode_is_in_the_list_after_a_crash(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.save(desk.take())
        desk.window.show_crash(ZeroDivisionError())
        desk.close()
        desk.open()
        page = go_on(desk)
        assert len(captures(desk)) == 1
        assert page.isVisible()

    @pytest.mark.expects_log(CRASH_LOG)
    def test_a_crash_with_nobody_signed_in_is_shown_too(self, desk) -> None:
        desk.open()
        desk.window.show_crash(ZeroDivisionError())
        page = desk.page(CrashPage)
        page.close_station.click()
        assert not desk.window.isVisible()

    @pytest.mark.expects_log(CRASH_LOG, f"{CRASH_LOG}, and then")
    def test_a_second_bug_keeps_the_first_one_s_number_on_the_screen(self, desk) -> None:
        desk.set_up()
        desk.open()
        desk.sign_in()
        desk.page(HomePage)
        desk.window.show_crash(ZeroDivisionError())
        page = desk.shell.page
        desk.window.show_crash(ZeroDivisionError())
        assert desk.shell.page is page

    @pytest.mark.expects_log(CRASH_LOG)
    def test_a_crash_while_the_vault_opens_leaves_nobody_signed_in(self, desk) -> None:
        desk.set_up()
        desk.open()
        desk.sign_in()
        desk.window.show_crash(ZeroDivisionError())
        jobs_over(desk)
        assert isinstance(desk.shell.page, CrashPage)
        desk.close()
        desk.open()  # if the first window still held the vault, it would be in use
        desk.sign_in()
        desk.page(HomePage)

    @pytest.mark.expects_log(CRASH_LOG)
    @pytest.mark.parametrize("where", ["in a slot", "on a thread"])
    def test_an_uncaught_exception_leads_to_the_crash_page(self, desk, hooks, where) -> None:
        desk.set_up()
        desk.open()
        app._catch_bugs(desk.window)
        if where == "in a slot":
            QTimer.singleShot(0, lambda: 1 // 0)
        else:
            thread = threading.Thread(target=lambda: 1 // 0)
            thread.start()
            thread.join()
        desk.page(CrashPage)
