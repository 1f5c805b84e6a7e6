"""The page and the table of keys agree: at every stage, for every key, in every tooltip."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QLabel

from dermstation.domain.quality import Verdict
from dermstation.domain.records import Polarisation
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.how_to_panel import KEYS_TITLE
from dermstation.ui.capture.key_list import KeyList
from dermstation.ui.capture.keys import key_name, qt_key
from dermstation.ui.capture.page import CapturePage
from dermstation.workflow.capture_keys import KEY_TABLE, Act, Stage, Tool, row_at, row_of
from tests.ui.states.capture import capture_first

PRINTED = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", *(f"F{number}" for number in range(1, 13)))
KEYS = sorted({*PRINTED, *(key for row in KEY_TABLE for key in row.keys), "Delete", "Tab"})
BY_SHORTCUT = row_of(Act.TAKE).keys


@pytest.fixture
def page(qtbot, made) -> CapturePage:
    page = capture_first(made)
    qtbot.addWidget(page)
    page.resize(1366, 600)
    page.tools.show_earlier(made.skin)
    with qtbot.waitExposed(page):
        page.show()
    return page


def enter(page: CapturePage, stage: Stage, made) -> None:
    """Bring the page to a stage, zoomed in so that the arrow keys move something."""
    if page.stage in (Stage.HOW_TO, Stage.TAKEN, Stage.KEYS, Stage.RULER, Stage.MARKS):
        page.leave_panel()
    page.enter_aiming(ShotKind.DERMOSCOPIC, {})
    page.show_frame(made.skin)
    _enter(page, stage, made)
    if not page.view.zoomed:
        page.view.toggle_zoom()
    page.bar.open_menu = lambda: None
    assert page.stage is stage


def _enter(page: CapturePage, stage: Stage, made) -> None:
    match stage:
        case Stage.REVIEWING:
            page.enter_review(made.skin, made.report())
        case Stage.TAKEN:
            page.enter_taken(ShotKind.GENERAL, Verdict.GOOD, "")
            page.show_taken(ShotKind.GENERAL, made.skin)
        case Stage.HOLDING:
            page.enter_holding()
        case Stage.SAVING:
            page.enter_review(made.skin, made.report())
            page.enter_saving()
        case Stage.HOW_TO:
            page.enter_how_to()
        case Stage.KEYS:
            page.enter_keys()
        case Stage.RULER:
            page.enter_ruler()
        case Stage.MARKS:
            page.enter_ruler()
            page.enter_marks(made.skin)


def event_of(key: str) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, qt_key(key), Qt.KeyboardModifier.NoModifier)


@pytest.mark.parametrize("stage", Stage)
def test_every_key_works_at_exactly_the_stages_of_the_table(page, made, stage) -> None:
    answered = set()
    for key in KEYS:
        enter(page, stage, made)
        if key in ("Return", "Enter"):
            # a visible box, pressed at every stage, because the page itself confirms everywhere
            page.buttons.hands_free.show()
            page.buttons.hands_free.setFocus()
        if page.hands.press(event_of(key)):
            answered.add(key)
    enter(page, stage, made)
    answered |= {key for key in BY_SHORTCUT if page.hands.shortcuts[0].isEnabled()}
    assert answered == {key for key in KEYS if row_at(stage, key) is not None}


def test_the_shutters_shortcuts_are_its_keys_in_the_table(page) -> None:
    *fixed, chosen = page.hands.shortcuts
    assert tuple(key_name(made.key()[0].key()) for made in fixed) == BY_SHORTCUT
    assert chosen.key().isEmpty()


@pytest.mark.parametrize("stage", Stage)
def test_a_tool_is_offered_at_exactly_the_stages_of_its_key(page, made, stage) -> None:
    enter(page, stage, made)
    offered = {tool for tool in Tool if page.bar.button(tool).isEnabled()}
    assert offered == {tool for tool in Tool if stage in row_of(tool).stages}


def test_tool_tips_have_the_words_and_keys_of_the_table(page) -> None:
    shown: dict[QAbstractButton, Tool | Act] = {page.bar.button(tool): tool for tool in Tool}
    shown |= {
        page.shutter: Act.TAKE,
        page.buttons.again: Act.RETAKE,
        page.buttons.replace: Act.REPLACE,
        page.buttons.cancel: Act.LEAVE,
        page.buttons.hands_free: Act.HANDS_FREE,
        page.scale.another: Act.NEW_PICTURE,
        page.aim.polarisation.button(Polarisation.POLARISED): Act.LIGHT,
    }
    for made, act in shown.items():
        row = row_of(act)
        assert made.toolTip() == f"{row.about}  ({row.all_keys})"
        if isinstance(act, Tool):
            assert f"Key {row.key}" in made.accessibleName()
        elif act is not Act.LIGHT:
            assert row.key in made.text()
    entries = {action.text(): action.shortcut().toString() for action in page.bar.menu.actions()}
    for act in (Act.MEASURE, Act.CHOOSE_KEY):
        assert entries[f"{row_of(act).word}\u2026"] == row_of(act).key


def test_the_keys_are_listed_beside_the_picture(page) -> None:
    page.how_to.offer((), ())
    page.enter_how_to()
    assert page.how_to.topics.currentText() == KEYS_TITLE
    (listed,) = page.how_to.findChildren(KeyList)
    words = [made.text() for made in listed.findChildren(QLabel)]
    keys = {(row.key, row.word): None for row in KEY_TABLE}  # one that does the same once
    assert words == [words for pair in keys for words in pair]
