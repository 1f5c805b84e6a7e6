"""Each layer is painted in the right place, over the whole picture and over an enlarged one."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from dermstation.ui.picture.live_view import LiveView
from dermstation.workflow.measuring import Scale

BLACK = np.zeros((300, 400, 3), np.uint8)


@pytest.fixture
def view(qtbot) -> LiveView:
    made = LiveView()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show_image(BLACK)
    made.show()
    return made


def bright(view: LiveView) -> np.ndarray:
    """Return a map of the widget's bright pixels, shape (height, width)."""
    image = view.grab().toImage()
    seen = [
        [QColor(image.pixel(x, y)).lightness() > 120 for x in range(image.width())]
        for y in range(image.height())
    ]
    return np.array(seen)


def test_the_grid_divides_into_thirds(view) -> None:
    view.set_shown(view.over.grid, True)
    seen = bright(view)
    columns, rows = np.flatnonzero(seen[50, :]), np.flatnonzero(seen[:, 50])
    assert [round(place / 400, 1) for place in (columns.min(), columns.max())] == [0.3, 0.7]
    assert [round(place / 300, 1) for place in (rows.min(), rows.max())] == [0.3, 0.7]


def test_the_ruler_s_millimetres_fit_the_size_of_the_picture(view) -> None:
    view.over.ruler.scale = Scale(0.1, 0.01)  # 10 px a mm
    view.set_shown(view.over.ruler, True)
    seen = bright(view)
    base = int(seen.sum(axis=1).argmax())
    ticks = np.flatnonzero(seen[base - 8])
    starts = ticks[np.insert(np.diff(ticks) > 1, 0, True)]
    assert set(np.diff(starts)) == {10}
    whole_mm = len(starts) - 1
    assert whole_mm == 24


def test_the_ruler_grows_with_the_picture(view) -> None:
    view.show_image(BLACK, full=(1600, 1200))  # each px shown is four of the frame
    view.over.ruler.scale = Scale(0.1, 0.01)
    view.set_shown(view.over.ruler, True)
    seen = bright(view)
    base = int(seen.sum(axis=1).argmax())
    assert np.ptp(np.flatnonzero(seen[base])) == pytest.approx(248, abs=8)  # 99 mm of 2.5 px


def test_without_a_scale_there_is_no_ruler(view) -> None:
    view.set_shown(view.over.ruler, True)
    assert not bright(view).any()


def test_areas_of_trouble_are_painted_in_the_right_place(view) -> None:
    soft, lost = np.zeros((3, 4), bool), np.zeros((3, 4), bool)
    soft[1, 0], lost[2, 3] = True, True
    view.over.trouble.show_cells(soft, lost)
    view.set_shown(view.over.trouble, True)
    seen = bright(view)
    assert seen[105:195, 5:95].any()
    assert seen[205:295, 305:395].any()
    assert not seen[105:195, 105:].any()
    assert not seen[205:295, 5:295].any()
    view.toggle_zoom(QPointF(50, 150))  # twice as large, around the first area
    assert bright(view)[5:150, 5:195].any()
    assert not bright(view)[100:180, 250:].any()


def test_only_the_sharp_edge_is_green(view) -> None:
    frame = np.full((300, 400, 3), 40, np.uint8)
    frame[:, 200:] = 200
    view.show_image(frame)
    view.set_shown(view.over.peaking, True)
    image = view.grab().toImage()
    green = [x for x in range(400) if QColor(image.pixel(x, 100)).green() == 255]
    assert green
    assert all(198 <= x <= 201 for x in green)


def test_the_lens_enlarges_what_is_under_it(view) -> None:
    frame = BLACK.copy()
    frame[145:155, 195:205] = 255
    view.show_image(frame)
    view.set_shown(view.over.lens, True)
    inside = bright(view)[100:200, 150:250]
    assert inside.sum() == pytest.approx(400, abs=80)  # 10 x 10 px, twice as large


def test_with_every_layer_off_only_the_picture_is_painted(view) -> None:
    assert not bright(view).any()
