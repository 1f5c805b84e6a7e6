"""Sharp edges are marked; blurred ones and noise are not."""

import cv2
import numpy as np
import pytest

from dermstation.imaging.peaking import WORKING_WIDTH, sharp_edges


def stripes(width: int = 1600, height: int = 1200) -> np.ndarray:
    x = np.arange(width) // 100 % 2
    return np.repeat(np.tile(80 + 90 * x, (height, 1))[..., None], 3, axis=2).astype(np.uint8)


def test_sharp_edges_are_marked_in_their_place() -> None:
    marked = sharp_edges(stripes())
    assert marked.shape == (600, WORKING_WIDTH)
    columns = np.flatnonzero(marked.all(axis=0))
    assert all(min(column % 50, 50 - column % 50) <= 1 for column in columns)
    assert len(columns) >= 15


@pytest.mark.parametrize("radius_px", [4, 8])
def test_a_blur_that_spoils_the_picture_removes_the_marks(radius_px: int) -> None:
    blurred = cv2.GaussianBlur(stripes(), (0, 0), radius_px)
    assert sharp_edges(blurred).mean() < 0.1 * sharp_edges(stripes()).mean()


def test_noise_is_not_an_edge() -> None:
    chance = np.random.default_rng(1)
    noisy = (130 + chance.normal(0, 8, (600, 800, 3))).clip(0, 255).astype(np.uint8)
    assert sharp_edges(noisy).mean() < 0.01


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 900, 3), (900, 3, 3)])
def test_any_shape_is_accepted(shape) -> None:
    assert sharp_edges(np.zeros(shape, np.uint8)).sum() == 0
