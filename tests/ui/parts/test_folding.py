"""What lies side by side goes below each other if the window is narrow; nothing is cut off."""

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dermstation.ui.parts.button import button
from dermstation.ui.parts.folding import FoldingArea, FoldingGrid, Narrow, SideBySide
from dermstation.ui.parts.page import Page
from tests.ui.framing import scrolling_sideways

WIDE_PX, NARROW_PX = 1000, 500


def block(width_px: int, height_px: int = 40) -> QWidget:
    made = QWidget()
    made.setMinimumSize(width_px, height_px)
    return made


@pytest.fixture
def shown(qtbot):
    def show(page: Page, width_px: int) -> Page:
        qtbot.addWidget(page)
        page.resize(width_px, 400)
        with qtbot.waitExposed(page):
            page.show()
        return page

    return show


def lie_beside(one: QWidget, other: QWidget) -> bool:
    return one.geometry().right() < other.geometry().left() and one.y() == other.y()


def lie_below(one: QWidget, other: QWidget) -> bool:
    return one.geometry().bottom() < other.geometry().top() and one.x() == other.x()


def test_a_row_folds_and_unfolds_with_the_window(shown, qtbot) -> None:
    left, right = block(300), block(300)
    page = Page("A title")
    row = SideBySide()
    row.addWidget(left, 1)
    row.addWidget(right, 1)
    page.content.addLayout(row)
    shown(page, WIDE_PX)
    assert lie_beside(left, right)
    page.resize(NARROW_PX, 400)
    qtbot.waitUntil(lambda: lie_below(left, right))
    qtbot.waitUntil(lambda: scrolling_sideways(page) == [])
    page.resize(WIDE_PX, 400)
    qtbot.waitUntil(lambda: lie_beside(left, right))


def test_a_row_whose_parts_grow_folds_without_the_window_changing(shown, qtbot) -> None:
    left, right = block(200), block(100)
    page = Page("A title")
    row = SideBySide()
    row.addWidget(left, 1)
    row.addWidget(right, 1)
    page.content.addLayout(row)
    shown(page, NARROW_PX)
    assert lie_beside(left, right)
    right.setMinimumWidth(400)
    qtbot.waitUntil(lambda: lie_below(left, right))
    right.hide()
    right.setMinimumWidth(100)
    right.show()
    qtbot.waitUntil(lambda: lie_beside(left, right))


def test_a_part_of_a_fixed_width_has_the_whole_row_when_it_is_folded(shown, qtbot) -> None:
    left, right = block(400), QWidget()
    page = Page("A title")
    row = SideBySide()
    row.addWidget(left, 1)
    row.addWidget(right)
    row.keep_width(right, 200)
    page.content.addLayout(row)
    shown(page, WIDE_PX)
    assert right.width() == 200
    page.resize(NARROW_PX, 400)
    qtbot.waitUntil(lambda: right.width() == left.width())
    page.resize(WIDE_PX, 400)
    qtbot.waitUntil(lambda: right.width() == 200)


@pytest.mark.parametrize(
    ("width_px", "columns"), [(1000, 4), (780, 3), (560, 2), (400, 1), (300, 1)]
)
def test_a_grid_has_as_many_columns_as_there_is_room_for(width_px, columns, shown, qtbot) -> None:
    page = Page("A title")
    grid = FoldingGrid(4)
    blocks = [button(f"Number {number}", least_px=200) for number in range(6)]
    for one in blocks:
        grid.add(one)
    page.content.addLayout(grid)
    shown(page, width_px)
    qtbot.waitUntil(lambda: len({one.x() for one in blocks}) == columns)
    assert [(one.y(), one.x()) for one in blocks] == sorted((one.y(), one.x()) for one in blocks)
    assert scrolling_sideways(page) == []


def test_what_cannot_be_made_narrower_can_still_be_reached(shown) -> None:
    page = Page("A title")
    page.content.addWidget(block(700))
    shown(page, NARROW_PX)
    assert len(scrolling_sideways(page)) == 1


def test_the_scroll_bar_of_a_narrow_column_is_beside_its_contents(qtbot) -> None:
    inside = QWidget()
    inside.setFixedWidth(100)
    rows = QVBoxLayout(inside)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.addWidget(block(100, 300))
    area = Narrow(inside)
    qtbot.addWidget(area)
    area.resize(area.width(), 400)
    with qtbot.waitExposed(area):
        area.show()
    assert area.width() == 100
    area.resize(area.width(), 200)
    qtbot.waitUntil(lambda: area.width() > 100)
    assert area.viewport().width() == 100
    area.resize(area.width(), 400)
    qtbot.waitUntil(lambda: area.width() == 100)


def test_a_narrow_column_is_as_wide_as_its_words_need(qtbot) -> None:
    inside, words = QWidget(), QLabel("A")
    inside.setMinimumWidth(100)
    QVBoxLayout(inside).addWidget(words)
    area = Narrow(inside)
    qtbot.addWidget(area)
    with qtbot.waitExposed(area):
        area.show()
    assert area.width() == 100
    words.setText("Words that are wider than the column is")
    qtbot.waitUntil(lambda: area.viewport().width() >= words.sizeHint().width() > 100)
    words.setText("A")
    qtbot.waitUntil(lambda: area.width() == 100)


def test_a_button_is_never_narrower_than_its_text(qtbot) -> None:
    text = "A text that is much longer than this"
    made = button(text, least_px=60)
    qtbot.addWidget(made)
    assert made.minimumSizeHint().width() > made.fontMetrics().horizontalAdvance(text)
    short = button("A", least_px=300)
    qtbot.addWidget(short)
    assert short.minimumSizeHint().width() == 300


def test_contents_in_a_card_have_less_room(qtbot) -> None:
    column, card = QWidget(), QWidget()
    QVBoxLayout(column).addWidget(card)
    inside = QVBoxLayout(card)
    inside.setContentsMargins(50, 0, 50, 0)
    row = SideBySide(0)
    left, right = QLabel("left"), QLabel("right")
    for one in (left, right):
        one.setMinimumWidth(200)
        row.addWidget(one)
    inside.addLayout(row)
    area = FoldingArea(column, 2000)
    qtbot.addWidget(area)
    bar_px = area.verticalScrollBar().sizeHint().width()
    area.resize(400 + 100 + 48 + bar_px, 300)
    with qtbot.waitExposed(area):
        area.show()
    assert lie_beside(left, right)
    area.resize(area.width() - 1, 300)
    qtbot.waitUntil(lambda: lie_below(left, right))
