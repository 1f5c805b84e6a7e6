"""A picture that goes on moved to the side is found; marks, edges and hairs are no slip."""

import cv2
import numpy as np
import pytest

from dermstation.imaging.damage import has_blank_end, seam_rows
from dermstation.imaging.scale import to_grey
from dermstation.imaging.slips import calmed, slip_rows
from tests.skin_pictures import exposed, skin
from tests.torn_pictures import Pixels, View

SIZES = ((640, 480), (800, 600), (1280, 720))


def smooth(width: int, height: int) -> Pixels:
    """Return skin without any detail, a little darker towards one corner."""
    y, x = np.mgrid[: height + 1, : width + 1]
    level = 190 - 25 * (x / width) ** 2 - 15 * y / height
    colours = level[..., None] * np.array([0.75, 0.85, 1.0])
    return np.asarray(colours, np.uint8)


def frame(width: int, height: int, look: str, seed: int, noise_dn: float = 1.5) -> Pixels:
    rng = np.random.default_rng(seed)
    return View(smooth(width, height), width, height, look, noise_dn).frame(rng)


def lost(picture: Pixels, row: int, column: int, rows: int, columns: int) -> Pixels:
    """Return the picture without some pixels; black follows, as below the edge of a lens."""
    width = picture.shape[1]
    flat = picture.reshape(-1, 3)
    at, count = row * width + column, rows * width + columns
    left = np.concatenate([flat[:at], flat[at + count :], np.zeros((count, 3), np.uint8)])
    return np.ascontiguousarray(left.reshape(picture.shape))


def slips(picture: Pixels) -> tuple[int, ...]:
    grey = to_grey(picture)
    return slip_rows(grey, calmed(grey))


def slipped(picture: Pixels, row: int, columns: int) -> Pixels:
    torn = picture.copy()
    torn[row:] = np.roll(picture[row:], columns, axis=1)
    return torn


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(("rows", "columns"), [(8, 65), (7, -60), (2, 300), (0, 12), (9, -20)])
def test_the_edge_of_a_lens_that_jumps_is_seen_on_smooth_skin(
    width: int, height: int, rows: int, columns: int
) -> None:
    whole = frame(width, height, "ring", seed=rows)
    assert seam_rows(whole) == ()
    for share in (0.25, 0.4, 0.6, 0.75):
        row = round(share * height)
        assert seam_rows(lost(whole, row, width // 3, rows, columns)), row


@pytest.mark.parametrize("noise_dn", [0.7, 3.0])
def test_skin_without_any_detail_is_seen_to_slip_by_its_shading(noise_dn: float) -> None:
    for width, height in SIZES:
        whole = frame(width, height, "plain", seed=width, noise_dn=noise_dn)
        assert seam_rows(whole) == ()
        for columns in (width // 6, width // 2, -width // 4):
            assert seam_rows(slipped(whole, height // 2, columns)), (width, columns)


def test_skin_with_much_detail_is_seen_to_slip() -> None:
    whole = exposed(skin(480, 640, seed=5), noise_dn=2.0)
    assert seam_rows(whole) == ()
    for row, columns in ((150, 100), (240, -23), (300, 320)):
        assert seam_rows(slipped(whole, row, columns)), row


@pytest.mark.parametrize("slope", [0.0, 0.01, 0.03])
@pytest.mark.parametrize("spacing_px", [8, 16, 40])
def test_the_marks_of_a_scale_are_no_slip(slope: float, spacing_px: int) -> None:
    for width, height in SIZES:
        whole = frame(width, height, "plain", seed=spacing_px, noise_dn=1.0)
        begin, end, row = width // 4, 3 * width // 4, round(0.85 * height)
        for number, x in enumerate(range(begin, end, spacing_px)):
            y = row - round(slope * (x - begin))
            cv2.line(whole, (x, y), (x, y - (16 if number % 5 == 0 else 9)), (40, 40, 40), 1)
        cv2.line(whole, (begin, row), (end, row - round(slope * (end - begin))), (40, 40, 40), 1)
        assert slips(whole) == (), width


@pytest.mark.parametrize("slope", [0.002, 0.01, 0.05, 0.3])
def test_slanted_edges_and_hairs_are_no_slip(slope: float) -> None:
    for width, height in SIZES:
        whole = frame(width, height, "plain", seed=width, noise_dn=1.0)
        middle, rise = height // 2, round(slope * width)
        cv2.line(whole, (0, middle), (width, middle - rise), (60, 60, 60), 3, cv2.LINE_AA)
        corners = [[0, height], [0, height - 90], [width, height - 90 - rise], [width, height]]
        cv2.fillPoly(whole, [np.array(corners, np.int32)], (225, 225, 225), cv2.LINE_AA)
        assert slips(whole) == (), width


def test_a_last_row_that_is_dark_throughout_is_not_a_blank_end() -> None:
    rng = np.random.default_rng(4)
    for _ in range(20):
        whole = frame(640, 480, "plain", seed=1)
        whole[-1] = np.clip(9 + 1.5 * rng.standard_normal((640, 1)), 0, 255)
        assert not has_blank_end(to_grey(whole))
        whole[-1] = whole[-2]
        whole[-1, 400:] = 9
        assert has_blank_end(to_grey(whole))
