"""The rest of an older frame is found, and a scene that keeps still is left alone."""

import numpy as np
import pytest

from dermstation.imaging.splicing import holds_rest_of, is_of_a_still, row_marks
from tests.torn_pictures import View, raw_stale_rest, view

RNG = np.random.default_rng(11)


@pytest.fixture(scope="module")
def seen() -> View:
    return view(RNG, 640, 480, ("plain",))


@pytest.mark.parametrize("look", ["plain", "dark", "ring"])
def test_raw_rows_of_an_older_frame_are_found(look: str) -> None:
    rng = np.random.default_rng(12)
    seen = view(rng, 640, 480, (look,))
    for _ in range(5):
        older, newer = seen.frame(rng), seen.frame(rng)
        assert not holds_rest_of(row_marks(newer), row_marks(older))
        torn = raw_stale_rest(newer, older, rng)
        assert holds_rest_of(row_marks(torn), row_marks(older))


def test_a_band_of_an_older_frame_in_the_middle_is_found(seen: View) -> None:
    older, newer = seen.frame(RNG), seen.frame(RNG)
    newer[200:260] = older[200:260]
    assert holds_rest_of(row_marks(newer), row_marks(older))


def test_a_still_scene_with_a_moving_clock_is_not_torn(seen: View) -> None:
    older = seen.frame(RNG)
    newer = older.copy()
    newer[20:60, 400:600] = seen.frame(RNG)[20:60, 400:600]
    assert not holds_rest_of(row_marks(newer), row_marks(older))
    assert is_of_a_still(newer[..., 1], older[..., 1])
    assert not is_of_a_still(seen.frame(RNG)[..., 1], older[..., 1])


@pytest.mark.parametrize("level", [0, 255])
def test_what_is_black_or_burnt_out_in_both_says_nothing(level: int, seen: View) -> None:
    older, newer = seen.frame(RNG), seen.frame(RNG)
    for frame in (older, newer):
        frame[300:] = level
        frame[350:352, 100:140] = 77
    assert not holds_rest_of(row_marks(newer), row_marks(older))


def test_frames_of_other_sizes_have_nothing_in_common(seen: View) -> None:
    older, newer = seen.frame(RNG), seen.frame(RNG)[:-8]
    assert not holds_rest_of(row_marks(newer), row_marks(older))
    assert not is_of_a_still(newer[..., 1], older[..., 1])
    assert not row_marks(newer[:, :20]).any()  # too narrow to tell
