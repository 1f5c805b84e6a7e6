"""Small versions of a picture of any size keep its position, proportions and light."""

import cv2
import numpy as np
import pytest

from dermstation.imaging.scale import small_colour, small_grey, to_grey


@pytest.mark.parametrize("size", [(4000, 3000), (1920, 1080), (1601, 901), (640, 480), (300, 200)])
def test_a_small_version_is_the_picture_reduced(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 256, (6, 8, 3), np.uint8)
    picture = np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    colour, grey = small_colour(picture), small_grey(to_grey(picture))
    scale = min(1, 400 / max(size))
    assert grey.shape == colour.shape[:2] == (round(size[1] * scale), round(size[0] * scale))
    exact = cv2.resize(picture, grey.shape[::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(colour.astype(int) - exact).mean() < 3
    assert np.abs(grey.astype(int) - to_grey(np.asarray(exact, np.uint8))).mean() < 2


def test_noise_is_averaged_in_the_luma() -> None:
    noise = np.random.default_rng(2).normal(128, 20, (1200, 1600)).astype(np.uint8)
    assert small_grey(noise).std() < 20 / 2.5


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1), (3, 801)])
def test_odd_shapes_are_reduced_without_a_crash(shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 90, np.uint8)
    colour, grey = small_colour(picture), small_grey(to_grey(picture))
    assert max(grey.shape) <= 400
    assert colour.shape == (*grey.shape, 3)
    assert int(grey.min()) == int(grey.max()) == 90
