"""The colour chart is found, and measures a simulated camera's errors as they are."""

import numpy as np
import pytest

from dermstation.imaging import chart_layout as layout
from dermstation.imaging.chart import find_chart, measure_chart
from dermstation.imaging.colour_difference import delta_e, luminance, to_lab, to_linear
from tests.chart_pictures import photographed

KNOWN = to_linear(np.array(layout.PATCHES) / 255)
WARM = np.diag([1.15, 1.0, 0.8])
WASHED = np.array([[0.92, 0.06, 0.02], [0.03, 0.9, 0.05], [0.0, 0.08, 0.9]])


def true_difference(matrix: np.ndarray) -> np.ndarray:
    """Return what a camera with these colours is off by, at the brightness of the paper."""
    seen = KNOWN @ matrix.T / luminance(matrix @ np.ones(3))
    return delta_e(to_lab(seen), to_lab(KNOWN))


def measured(**camera):
    picture = photographed(**camera)
    assert find_chart(picture) is not None
    return measure_chart(picture, find_chart(picture))


def test_a_camera_without_an_error_has_none() -> None:
    found = measured(shade_stops=0.0)
    assert found.median < 0.5
    assert found.worst < 1.5
    assert found.unevenness_stops < 0.05
    assert not found.is_too_bright


@pytest.mark.parametrize("matrix", [WARM, WASHED], ids=["warm light", "washed out"])
def test_a_known_error_of_colour_is_measured_as_it_is(matrix) -> None:
    truth = true_difference(matrix)
    found = measured(matrix=matrix, exposure=0.7, shade_stops=0.5, noise=0.01)
    assert np.array(found.differences) == pytest.approx(truth, abs=0.5)
    assert found.median <= 5


def test_shade_is_no_error_of_colour_and_is_measured() -> None:
    found = measured(shade_stops=1.0)
    assert found.median < 0.5
    assert found.unevenness_stops == pytest.approx(0.65, abs=0.15)


def test_sharpness_falls_with_blur_as_a_gaussian_says() -> None:
    for blur_px in (1.5, 2.5):
        pixel = 1 / np.sqrt(12)  # a pixel's own area
        sigma = np.hypot(blur_px, pixel)
        known = np.sqrt(np.log(2) / 2) / (np.pi * sigma)
        assert measured(blur_px=blur_px).mtf50_cy_px == pytest.approx(known, rel=0.06)


def test_the_small_chart_is_told_from_the_large_one() -> None:
    picture = photographed(markers=layout.SMALL_MARKERS)
    small, large = find_chart(picture), find_chart(photographed())
    assert small.is_small
    assert not large.is_small
    assert small.px_per_mm == pytest.approx(large.px_per_mm / layout.SMALL_SHARE, rel=0.01)


def test_too_much_light_is_told_and_no_chart_is_none() -> None:
    assert measured(exposure=1.6).is_too_bright
    picture = photographed()
    assert find_chart(picture[:, : picture.shape[1] // 2]) is None
    assert find_chart(np.full((480, 640, 3), 128, np.uint8)) is None
