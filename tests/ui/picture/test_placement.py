"""A picture is placed whole and centred, or enlarged without a gap at its edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from dermstation.ui.picture.placement import Placement

ROOM = QSizeF(858, 492)
FULL = QSizeF(1600, 1200)


def test_a_whole_picture_fits_and_keeps_its_aspect() -> None:
    area = Placement().area(ROOM, FULL, 1.0)
    assert area == QRectF((858 - 656) / 2, 0, 656, 492)
    assert Placement().scale(ROOM, FULL, 1.0) == pytest.approx(0.41)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_a_picture_that_nearly_fits_at_half_its_size_is_shown_at_half_its_size(ratio) -> None:
    room = QSizeF(968, 640) / ratio
    area = Placement().area(room, QSizeF(1920, 1080), ratio)
    assert area.size() * ratio == QSizeF(960, 540)
    assert area.center() == QRectF(QPointF(), room).center()
    assert Placement().scale(room, QSizeF(1920, 1080), ratio) == 0.5


def test_one_px_of_an_enlarged_frame_is_one_px_of_the_screen() -> None:
    placement = Placement()
    placement.toggle(QPointF(0.5, 0.5))
    assert placement.area(ROOM, FULL, 1.0).size() == FULL
    assert placement.area(ROOM, FULL * 4, 2.0).size() == FULL * 2
    assert placement.scale(ROOM, FULL * 4, 2.0) == 1.0


def test_a_small_picture_on_a_large_screen_is_enlarged_too() -> None:
    placement = Placement()
    placement.toggle()
    assert placement.area(ROOM, QSizeF(320, 240), 1.0).width() == pytest.approx(2 * 656)


@given(
    st.floats(0, 1),
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(-900, 900), st.floats(-900, 900)), max_size=5),
)
def test_an_enlarged_picture_leaves_no_gap(x, y, moves) -> None:
    placement = Placement()
    placement.toggle(QPointF(x, y))
    room = QRectF(0, 0, ROOM.width(), ROOM.height())
    for right, down in [(0.0, 0.0), *moves]:
        placement.pan(right, down, ROOM, placement.area(ROOM, FULL, 1.0))
        assert placement.area(ROOM, FULL, 1.0).adjusted(-1, -1, 1, 1).contains(room)


def test_reset_shows_the_whole_picture_again() -> None:
    placement = Placement()
    placement.toggle(QPointF(0.1, 0.1))
    placement.reset()
    assert not placement.enlarged
