"""The shell shows one page after another, and the keyboard stays with the current page."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dermstation.domain.records import Operator, Role
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.page import Page
from dermstation.ui.theme import Colour


@pytest.fixture
def shell(qtbot: QtBot) -> Shell:
    made = Shell(demo=False)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show_operator(Operator("o" * 32, "Test Nurse", Role.NURSE))
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def with_button(title: str) -> Page:
    page = Page(title)
    page.set_first(page.set_primary("&Continue"))
    return page


def test_a_page_is_visible_and_focused_when_its_change_is_announced(shell: Shell) -> None:
    seen = []
    shell.page_changed.connect(
        lambda title: seen.append((title, shell.page.isVisible(), shell.focusWidget().text()))
    )
    shell.show_page(with_button("First"))
    shell.show_page(with_button("Second"))
    assert seen == [("First", True, "&Continue"), ("Second", True, "&Continue")]


@pytest.mark.parametrize("make", [lambda: Page("Plain"), lambda: BusyPage("Wiping")])
def test_space_on_a_page_with_nothing_to_press_does_not_lock(
    qtbot: QtBot, shell: Shell, make
) -> None:
    locks = []
    shell.header.lock.clicked.connect(lambda: locks.append(True))
    shell.show_page(with_button("First"))
    shell.show_page(make())
    focused = shell.focusWidget()
    assert focused is shell.page
    qtbot.keyClick(focused, Qt.Key.Key_Space)
    assert locks == []


def test_signals_of_a_page_are_dropped_once_another_is_shown(shell: Shell) -> None:
    heard = []
    page = with_button("First")
    page.primary.clicked.connect(lambda: heard.append("button"))
    page.set_back().clicked.connect(lambda: heard.append("back"))
    page.back_pressed.connect(lambda: heard.append("page"))
    shell.show_page(page)
    shell.show_page(with_button("Second"))
    page.primary.click()
    page.back.click()
    page.back_pressed.emit()
    assert heard == []


def test_enter_presses_the_primary_button_of_a_page_that_names_no_first_widget(
    qtbot: QtBot, shell: Shell
) -> None:
    pressed = []
    page = Page("Check")
    page.set_primary("&Make").clicked.connect(lambda: pressed.append(True))
    shell.show_page(with_button("First"))
    shell.show_page(page)
    qtbot.keyClick(shell.focusWidget(), Qt.Key.Key_Return)
    assert pressed == [True]


def test_the_badge_of_a_demonstration_is_dark_on_bright(qtbot: QtBot) -> None:
    shell = Shell(demo=True)
    qtbot.addWidget(shell)
    with qtbot.waitExposed(shell):
        shell.show()
    badge = shell.header.demo_badge
    assert badge.palette().windowText().color().name() == Colour.DARK.value.lower()
    ground = badge.grab().toImage().pixelColor(badge.width() // 2, 2).name()
    assert ground == Colour.FOCUS.value.lower()
