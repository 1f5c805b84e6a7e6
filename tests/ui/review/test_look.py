"""Pictures side by side are looked at together, and never beyond their edges."""

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from dermstation.ui.review.look import CLOSEST, Look

ROOM, FULL = QSizeF(400, 300), QSizeF(1600, 1200)


def place_of(look: Look, share: QPointF) -> tuple[float, float]:
    area = look.area(ROOM, FULL)
    return area.x() + share.x() * area.width(), area.y() + share.y() * area.height()


def test_the_whole_picture_fits_and_is_in_the_middle() -> None:
    assert Look().area(ROOM, FULL) == QRectF(0, 0, 400, 300)
    assert Look().area(ROOM, QSizeF(300, 300)) == QRectF(50, 0, 300, 300)


def test_the_place_below_the_pointer_stays_there() -> None:
    look = Look()
    around = QPointF(0.3, 0.6)
    look.zoom_by(3)
    before = place_of(look, around)
    look.zoom_by(1.5, around)
    assert place_of(look, around) == pytest.approx(before)


def test_nothing_is_shown_beyond_the_edge() -> None:
    look = Look()
    look.zoom_by(4)
    look.pan(9, 9)
    area = look.area(ROOM, FULL)
    assert area.right() == pytest.approx(400)
    assert area.bottom() == pytest.approx(300)
    look.pan(-0.1, 0)
    assert look.area(ROOM, FULL).right() == pytest.approx(400 + 0.1 * 1600)


def test_there_is_an_end_to_it_either_way() -> None:
    look = Look()
    look.zoom_by(1e6)
    assert look.zoom == CLOSEST
    look.zoom_by(1e-9)
    assert look.is_whole


def test_it_tells_only_when_something_changed(qtbot) -> None:
    look = Look()
    with qtbot.assertNotEmitted(look.changed):
        look.show_whole()
        look.pan(0.2, 0.2)
    with qtbot.waitSignal(look.changed):
        look.zoom_by(2)
