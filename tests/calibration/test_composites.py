"""A composed picture keeps each part in its own focus."""

import numpy as np
import pytest

from calibration.composites import before_background, with_scale
from calibration.rulers import with_drawn_ruler

FLAT = np.full((600, 800, 3), 0.3, np.float32)


@pytest.mark.parametrize("seed", range(8))
def test_a_scale_covers_little_and_is_sharp(seed: int) -> None:
    scaled = with_scale(FLAT, np.random.default_rng(seed))
    changed = np.abs(scaled - FLAT).max(axis=2)
    assert 0.0005 < (changed > 0.02).mean() < 0.15
    steps = np.abs(np.diff(scaled[..., 0], axis=1)).max()
    assert steps > 0.05  # within a pixel, whatever the skin behind it


def test_a_scale_is_drawn_on_luma_as_on_colour() -> None:
    grey = with_scale(FLAT[..., 0], np.random.default_rng(3))
    colour = with_scale(FLAT, np.random.default_rng(3))
    assert np.allclose(grey, colour[..., 1])


@pytest.mark.parametrize("seed", range(4))
def test_a_background_fills_the_requested_share(seed: int) -> None:
    behind = np.full((300, 400, 3), 0.9, np.float32)
    rng = np.random.default_rng(seed)
    share = float((before_background(FLAT, behind, 4.0, rng) > 0.6).mean())
    assert 0.25 < share < 0.6


def test_the_same_seed_draws_the_same_ruler() -> None:
    picture = np.full((600, 800, 3), 90, np.uint8)
    first, second = (with_drawn_ruler(picture, np.random.default_rng(1)) for _ in range(2))
    assert np.array_equal(first, second)
    assert (first > 200).mean() > 0.02


def test_a_background_may_be_placed_behind_grey_skin() -> None:
    skin, behind = np.full((60, 80), 0.2, np.float32), np.full((60, 80), 0.8, np.float32)
    composed = before_background(skin, behind, 1.0, np.random.default_rng(2))
    assert composed.shape == (60, 80)
    assert 0.3 < (composed > 0.5).mean() < 0.55
