"""A good picture is shown for a moment and used; whoever wants to look longer presses anything."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dermstation.domain.quality import Verdict
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture import looking
from dermstation.ui.capture.page import CapturePage
from dermstation.workflow.capture_keys import Stage

NEVER_MS = 1_000_000


@pytest.fixture
def look_ms() -> int:
    return NEVER_MS


@pytest.fixture
def page(qtbot, made, monkeypatch: pytest.MonkeyPatch, look_ms: int) -> CapturePage:
    """A page with a good held picture."""
    monkeypatch.setattr(looking, "LOOK_MS", look_ms)
    page = CapturePage()
    qtbot.addWidget(page)
    page.resize(1366, 700)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.enter_aiming(ShotKind.GENERAL, {})
    page.enter_review(made.skin, made.report())
    return page


def will_be_used(page: CapturePage) -> bool:
    shown = "Used in a moment" in page.review.words
    assert shown is page._look.goes_on
    return shown


@pytest.mark.parametrize("look_ms", [1])
def test_it_is_used_without_a_press(page, qtbot) -> None:
    with qtbot.waitSignal(page.accepted) as accepted:
        page.look_then_use()
    assert accepted.args == [None]
    assert not page._look.goes_on


def test_until_then_the_page_says_so(page) -> None:
    assert not will_be_used(page)
    page.look_then_use()
    assert will_be_used(page)


@pytest.mark.parametrize(
    "act",
    [
        lambda page: QTest.keyClick(page.view, Qt.Key.Key_Z),
        lambda page: QTest.keyClick(page.view, Qt.Key.Key_Shift),
        lambda page: QTest.mouseClick(page.view, Qt.MouseButton.LeftButton),
        lambda page: QTest.mouseClick(page.review, Qt.MouseButton.LeftButton),
        lambda page: QApplication.sendEvent(page, QEvent(QEvent.Type.WindowDeactivate)),
        lambda page: (page.hide(), page.show()),
    ],
)
def test_whatever_one_presses_the_page_then_asks(page, qtbot, act) -> None:
    page.look_then_use()
    with qtbot.assertNotEmitted(page.accepted):
        act(page)
        assert not will_be_used(page)
    assert page.stage is Stage.REVIEWING
    qtbot.waitUntil(page.buttons.use.isEnabled)
    with qtbot.waitSignal(page.accepted):
        page.buttons.use.click()


def test_one_press_takes_it_again_and_nothing_is_used(page, qtbot) -> None:
    page.look_then_use()
    with qtbot.waitSignal(page.retaken), qtbot.assertNotEmitted(page.accepted):
        QTest.mouseClick(page.buttons.again, Qt.MouseButton.LeftButton)
    page.enter_aiming(ShotKind.GENERAL, {})
    assert not will_be_used(page)


def test_a_covered_picture_is_asked_about(page) -> None:
    cover = QWidget(page)
    cover.setGeometry(page.rect())
    cover.show()
    page.look_then_use()
    assert not will_be_used(page)


def test_a_picture_in_another_window_is_asked_about(page, qtbot) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitExposed(other):
        other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    page.look_then_use()
    assert not will_be_used(page)


class TestAfterIt:
    @pytest.fixture
    def page(self, page: CapturePage) -> CapturePage:
        page.enter_saving()
        page.show_saved(ShotKind.GENERAL)
        page.enter_aiming(ShotKind.CLOSEUP, {ShotKind.GENERAL: Verdict.GOOD})
        page.show_link("streaming")
        page.show_age(0.03)
        return page

    def test_one_press_takes_it_again(self, page, qtbot) -> None:
        assert page.aim.again.text() == "&Retake general"
        with qtbot.waitSignal(page.replace_wanted) as wanted:
            QTest.mouseClick(page.aim.again, Qt.MouseButton.LeftButton)
        assert wanted.args == [ShotKind.GENERAL]
        page.enter_aiming(ShotKind.GENERAL, {ShotKind.GENERAL: Verdict.GOOD})
        assert not page.aim.again.isVisible()

    def test_until_the_next_picture(self, page) -> None:
        page.enter_holding()
        page.enter_aiming(ShotKind.CLOSEUP, {ShotKind.GENERAL: Verdict.GOOD})
        assert not page.aim.again.isVisible()

    def test_the_lowest_window_leaves_it_to_the_tile(self, page, qtbot) -> None:
        page.resize(1092, 500)
        assert page.aim.again.isVisible()
        page.resize(910, 407)
        assert not page.aim.again.isVisible()
        with qtbot.waitSignal(page.aim.shots.taken_wanted) as wanted:
            page.aim.shots.tile(ShotKind.GENERAL).click()
        assert wanted.args == [ShotKind.GENERAL]
