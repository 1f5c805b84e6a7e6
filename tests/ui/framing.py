"""Pages laid out as in the window, at both sizes, and checks that nothing is cut off."""

import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import combinations
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from dermstation.domain.identity import NhsNumber, Patient
from dermstation.ui.frame.header import Header
from dermstation.ui.frame.shell import STEP_WORDS
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.shortening import ShortButton, ShortCheckBox, ShortLabel
from dermstation.ui.parts.text import ElidedLabel
from dermstation.ui.parts.wrapping import WrapCheckBox, WrapRadio
from dermstation.ui.picture.live_view import LiveView
from dermstation.workflow.walk import Step

TITLE_BAR_PX = 31  # of a maximised window, within the 728 px a 768 px screen leaves
SIZES = {"1366x768": (1366, 728 - TITLE_BAR_PX), "1920x1080": (1920, 1040 - TITLE_BAR_PX)}
LONG_PATIENT = Patient(
    "1" * 32,
    "Maximiliana Wilhelmina Bartholomea Persephone Test-Given-Names Longest",
    "Featherstonehaugh-Cholmondeley-Majoribanks-Wolfeschlegelsteinhausen-Test",
    date(1931, 12, 28),
    NhsNumber("9990000123"),
)
LONG = "W" * 90
_MOST_ROUNDS = 20
_CONTROLS = (QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit)


def named(step: str, *built: Callable[..., Page]) -> dict[str, tuple[Callable[..., Page], str]]:
    """Return states by name, each with the step of the walk shown above it."""
    return {build.__name__: (build, step) for build in built}


def show(frame: QWidget, name: str, size: str | tuple[int, int], qtbot: QtBot) -> None:
    """Show a framed page at one of the sizes, and check that it does not force the window larger.

    If DERMSTATION_GALLERY names a folder, save a picture of the page there as `name`.
    """
    if isinstance(size, str):
        width, height = SIZES[size]
    else:
        width, height = size
        size = f"{width}x{height}"
    frame.resize(width, height)
    if not frame.isVisible():
        qtbot.addWidget(frame)
        with qtbot.waitExposed(frame):
            frame.show()
    settled(frame, lambda: qtbot.wait(1))
    if folder := os.environ.get("DERMSTATION_GALLERY"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        assert frame.grab().save(str(Path(folder) / f"{name}-{size}.png"))
    assert frame.size().width() == width, f"at {size} the page forces the window wider"
    assert frame.size().height() == height, f"at {size} the page forces the window taller"


def settled(frame: QWidget, wait: Callable[[], object]) -> None:
    """Let the layouts come to rest after showing or resizing; `wait` runs the events."""
    before: list[QRect] = []
    for _ in range(_MOST_ROUNDS):
        wait()
        QCoreApplication.sendPostedEvents()  # a busy machine leaves some of a layout's steps
        lying = [one.geometry() for one in frame.findChildren(QWidget)]
        if lying == before:
            return
        before = lying
    raise AssertionError("the page never comes to rest")


def framed(page: Page, step: str, patient: Patient) -> QWidget:
    """Return a page laid out as in the window: below the header."""
    header = Header(demo=True)
    header.show_patient(patient if step else None, date(2026, 9, 4))
    header.show_operator("Test Nurse-One")
    frame = QWidget()
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(header)
    if step:
        place = Step(step.lower().replace("-", "_"))
        header.show_place(STEP_WORDS[place], page.about)
    layout.addWidget(page, 1)
    return frame


def cut_off(root: QWidget) -> list[str]:
    """Return a line for every visible widget that is partly cut off."""
    found = []
    for widget in root.findChildren(QWidget):
        parent = widget.parentWidget()
        if not widget.isVisible() or parent is None or _inside_of_control(widget):
            continue
        scroller = parent.parentWidget()
        if isinstance(scroller, QScrollArea) and scroller.widget() is widget:
            if widget.width() > parent.width():
                found.append(f"{_name(widget)} is wider than its scroll area")
        elif not parent.rect().contains(widget.geometry()):
            found.append(f"{_name(widget)} {widget.geometry()} leaves {_name(parent)}")
        found += _cut_words(widget)
    return found


def scrolling(root: QWidget) -> bool:
    """Return whether any part of the page has to be scrolled."""
    return any(
        area.verticalScrollBar().isVisible()
        for area in root.findChildren(QScrollArea)
        if area.isVisible()
    )


def px_to_primary(page: Page) -> int:
    """Return how far below the last of a page's contents the middle of its primary button is."""
    primary = page.primary
    if primary is None or not primary.isVisible():
        return 0
    ends = [
        one.mapTo(page, one.rect().bottomLeft()).y()
        for area in page.findChildren(QScrollArea)
        for one in area.widget().findChildren(QWidget)
        if isinstance(one, _CONTROLS) and one.isVisible() and not _is_empty(one)
    ]
    return primary.mapTo(page, primary.rect().center()).y() - max(ends)


def _is_empty(widget: QWidget) -> bool:
    return isinstance(widget, QLabel) and not widget.text() and widget.pixmap().isNull()


def scrolling_sideways(root: QWidget) -> list[str]:
    """Return a line for every area whose contents are wider than it."""
    return [
        f"{_name(area.widget())} of {area.widget().minimumSizeHint().width()} px"
        for area in root.findChildren(QScrollArea)
        if area.isVisible() and area.horizontalScrollBar().maximum()
    ]


def bad_buttons(page: QWidget, *, least_px: int = 40) -> list[str]:
    """Return a line for every visible button that is too low to hit or has no accessible name."""
    found = []
    for button in _buttons(page):
        if button.height() < least_px:
            found.append(f"{_name(button)} is {button.height()} px high")
        if not (button.accessibleName() or button.text()):
            found.append(f"{button} has no name")
    return found


def overlapping(page: QWidget) -> list[str]:
    """Return a line for every two visible controls of which one covers a part of the other."""
    shown = [
        (one, area)
        for one in page.findChildren(QWidget)
        if isinstance(one, _CONTROLS) and one.isVisible() and not _inside_of_control(one)
        if not (area := _seen(one, page)).isEmpty()
    ]
    return [
        f"{_name(one)} and {_name(other)}"
        for (one, area), (other, place) in combinations(shown, 2)
        if area.intersects(place) and not one.isAncestorOf(other) and not other.isAncestorOf(one)
    ]


def repeated_mnemonics(page: QWidget, *of_the_window: str) -> list[str]:
    """Return the mnemonics that several visible buttons share, or a button and the window."""
    marks = [*of_the_window]
    marks += [
        mark
        for button in _buttons(page)
        if (mark := button.text().replace("&&", "").partition("&")[2][:1].lower())
    ]
    return sorted(mark for mark, times in Counter(marks).items() if times > 1)


def _buttons(page: QWidget) -> list[QAbstractButton]:
    return [one for one in page.findChildren(QAbstractButton) if one.isVisible()]


def _seen(widget: QWidget, page: QWidget) -> QRect:
    """Return where a widget is on a page, without what is scrolled away."""
    area, parent = widget.geometry(), widget.parentWidget()
    while parent is not None:
        area = area.intersected(parent.rect())
        if parent is page:
            break
        area, parent = area.translated(parent.pos()), parent.parentWidget()
    return area


def _cut_words(widget: QWidget) -> list[str]:
    if isinstance(widget, ElidedLabel):
        return []
    if isinstance(widget, (ShortButton, ShortCheckBox, ShortLabel)):
        words = widget.fontMetrics().horizontalAdvance(widget.text().replace("&", ""))
        return [f"{_name(widget)} is cut"] if widget.width() < words else []
    if isinstance(widget, QLabel) and widget.text():
        if widget.hasHeightForWidth():
            needed = widget.heightForWidth(widget.width())
            short = widget.height() < needed
        else:
            short = (
                widget.width() < widget.sizeHint().width()
                or widget.height() < widget.sizeHint().height()
            )
        return [f"{_name(widget)} is cut"] if short else []
    if isinstance(widget, (QAbstractButton, QComboBox)):
        hint = widget.minimumSizeHint() if isinstance(widget, QComboBox) else widget.sizeHint()
        if isinstance(widget, (WrapCheckBox, WrapRadio)):
            kind = QCheckBox if isinstance(widget, QCheckBox) else QRadioButton
            hint = kind.sizeHint(widget)  # of its lines
        if widget.width() < hint.width() or widget.height() < hint.height():
            return [f"{_name(widget)} {widget.size()} is less than {hint}"]
    return []


def _inside_of_control(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, (QAbstractItemView, QComboBox, LiveView)):
            return True
        if isinstance(parent, QAbstractScrollArea) and not isinstance(parent, QScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
    return f"{type(widget).__name__}({words!r})"
