"""The work list: typed and scanned searches, opening with one key, and turning pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dermstation.domain.barcodes import BarcodeFormats
from dermstation.settings import Settings
from dermstation.ui.home import scanner
from dermstation.ui.home.page import HomePage
from dermstation.vault.work_list import Group
from dermstation.workflow.first_steps import StepKind, steps_of
from dermstation.workflow.work_list import WorkCounts, WorkLine, WorkPage, WorkQuery
from tests.ui.seen import texts

FORMATS = BarcodeFormats.parse("{nhs_number};;{nhs_number}|{family_name}|{given_name}|{born_on}")
SCAN = "9990000018|Patient-One|Test|03/09/1958"


@pytest.fixture
def lines(made) -> tuple[WorkLine, ...]:
    def line(number: int) -> WorkLine:
        found = made.line("pictures")
        episode = replace(found.view.episode, id=f"e{number}")
        return replace(found, view=replace(found.view, episode=episode))

    return tuple(map(line, range(3)))


@pytest.fixture
def shown(qtbot) -> Callable[[HomePage], HomePage]:
    def show(page: HomePage) -> HomePage:
        qtbot.addWidget(page)
        page.resize(1366, 700)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        return page

    return show


@pytest.fixture
def page(shown, made, lines) -> HomePage:
    counts = WorkCounts({Group.OPEN: 3}, of_today=2)
    at = made.opened_at + timedelta(hours=1)
    return shown(HomePage(WorkPage(lines, 3), counts, lambda: at, formats=FORMATS))


def slowly(widget, text: str) -> None:
    """Type as a hand does, with more time between two keys than a scanner leaves."""
    for character in text:
        QTest.keyClicks(QApplication.focusWidget() or widget, character, delay=120)


def test_a_letter_typed_anywhere_begins_a_search(page, qtbot) -> None:
    assert page.primary.hasFocus()
    with qtbot.waitSignal(page.searched) as told:
        slowly(page, "smi")
    assert page.finder.search.text() == "smi"
    assert told.args[0].text in ("s", "sm", "smi")
    qtbot.waitUntil(lambda: page.finder.query() == WorkQuery("smi"))


def test_enter_in_the_search_focuses_the_first_match_and_opens_nobody(page, qtbot, lines) -> None:
    opened = []
    page.continued.connect(opened.append)
    slowly(page, "zo")
    QTest.keyClick(page.finder.search, Qt.Key.Key_Return, delay=120)
    assert page.finder.search.hasFocus()  # the answer has not arrived yet, so nothing may open
    page.show_found(page.finder.query(), WorkPage(lines[1:2], 1))
    assert page.rows[0].go_on.hasFocus()
    assert opened == []
    QTest.keyClick(page.rows[0].go_on, Qt.Key.Key_Space)
    assert opened == ["e1"]


def test_a_list_that_changes_takes_the_focus_off_a_button(page, lines) -> None:
    page.rows[0].go_on.setFocus()
    page.show_found(WorkQuery("other"), WorkPage(lines[2:], 1))
    assert page.finder.search.hasFocus()


def test_the_arrows_go_from_episode_to_episode(page) -> None:
    QTest.keyClick(page, Qt.Key.Key_Down)
    assert page.rows[0].go_on.hasFocus()
    QTest.keyClick(page.rows[0].go_on, Qt.Key.Key_Down)
    assert page.rows[1].go_on.hasFocus()
    QTest.keyClick(page.rows[1].go_on, Qt.Key.Key_Up)
    QTest.keyClick(page.rows[0].go_on, Qt.Key.Key_Up)
    assert page.finder.search.hasFocus()


def test_escape_shows_everything_again(page, qtbot) -> None:
    page.finder.search.setText("nobody")
    page.show_found(page.finder.query(), WorkPage())
    with qtbot.waitSignal(page.searched) as told:
        QTest.keyClick(page, Qt.Key.Key_Escape)
    assert told.args[0].is_plain


@pytest.mark.parametrize("where", ["primary", "search", "row"])
def test_a_scan_anywhere_starts_that_patient_and_searches_for_nobody(
    page, qtbot, monkeypatch, where
) -> None:
    # test keys carry no time, so a busy machine would tear a burst apart
    monkeypatch.setattr(scanner, "APART_MS", 20_000)
    places = {"primary": page.primary, "search": page.finder.search, "row": page.rows[0].go_on}
    places[where].setFocus()
    asked = []
    for signal in (page.new_patient.clicked, page.continued, page.searched):
        signal.connect(lambda *_: asked.append(1))
    with qtbot.waitSignal(page.scanned) as told:
        for character in SCAN:
            QTest.keyClicks(QApplication.focusWidget(), character)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert told.args[0]["nhs_number"] == "9990000018"
    assert told.args[0]["family_name"] == "Patient-One"
    assert page.finder.search.text() == ""
    assert not page.finder._typed.isActive()  # no search is pending either
    assert asked == []


def test_a_number_typed_by_hand_is_a_search_and_no_scan(page, qtbot) -> None:
    with qtbot.assertNotEmitted(page.scanned):
        slowly(page, "9990000018")
        QTest.keyClick(page.finder.search, Qt.Key.Key_Return, delay=120)
    assert page.finder.search.text() == "9990000018"


def test_a_burst_that_fits_no_format_is_a_search(page, qtbot) -> None:
    with qtbot.assertNotEmitted(page.scanned):
        page.finder.search.setFocus()
        QTest.keyClicks(page.finder.search, "patient")
        QTest.keyClick(page.finder.search, Qt.Key.Key_Return)
    assert page.finder.search.text() == "patient"


def test_states_and_today_are_asked_for_by_one_press(page, qtbot) -> None:
    with qtbot.waitSignal(page.searched) as told:
        page.finder.groups[Group.OPEN].click()
    assert told.args == [WorkQuery(group=Group.OPEN)]
    page.show_found(told.args[0], WorkPage())
    with qtbot.waitSignal(page.searched) as told:
        page.finder.today.click()
    assert told.args == [WorkQuery(group=Group.OPEN, today_only=True)]
    page.show_found(told.args[0], WorkPage())
    with qtbot.waitSignal(page.searched) as told:
        page.finder.groups[None].click()
    assert told.args[0].is_plain


def test_two_hundred_are_turned_page_by_page(shown, made, lines, qtbot) -> None:
    many = tuple(lines[number % 3] for number in range(25))
    page = shown(HomePage(WorkPage(many, 200), WorkCounts({Group.OPEN: 200})))
    assert len(page.rows) == 25
    with qtbot.waitSignal(page.searched) as told:
        QTest.keyClick(page, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    assert told.args == [WorkQuery(first=25)]
    page.show_found(told.args[0], WorkPage(many, 200, 25))
    assert page.rows[0].go_on.hasFocus()


def test_an_episode_for_review_is_one_key_away_for_a_reviewer(shown, made) -> None:
    line = made.line("summary", Group.FOR_REVIEW)
    work = WorkPage((line,), 1)
    assert shown(HomePage(work, reviews=True)).rows[0].go_on.hasFocus()
    assert shown(HomePage(work)).primary.hasFocus()


def test_tab_follows_the_reading_order(page) -> None:
    page.finder.search.setFocus()
    passed = []
    for _ in range(14):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        passed.append(page.focusWidget())
    row = page.rows[0]
    start = passed.index(row.go_on)
    assert passed[:start] == [page.finder.today, page.finder.groups[None]]  # then the arrow keys
    assert passed[start : start + 4] == [row.go_on, row.retain, row.abandon, page.rows[1].go_on]
    assert passed[start + 9 :] == [page.primary, page.station, page.cameras]


def test_down_from_new_patient_goes_to_the_first_episode(page) -> None:
    page.primary.setFocus()
    QTest.keyClick(page.primary, Qt.Key.Key_Down)
    assert page.focusWidget() is page.rows[0].go_on


def test_names_are_hidden_until_somebody_asks_for_them(shown, made, lines) -> None:
    page = shown(HomePage(WorkPage(lines, 3), hides_names=True))
    names = [line.view.patient.family_name for line in lines]
    spoken = " ".join(row.go_on.accessibleName() for row in page.rows)
    assert not any(name in texts(page) + spoken for name in names)
    assert "NHS \u2026" in texts(page)
    page.names.click()
    assert all(name.upper() in texts(page).upper() for name in names)
    page.names.click()
    assert not any(name in texts(page) for name in names)


def test_an_empty_list_shows_what_is_to_be_done_first(shown, qtbot) -> None:
    page = shown(HomePage(WorkPage()))
    page.show_steps(steps_of(Settings(), 1, has_camera=True, has_backup=False))
    assert "Before the first patient" in texts(page)
    assert StepKind.RECOVERY not in page.set_up.buttons  # it is done for good
    with qtbot.waitSignal(page.step_wanted) as told:
        page.set_up.buttons[StepKind.BACKUP].click()
    assert told.args == [StepKind.BACKUP]
