"""What moves at the pictures: only if the system wants it, and never in anybody's way."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dermstation.domain.quality import Verdict
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.landing import Flight
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.picture.spinner import Spinner
from dermstation.ui.system import motion


@pytest.fixture
def page(shown) -> CapturePage:
    return shown(CapturePage())


@pytest.fixture
def moving(monkeypatch) -> None:
    monkeypatch.setattr(motion, "is_wanted", lambda: True)


def save_one(page: CapturePage, made) -> None:
    page.enter_review(made.skin, made.report())
    page.enter_saving()
    page.show_saved(ShotKind.GENERAL)
    page.enter_aiming(ShotKind.CLOSEUP, {ShotKind.GENERAL: Verdict.GOOD})
    page.show_link("streaming")
    page.show_age(0.1)


def test_the_picture_flies_into_its_place_and_delays_no_press(
    page, made, qtbot, moving, monkeypatch
) -> None:
    monkeypatch.setattr(motion, "MOTION_MS", 600_000)  # it never ends while the machine stalls
    save_one(page, made)
    qtbot.waitUntil(lambda: page.findChild(Flight) is not None)
    way = page.findChild(Flight)._way
    assert way.duration() == motion.MOTION_MS
    tile = page.aim.shots.tile(ShotKind.GENERAL)
    assert way.endValue().size() == tile.size()
    with qtbot.waitSignal(page.shutter_pressed):
        QTest.mouseClick(page.shutter, Qt.MouseButton.LeftButton)
    assert page.findChild(Flight) is not None
    way.setCurrentTime(way.duration())
    qtbot.waitUntil(lambda: page.findChild(Flight) is None)


def test_nothing_flies_if_the_system_wants_no_motion(page, made, qtbot) -> None:
    save_one(page, made)
    qtbot.wait(1)  # when it would begin
    assert page.findChild(Flight) is None


def test_an_arc_turns_while_the_camera_opens(page, qtbot, moving) -> None:
    arc = page.view.findChild(Spinner)
    page.show_link("opening")
    assert arc.isVisible()
    before = arc._turned
    qtbot.waitUntil(lambda: arc._turned != before)
    page.show_link("streaming")
    page.show_age(0.1)
    assert not arc.isVisible()
    page.show_link("absent")
    assert not arc.isVisible()


def test_no_arc_turns_if_the_system_wants_no_motion(page) -> None:
    page.show_link("opening")
    assert not page.view.findChild(Spinner).isVisible()
