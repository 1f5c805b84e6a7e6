"""A picture is turned in the same way as in other programs."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from dermstation.imaging.orientation import is_orientation, next_orientation, upright


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pixels_are_turned_as_pillow_turns_them(orientation: int) -> None:
    pixels = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    picture = Image.fromarray(pixels)
    picture.getexif()[0x0112] = orientation
    turned = np.asarray(ImageOps.exif_transpose(picture))
    assert np.array_equal(upright(pixels, orientation), turned)


@pytest.mark.parametrize("orientation", [None, 0, 9, -1])
def test_an_invalid_orientation_leaves_the_picture_unchanged(orientation: int | None) -> None:
    pixels = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    assert np.array_equal(upright(pixels, orientation), pixels)
    assert not is_orientation(orientation)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_further_turn_is_a_quarter_to_the_right_of_what_is_seen(orientation: int) -> None:
    pixels = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    seen = upright(pixels, orientation)
    turned = upright(pixels, next_orientation(orientation))
    assert np.array_equal(turned, np.rot90(seen, -1))
    four = orientation
    for _ in range(4):
        four = next_orientation(four)
    assert four == orientation
