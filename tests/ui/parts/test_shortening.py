"""A text gives way to a short one before the window grows, and comes back with the room."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dermstation.ui.frame.header import Header
from dermstation.ui.parts.shortening import ShortButton, ShortCheckBox, ShortLabel

LONG, SHORT = "A long text that says &everything", "A &short one"


@pytest.mark.parametrize("kind", [ShortButton, ShortCheckBox, ShortLabel])
def test_the_text_fits_the_room_that_there_is(kind, qtbot) -> None:
    made = kind(LONG, SHORT)
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.addWidget(made)
    qtbot.addWidget(row)
    with qtbot.waitExposed(row):
        row.show()
    wide, narrow = row.sizeHint().width(), row.minimumSizeHint().width()
    assert narrow < wide
    for width, text in ((wide, LONG), (wide - 1, SHORT), (narrow, SHORT), (wide + 50, LONG)):
        row.resize(width, 60)
        qtbot.waitUntil(lambda text=text: made.text() == text)
        assert row.width() == width
        assert (row.sizeHint().width(), row.minimumSizeHint().width()) == (wide, narrow)


@pytest.mark.parametrize("kind", [ShortButton, ShortCheckBox])
def test_changed_texts_fit_at_once(kind, qtbot) -> None:
    made = kind(SHORT, SHORT)
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.addWidget(made)
    layout.addStretch(1)
    qtbot.addWidget(row)
    made.set_texts(LONG, SHORT)
    assert made.text() == LONG  # before it is shown nothing is known of the room
    made.set_texts(SHORT, SHORT)
    row.resize(900, 60)
    with qtbot.waitExposed(row):
        row.show()
    made.set_texts(LONG, SHORT)
    assert made.text() == LONG
    made.set_texts(SHORT, SHORT)
    row.resize(row.minimumSizeHint().width(), 60)
    made.set_texts(LONG, SHORT)
    assert made.text() == SHORT


def test_the_spoken_name_is_always_the_long_one(qtbot) -> None:
    made = ShortButton(LONG, SHORT)
    qtbot.addWidget(made)
    made.resize(10, 40)
    assert made.accessibleName() == "A long text that says everything"
    made.set_texts("Another &long text", SHORT)
    assert made.accessibleName() == "Another long text"


def test_the_demo_badge_does_not_make_the_window_wide(qtbot) -> None:
    header = Header(demo=True)
    header.show_operator("Test Nurse-One")
    qtbot.addWidget(header)
    plain = Header(demo=False)
    plain.show_operator("Test Nurse-One")
    qtbot.addWidget(plain)
    assert header.minimumSizeHint().width() == plain.minimumSizeHint().width()
