"""No trace of what is under a cover is left in the copy, not even at the edges of blocks."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermstation.domain.copies import Shape, ShapeKind
from dermstation.imaging.codec import encode_jpeg, encode_png
from dermstation.imaging.covering import COVER_BGR, covered
from dermstation.imaging.headers import coded_block
from dermstation.imaging.orientation import turned_back, upright
from tests.pictures import exif_bytes, with_exif

WIDTH, HEIGHT = 203, 149  # not multiples of a block
SAMPLINGS = {
    "4:4:4": (cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444, (8, 8)),
    "4:2:2": (cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422, (16, 8)),
    "4:4:0": (cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440, (8, 16)),
    "4:2:0": (cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420, (16, 16)),
    "4:1:1": (cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411, (32, 8)),
}
edges = st.integers(0, 100).map(lambda one: one / 100)


def skin(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(60, 220, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def jpeg(bgr: np.ndarray, sampling: int = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420) -> bytes:
    options = [cv2.IMWRITE_JPEG_QUALITY, 80, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    return cv2.imencode(".jpg", bgr, options)[1].tobytes()


def inside(kind: ShapeKind, box: tuple[float, float, float, float], height: int, width: int):
    """Return which pixels of an upright picture a shape touches, without using product code."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    left, upper, right, lower = box[0] * width, box[1] * height, box[2] * width, box[3] * height
    if kind is ShapeKind.RECTANGLE:
        return (x + 1 > left) & (x < right) & (y + 1 > upper) & (y < lower)
    across, down = max((right - left) / 2, 0.5), max((lower - upper) / 2, 0.5)
    u, v = (x + 0.5 - (left + right) / 2) / across, (y + 0.5 - (upper + lower) / 2) / down
    return u * u + v * v <= 1


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("kind", [ShapeKind.RECTANGLE, ShapeKind.ELLIPSE])
def test_two_pictures_that_differ_only_under_the_cover_give_the_same_file(
    sampling: str, kind: ShapeKind
) -> None:
    factor, block = SAMPLINGS[sampling]
    box = (0.31, 0.27, 0.62, 0.71)
    one = skin()
    other = one.copy()
    below = inside(kind, box, HEIGHT, WIDTH)
    other[below] = 255 - other[below]
    first, second = jpeg(one, factor), jpeg(other, factor)
    assert coded_block(first) == block
    assert first != second
    shapes = (Shape(kind, *box),)
    files = [encode_jpeg(covered(data, None, shapes), 95) for data in (first, second)]
    assert files[0] == files[1]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([ShapeKind.RECTANGLE, ShapeKind.ELLIPSE]),
    st.tuples(edges, edges, edges, edges),
    st.one_of(st.none(), st.integers(1, 8)),
    st.sampled_from(sorted(SAMPLINGS)),
)
def test_the_cover_holds_at_any_place_and_in_any_orientation(
    kind: ShapeKind, places: tuple[float, float, float, float], orientation, sampling: str
) -> None:
    shape = Shape(kind, *places)
    one = skin()
    seen = upright(one, orientation)
    other = seen.copy()
    other[inside(kind, shape.box, *seen.shape[:2])] = 0
    changed = turned_back(other, orientation)
    factor, _ = SAMPLINGS[sampling]
    made = [
        encode_jpeg(covered(jpeg(each, factor), orientation, (shape,)), 95)
        for each in (one, np.ascontiguousarray(changed))
    ]
    assert made[0] == made[1]


def test_every_covered_pixel_has_one_plain_colour_and_the_others_are_unchanged() -> None:
    one = skin()
    box = (0.25, 0.25, 0.5, 0.5)
    result = covered(encode_png(one), None, (Shape(ShapeKind.RECTANGLE, *box),))
    below = inside(ShapeKind.RECTANGLE, box, HEIGHT, WIDTH)
    assert np.unique(result[below].reshape(-1, 3), axis=0).tolist() == [list(COVER_BGR)]
    far = cv2.dilate(below.astype(np.uint8), np.ones((49, 49), np.uint8)) == 0
    assert np.array_equal(result[far], one[far])


def test_the_same_pixels_with_another_exif_give_the_same_file() -> None:
    plain = jpeg(skin())
    thumbnail = jpeg(cv2.resize(skin(), (80, 60)))
    named = with_exif(plain, exif_bytes(picture={0x013B: "Test Owner"}, thumbnail=thumbnail))
    shapes = (Shape(ShapeKind.ELLIPSE, 0.2, 0.2, 0.6, 0.6),)
    files = [encode_jpeg(covered(data, None, shapes), 95) for data in (plain, named)]
    assert files[0] == files[1]
    assert b"Test Owner" in named
    assert b"Exif" not in files[1]


def test_without_a_shape_nothing_is_covered() -> None:
    assert np.array_equal(covered(encode_png(skin()), None, ()), skin())
