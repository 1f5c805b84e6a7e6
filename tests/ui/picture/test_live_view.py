"""The live view shows the newest picture at once, and pixel for pixel if asked to."""

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from dermstation.ui.picture.live_view import LiveView


@pytest.fixture
def view(qtbot) -> LiveView:
    made = LiveView()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def flat(blue: int, green: int, red: int, shape: tuple[int, int] = (60, 80)) -> np.ndarray:
    return np.full((*shape, 3), (blue, green, red), np.uint8)


def colour_at(view: LiveView, x: int, y: int) -> tuple[int, int, int]:
    colour = QColor(view.grab().toImage().pixel(x, y))
    return colour.red(), colour.green(), colour.blue()


def test_only_the_newest_picture_is_kept(view) -> None:
    for shade in range(50):
        view.show_image(flat(shade, shade, shade))
    last = flat(10, 20, 200)
    view.show_image(last)
    assert view.frame is last
    assert colour_at(view, 200, 150) == (200, 20, 10)


def test_the_pixels_are_not_copied(view) -> None:
    frame = flat(0, 0, 0)
    frame.flags.writeable = False
    view.show_image(frame)
    assert np.shares_memory(view.frame, frame)


def test_an_array_that_is_not_contiguous_is_shown_correctly(view) -> None:
    wide = np.zeros((60, 160, 3), np.uint8)
    wide[:, ::2] = (0, 255, 0)
    view.show_image(wide[:, ::2])
    assert colour_at(view, 200, 150) == (0, 255, 0)


def test_rgb_and_grey_are_distinguished_from_bgr(view) -> None:
    view.show_image(flat(10, 20, 200), rgb=True)
    assert colour_at(view, 200, 150) == (10, 20, 200)
    view.show_image(np.full((60, 80), 77, np.uint8))
    assert colour_at(view, 200, 150) == (77, 77, 77)


def test_pixels_in_the_screen_s_own_format_are_shown_correctly(view) -> None:
    halves = np.zeros((60, 80, 4), np.uint8)
    halves[:, :40] = (10, 20, 200, 255)
    halves[:, 40:] = (200, 20, 10, 255)
    view.show_image(halves, full=(1600, 1200))
    assert colour_at(view, 100, 150) == (200, 20, 10)
    assert colour_at(view, 300, 150) == (10, 20, 200)


def test_a_new_frame_in_the_memory_of_an_earlier_one_is_shown(view) -> None:
    memory = np.full((60, 80, 4), 255, np.uint8)
    view.show_image(memory)
    assert colour_at(view, 200, 150) == (255, 255, 255)
    memory[:] = 40
    view.show_image(memory, now=True)
    assert colour_at(view, 200, 150) == (40, 40, 40)


def test_the_next_frame_covers_the_previous_one_completely(view) -> None:
    view.resize(401, 303)  # 4:3 does not come to whole px
    for shade in (255, 0):
        view.show_image(np.full((60, 80, 4), shade, np.uint8), full=(1600, 1200), now=True)
    seen = view.grab().toImage()
    grey = [QColor(seen.pixel(x, y)).lightness() for x in range(401) for y in (0, 1, 150, 301, 302)]
    assert max(grey) < 30


def test_a_live_picture_at_half_its_size_keeps_its_fine_detail(view) -> None:
    view.resize(360, 270)
    noise = np.random.default_rng(4).integers(0, 255, (450, 600, 4), np.uint8)
    frame = cv2.GaussianBlur(noise, (0, 0), 1.0)
    half = cv2.resize(frame, (300, 225), interpolation=cv2.INTER_AREA)
    view.show_image(half, full=(600, 450))
    seen = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    shown = np.frombuffer(seen.constBits(), np.uint8).reshape(270, 360, 4)
    ideal = cv2.resize(frame, (360, 270), interpolation=cv2.INTER_AREA)
    inside = np.s_[5:-5, 5:-5, :3]
    plain = cv2.resize(half, (360, 270), interpolation=cv2.INTER_LINEAR)
    lost = [cv2.absdiff(one[inside], ideal[inside]).mean() for one in (shown, plain)]
    assert lost[0] < 0.8 * lost[1]


def test_a_frame_of_another_size_is_placed_again(view) -> None:
    view.show_image(flat(255, 255, 255, (60, 80)))
    assert colour_at(view, 5, 150) == (255, 255, 255)
    view.show_image(flat(255, 255, 255, (60, 60)))
    assert colour_at(view, 5, 150) == (15, 22, 28)


def test_the_aspect_is_kept_and_the_rest_is_dark(view) -> None:
    view.show_image(flat(255, 255, 255, (60, 60)))  # square in 4:3: bars left and right
    assert colour_at(view, 5, 150) == (15, 22, 28)
    assert colour_at(view, 60, 150) == (255, 255, 255)


def test_a_message_dims_the_picture_and_hides_the_age(view) -> None:
    view.show_image(flat(255, 255, 255))
    view.show_age("Live")
    bright = colour_at(view, 20, 20)
    view.show_message("No camera is connected", "Plug it in.")
    assert view.message == ("No camera is connected", "Plug it in.")
    assert sum(colour_at(view, 20, 20)) < sum(bright) / 2
    view.show_message()
    assert view.message == ()
    assert colour_at(view, 20, 20) == bright


def test_a_still_is_shown_pixel_for_pixel_at_100_percent(view) -> None:
    chance = np.random.default_rng(1)
    still = chance.integers(0, 255, (900, 1200, 3), np.uint8)
    view.show_image(still, still=True)
    view.toggle_zoom()
    assert view.zoomed
    seen = view.grab().toImage()
    for x, y in ((100, 100), (300, 50), (399, 10)):
        blue, green, red = still[450 - 150 + y, 600 - 200 + x]
        assert QColor(seen.pixel(x, y)) == QColor(red, green, blue)


def test_a_click_zooms_to_the_clicked_point_and_back(view) -> None:
    still = np.zeros((900, 1200, 3), np.uint8)
    still[:300, :300] = (0, 0, 255)
    view.show_image(still, still=True)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert view.zoomed
    assert colour_at(view, 100, 100) == (255, 0, 0)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert not view.zoomed


def test_arrow_keys_move_the_enlarged_picture_and_stop_at_its_edge(view) -> None:
    still = np.zeros((900, 1200, 3), np.uint8)
    still[:, 1100:] = (0, 255, 0)
    view.show_image(still, still=True)
    view.toggle_zoom()
    for _ in range(40):
        QTest.keyClick(view, Qt.Key.Key_Right)
    assert colour_at(view, 399, 100) == (0, 255, 0)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert colour_at(view, 399, 100) == (0, 255, 0)
    assert colour_at(view, 200, 100) == (0, 0, 0)


def test_a_live_picture_can_be_enlarged_and_stays_so_from_frame_to_frame(view) -> None:
    whole = np.zeros((300, 400, 3), np.uint8)
    whole[100:200, 100:300] = (0, 255, 0)
    view.show_image(whole)
    assert view.wanted_width == 400
    view.toggle_zoom()
    view.show_image(whole)
    assert view.zoomed
    assert colour_at(view, 10, 10) == (0, 0, 0)  # 2x: the outer part is out of sight
    assert colour_at(view, 30, 150) == (0, 255, 0)


def test_zooming_a_reduced_frame_asks_for_the_full_size(view) -> None:
    view.show_image(flat(1, 2, 3), full=(1600, 1200))
    assert view.wanted_width == 400
    view.toggle_zoom()
    assert view.wanted_width == 1600


def test_a_held_picture_is_shown_whole_at_first(view) -> None:
    view.show_image(flat(1, 2, 3))
    view.toggle_zoom()
    view.show_image(flat(1, 2, 3), still=True)
    assert not view.zoomed


def test_one_still_after_another_is_not_shown_as_the_first(view) -> None:
    view.show_image(flat(255, 0, 0), still=True)
    assert colour_at(view, 200, 150) == (0, 0, 255)
    view.show_image(flat(0, 255, 0), still=True)
    assert colour_at(view, 200, 150) == (0, 255, 0)


def test_clearing_releases_the_pixels(view) -> None:
    view.show_image(flat(255, 255, 255), still=True)
    view.clear()
    assert view.frame is None
    assert colour_at(view, 200, 150) == (15, 22, 28)
