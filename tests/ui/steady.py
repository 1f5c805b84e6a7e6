"""What moves on a page when it says that something is wrong: nothing may."""

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from tests.ui.framing import settled

_CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)


def moved_by_errors(page: Page, wait: Callable[[], object]) -> list[str]:
    """Return a line for each control that moves when errors come or go; this presses the button."""
    shown = {one: one.words for one in page.findChildren(Problem)}
    before = _places(page)
    for one in shown:
        one.show_words("")
    settled(page, wait)
    found = _moved(before, _places(page))
    before = _places(page)
    page.press_primary()
    settled(page, wait)
    if any(one.words for one in shown):
        found += _moved(before, _places(page))
    return found


def moved_by_a_notice(page: Page, wait: Callable[[], object]) -> list[str]:
    """Return a line for each control that moves when a notice appears."""
    page.clear_notice()
    settled(page, wait)
    before = _places(page)
    page.show_notice(Level.ERROR, "What happened.", "What is safe.", "What to do. " * 12)
    settled(page, wait)
    return _moved(before, _places(page))


def _places(page: Page) -> dict[QWidget, QPoint]:
    """Return where the visible controls are, however far their area is scrolled."""
    return {
        one: one.mapTo(_scrolled(one, page), QPoint(0, 0))
        for one in page.findChildren(QWidget)
        if isinstance(one, _CONTROLS) and one.isVisible() and not page.notice.isAncestorOf(one)
    }


def _scrolled(widget: QWidget, page: Page) -> QWidget:
    """Return the contents of the area in which a widget scrolls, or else the page."""
    while widget is not page:
        above = widget.parentWidget()
        assert above is not None
        if isinstance(above.parentWidget(), QScrollArea):
            break
        widget = above
    return widget


def _moved(before: dict[QWidget, QPoint], after: dict[QWidget, QPoint]) -> list[str]:
    return [
        f"{type(one).__name__} {one.accessibleName()!r} from {at} to {after[one]}"
        for one, at in before.items()
        if one in after and after[one] != at
    ]
