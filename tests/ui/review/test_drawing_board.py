"""Shapes are drawn by dragging or with keys, and each step can be undone."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from dermstation.domain.copies import SHAPES_MOST, CopyKind, Shape, ShapeKind
from dermstation.ui.review.drawing_board import DrawingBoard
from dermstation.ui.review.shared_zoom import SharedZoom

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def board(qtbot, made) -> DrawingBoard:
    board = DrawingBoard(SharedZoom(), "Picture", CopyKind.COVERED)
    qtbot.addWidget(board)
    board.resize(800, 600)
    board.show_pixels(made.skin)
    with qtbot.waitExposed(board):
        board.show()
    board.setFocus()
    return board


def at(board: DrawingBoard, x: float, y: float) -> QPoint:
    return board.to_widget(x, y).toPoint()


def drag(board: DrawingBoard, *places: tuple[float, float]) -> None:
    first, *others = [at(board, *place) for place in places]
    QTest.mousePress(board, LEFT, NONE, first)
    for point in others:
        QTest.mouseMove(board, point)
    QTest.mouseRelease(board, LEFT, NONE, others[-1])


def box(shape: Shape) -> list[float]:
    return [round(one, 2) for one in shape.box]


def test_a_drag_draws_a_shape_of_the_tool(board: DrawingBoard) -> None:
    drag(board, (0.2, 0.2), (0.3, 0.5), (0.5, 0.6))
    board.tool = ShapeKind.ELLIPSE
    drag(board, (0.9, 0.9), (0.6, 0.7))
    assert [one.kind for one in board.shapes] == [ShapeKind.RECTANGLE, ShapeKind.ELLIPSE]
    assert box(board.shapes[0]) == [0.2, 0.2, 0.5, 0.6]
    assert box(board.shapes[1]) == [0.6, 0.7, 0.9, 0.9]


def test_a_click_alone_draws_nothing(board: DrawingBoard) -> None:
    QTest.mouseClick(board, LEFT, NONE, at(board, 0.5, 0.5))
    assert board.shapes == ()
    assert not board.can_undo


def test_a_shape_is_moved_and_resized_by_dragging(board: DrawingBoard) -> None:
    drag(board, (0.2, 0.2), (0.4, 0.4))
    drag(board, (0.3, 0.3), (0.35, 0.35), (0.5, 0.4))
    assert box(board.shapes[0]) == [0.4, 0.3, 0.6, 0.5]
    drag(board, (0.6, 0.5), (0.8, 0.9))
    assert box(board.shapes[0]) == [0.4, 0.3, 0.8, 0.9]
    assert len(board.shapes) == 1


def test_a_shape_stays_on_the_picture(board: DrawingBoard) -> None:
    drag(board, (0.2, 0.2), (0.4, 0.4))
    drag(board, (0.3, 0.3), (0.9, 0.9), (1.0, 1.0))
    left, upper, right, lower = board.shapes[0].box
    assert (right, lower) == (pytest.approx(1), pytest.approx(1))
    assert right - left == pytest.approx(0.2, abs=0.01)
    assert lower - upper == pytest.approx(0.2, abs=0.01)


def test_everything_can_be_done_by_keys(board: DrawingBoard) -> None:
    QTest.keyClick(board, Qt.Key.Key_N)
    assert box(board.shapes[0]) == [0.4, 0.4, 0.6, 0.6]
    for _ in range(5):
        QTest.keyClick(board, Qt.Key.Key_Left)
    QTest.keyClick(board, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    for _ in range(10):
        QTest.keyClick(board, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert board.shapes[0].box == pytest.approx((0.35, 0.398, 0.65, 0.598))
    QTest.keyClick(board, Qt.Key.Key_N)
    QTest.keyClick(board, Qt.Key.Key_PageUp)
    QTest.keyClick(board, Qt.Key.Key_Delete)
    assert box(board.shapes[0]) == [0.4, 0.4, 0.6, 0.6]
    QTest.keyClick(board, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(board.shapes) == 2
    while board.can_undo:
        board.undo()
    assert board.shapes == ()


def test_a_shape_drawn_on_a_zoomed_picture_is_where_it_was_drawn(board: DrawingBoard) -> None:
    for _ in range(4):
        QTest.keyClick(board, Qt.Key.Key_Plus)
    drag(board, (0.45, 0.45), (0.55, 0.52))
    QTest.keyClick(board, Qt.Key.Key_0)
    assert box(board.shapes[0]) == [0.45, 0.45, 0.55, 0.52]


def test_an_arrow_keeps_its_direction(qtbot, made) -> None:
    board = DrawingBoard(SharedZoom(), "Picture", CopyKind.MARKED)
    qtbot.addWidget(board)
    board.resize(800, 600)
    board.show_pixels(made.skin)
    drag(board, (0.8, 0.8), (0.5, 0.4))
    (arrow,) = board.shapes
    assert arrow.kind is ShapeKind.ARROW
    assert (round(arrow.x1, 2), round(arrow.y1, 2)) == (0.5, 0.4)
    drag(board, (0.65, 0.6), (0.55, 0.5))  # by its shaft
    assert len(board.shapes) == 1
    assert round(board.shapes[0].x1, 1) == 0.4


def test_no_more_shapes_are_drawn_than_a_copy_may_have(board: DrawingBoard) -> None:
    board.show_shapes((Shape(ShapeKind.RECTANGLE, 0, 0, 0.1, 0.1),) * SHAPES_MOST)
    board.add()
    drag(board, (0.5, 0.5), (0.7, 0.7))
    assert len(board.shapes) == SHAPES_MOST


def test_a_cover_on_the_screen_is_opaque(board: DrawingBoard) -> None:
    """The screen shows an opaque cover: nothing shines through while it is drawn."""
    board.show_shapes((Shape(ShapeKind.RECTANGLE, 0.4, 0.4, 0.6, 0.6),))
    seen = board.grab().toImage()
    for x, y in ((0.45, 0.45), (0.5, 0.5), (0.57, 0.57)):
        assert seen.pixelColor(QPointF(board.to_widget(x, y)).toPoint()).lightness() == 0
