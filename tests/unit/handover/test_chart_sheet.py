"""The printed sheet holds both charts, at exact sizes."""

import cv2
import numpy as np
import pytest

from dermstation.handover.chart_sheet import chart_sheet
from dermstation.imaging.chart import MARKERS
from dermstation.imaging.chart_layout import INK, PATCHES
from tests.rendered import pages_of, patches


@pytest.fixture(scope="module")
def sheet() -> bytes:
    return chart_sheet()


def test_the_sheet_is_the_same_on_every_pc(sheet: bytes) -> None:
    assert sheet.startswith(b"%PDF")
    assert chart_sheet() == sheet


def markers_of(sheet: bytes, area_mm: tuple[int, int, int, int], dots_per_inch: int) -> dict:
    """Return where each marker's corners are, in mm, in an area: left, top, right, bottom."""
    px_per_mm = dots_per_inch / 25.4
    left, top, right, bottom = (round(one * px_per_mm) for one in area_mm)
    (page,) = pages_of(sheet, dots_per_inch)
    area = np.ascontiguousarray(page[top:bottom, left:right, :3])
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(MARKERS))
    corners, ids, _ = detector.detectMarkers(area)
    found = zip(ids.ravel().tolist(), corners, strict=True)
    return {one: (at[0] + (left, top)) / px_per_mm for one, at in found}


def test_the_markers_of_both_charts_lie_where_they_are_drawn(sheet: bytes) -> None:
    large = markers_of(sheet, (20, 35, 200, 170), 150)
    small = markers_of(sheet, (90, 187, 120, 212), 600)
    assert set(large) == {0, 1, 2, 3}
    assert set(small) == {4, 5, 6, 7}
    assert large[0][0] == pytest.approx((25 + 4, 40 + 4), abs=0.3)
    assert large[2][2] == pytest.approx((25 + 156, 40 + 116), abs=0.3)
    assert small[4][0] == pytest.approx((93 + 0.6, 190 + 0.6), abs=0.1)


def test_every_patch_has_its_colour_in_both_charts(sheet: bytes) -> None:
    (page,) = pages_of(sheet, 150)
    for colour in PATCHES:
        assert len([one for one in patches(page, colour) if one.pixels > 50]) >= 2, colour
    assert patches(page, INK)
