"""A mark shows its place and leaves the original picture unchanged."""

import numpy as np
import pytest

from dermstation.domain.copies import Shape, ShapeKind
from dermstation.imaging.marking import MARK_BGR, arrow_head, edge_px, marked, stroke_px

SKIN = np.full((600, 800, 3), (150, 175, 222), np.uint8)


def drawn(result: np.ndarray) -> np.ndarray:
    return np.argwhere((result != SKIN).any(axis=2))


@pytest.mark.parametrize("kind", [ShapeKind.ARROW, ShapeKind.RING])
def test_the_picture_itself_is_not_touched(kind: ShapeKind) -> None:
    before = SKIN.copy()
    result = marked(before, (Shape(kind, 0.2, 0.2, 0.5, 0.6),))
    assert np.array_equal(before, SKIN)
    assert (result == MARK_BGR).all(axis=2).any()


def test_an_arrow_ends_where_its_tip_was_put() -> None:
    places = drawn(marked(SKIN, (Shape(ShapeKind.ARROW, 0.25, 0.5, 0.75, 0.5),)))
    reach = edge_px(stroke_px(800, 600)) + 2
    assert abs(places[:, 1].max() - 600) <= reach
    assert abs(places[:, 1].min() - 200) <= reach + stroke_px(800, 600)
    assert abs(places[:, 0].mean() - 300) < 2


def test_a_ring_does_not_cover_what_it_marks() -> None:
    result = marked(SKIN, (Shape(ShapeKind.RING, 0.25, 0.25, 0.75, 0.75),))
    assert np.array_equal(result[200:400, 300:500], SKIN[200:400, 300:500])
    places = drawn(result)
    assert abs(places[:, 1].min() - 200) < 12
    assert abs(places[:, 0].max() - 450) < 12


@pytest.mark.parametrize("ground", [0, 128, 255])
def test_a_mark_is_visible_on_every_background(ground: int) -> None:
    bgr = np.full((300, 400, 3), ground, np.uint8)
    result = marked(bgr, (Shape(ShapeKind.RING, 0.3, 0.3, 0.7, 0.7),)).astype(int)
    assert np.abs(result - ground).max() > 120


def test_a_shape_without_size_is_still_drawn() -> None:
    for kind in (ShapeKind.ARROW, ShapeKind.RING):
        assert len(drawn(marked(SKIN, (Shape(kind, 0.5, 0.5, 0.5, 0.5),))))
    assert len(arrow_head((1.0, 1.0), (1.0, 1.0), 4.0)) == 3
