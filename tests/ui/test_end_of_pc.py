"""The PC shuts down, signs out or updates the program: nothing that is held is lost or asked."""

import pytest
from PySide6.QtGui import QGuiApplication

from dermstation.domain.states import LoopState
from dermstation.ui import held_picture
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.home.page import HomePage
from tests.ui.at_the_pictures import at_the_pictures, captures, jobs_over
from tests.ui.desk import WAIT_MS


@pytest.fixture(autouse=True)
def _patient_pc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the PC wait as long as a busy machine may need."""
    monkeypatch.setattr(held_picture, "_HELD_WITHIN_MS", WAIT_MS)


def pc_ends(desk) -> None:
    """Say what Windows says by WM_QUERYENDSESSION, and then close the window."""
    QGuiApplication.instance().commitDataRequest.emit(None)
    desk.window.close()


@pytest.mark.parametrize("state", [LoopState.HOLDING, LoopState.REVIEWING])
def test_a_picture_in_hand_is_there_after_the_next_sign_in(desk, state) -> None:
    page = at_the_pictures(desk)
    if state is LoopState.REVIEWING:
        desk.take()
    else:
        desk.until(page.shutter.isEnabled)
        page.press_shutter()
    assert desk.loop is state
    pc_ends(desk)
    assert not desk.window.isVisible()
    assert desk.paths.held.exists()
    desk.close()
    desk.open()
    desk.sign_in(operator=desk.operator)
    desk.save(desk.page(CapturePage))
    assert len(captures(desk)) == 1
    assert not desk.paths.held.exists()


def test_a_locked_picture_is_kept_too(desk) -> None:
    at_the_pictures(desk)
    desk.take()
    desk.window.lock()
    jobs_over(desk)
    pc_ends(desk)
    assert not desk.window.isVisible()
    assert desk.paths.held.exists()


def test_one_that_was_saved_after_all_does_not_come_again(desk) -> None:
    at_the_pictures(desk)
    page = desk.take()
    kept = desk.paths.held
    QGuiApplication.instance().commitDataRequest.emit(None)  # but another program refuses
    desk.save(page)
    sealed = kept.read_bytes()
    desk.close()
    kept.write_bytes(sealed)
    desk.open()
    desk.sign_in(operator=desk.operator)
    desk.page(HomePage)
    assert len(captures(desk)) == 1
    assert not kept.exists()


def test_without_a_picture_nothing_is_asked_and_nothing_kept(desk) -> None:
    at_the_pictures(desk)
    pc_ends(desk)
    assert not desk.window.isVisible()
    assert not desk.paths.held.exists()
