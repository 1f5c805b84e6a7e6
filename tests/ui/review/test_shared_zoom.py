"""Pictures side by side are zoomed together, and never moved beyond their edges."""

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from dermstation.ui.review.shared_zoom import CLOSEST, SharedZoom

ROOM, FULL = QSizeF(400, 300), QSizeF(1600, 1200)


def place_of(zoom: SharedZoom, share: QPointF) -> tuple[float, float]:
    area = zoom.area(ROOM, FULL)
    return area.x() + share.x() * area.width(), area.y() + share.y() * area.height()


def test_the_whole_picture_fits_and_is_in_the_middle() -> None:
    assert SharedZoom().area(ROOM, FULL) == QRectF(0, 0, 400, 300)
    assert SharedZoom().area(ROOM, QSizeF(300, 300)) == QRectF(50, 0, 300, 300)


def test_the_place_below_the_pointer_stays_there() -> None:
    zoom = SharedZoom()
    around = QPointF(0.3, 0.6)
    zoom.zoom_by(3)
    before = place_of(zoom, around)
    zoom.zoom_by(1.5, around)
    assert place_of(zoom, around) == pytest.approx(before)


def test_nothing_is_shown_beyond_the_edge() -> None:
    zoom = SharedZoom()
    zoom.zoom_by(4)
    zoom.pan(9, 9)
    area = zoom.area(ROOM, FULL)
    assert area.right() == pytest.approx(400)
    assert area.bottom() == pytest.approx(300)
    zoom.pan(-0.1, 0)
    assert zoom.area(ROOM, FULL).right() == pytest.approx(400 + 0.1 * 1600)


def test_the_zoom_is_limited_at_both_ends() -> None:
    zoom = SharedZoom()
    zoom.zoom_by(1e6)
    assert zoom.factor == CLOSEST
    zoom.zoom_by(1e-9)
    assert zoom.is_whole


def test_it_emits_only_changes(qtbot) -> None:
    zoom = SharedZoom()
    with qtbot.assertNotEmitted(zoom.changed):
        zoom.show_whole()
        zoom.pan(0.2, 0.2)
    with qtbot.waitSignal(zoom.changed):
        zoom.zoom_by(2)
