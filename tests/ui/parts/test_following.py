"""A form's buttons stand below it or at the bottom of the window, and a key's focus is in sight."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from dermstation.ui.parts.field import Field
from dermstation.ui.parts.folding import FoldingArea
from dermstation.ui.parts.following import FAR_PX
from dermstation.ui.parts.page import Page
from tests.ui.framing import px_to_primary, settled


class Form(Page):
    is_short = True

    def __init__(self) -> None:
        super().__init__("A form")
        self.field = Field("&Name")
        self.text = QPlainTextEdit()
        self.text.setFixedHeight(100)
        self.content.addWidget(self.field)
        self.content.addWidget(self.text)
        self.set_primary("&Go on")
        self.set_first(self.field)


@pytest.fixture
def page(qtbot) -> Form:
    page = Form()
    qtbot.addWidget(page)
    page.resize(1000, 1000)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def end_of_buttons(page: Page) -> int:
    return page.primary.mapTo(page, QPoint(0, page.primary.height())).y()


def test_in_a_high_window_the_buttons_stand_below_the_form(page, qtbot) -> None:
    settled(page, lambda: qtbot.wait(1))
    assert px_to_primary(page) < FAR_PX
    assert end_of_buttons(page) < page.height() - FAR_PX


def test_where_the_bottom_is_near_they_stand_there(page, qtbot) -> None:
    for height in (500, 250):
        page.resize(1000, height)
        settled(page, lambda: qtbot.wait(1))
        assert page.height() - end_of_buttons(page) < page.primary.height()


def test_a_form_that_grows_takes_its_buttons_along(page, qtbot) -> None:
    settled(page, lambda: qtbot.wait(1))
    before = end_of_buttons(page)
    page.text.setFixedHeight(200)
    settled(page, lambda: qtbot.wait(1))
    assert end_of_buttons(page) == before + 100


def test_what_a_key_leads_to_is_scrolled_into_sight(page, qtbot) -> None:
    QTest.mouseRelease(page, Qt.MouseButton.LeftButton)  # another test may have left it pressed
    page.resize(1000, 210)
    page.field.edit.setFocus()
    settled(page, lambda: qtbot.wait(1))
    assert not is_cursor_seen(page)
    page.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
    qtbot.waitUntil(lambda: is_cursor_seen(page))


def test_a_page_that_is_hidden_follows_no_focus(page, qtbot) -> None:
    """While a page is taken apart the focus moves through it, and a slot of it may be gone."""
    page.resize(1000, 210)
    page.field.edit.setFocus()
    settled(page, lambda: qtbot.wait(1))
    area = page.findChild(FoldingArea)
    page.hide()
    before = area.verticalScrollBar().value()
    QApplication.instance().focusChanged.emit(None, page.text)
    assert area.verticalScrollBar().value() == before
    page.show()
    QApplication.instance().focusChanged.emit(None, page.text)
    assert area.verticalScrollBar().value() > before


def is_cursor_seen(page: Form) -> bool:
    return page.text.visibleRegion().contains(page.text.cursorRect().center())
