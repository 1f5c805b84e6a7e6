import numpy as np
import pytest

from dermstation.camera.frames import STALE_AFTER_S, Encoding, Frame


@pytest.fixture
def frame() -> Frame:
    return Frame(1, 1_000_000_000, Encoding.BGR, 1, 1, np.zeros((1, 1, 3), np.uint8))


def test_age_is_counted_from_the_capture(frame: Frame) -> None:
    assert frame.age_s(1_250_000_000) == pytest.approx(0.25)


def test_a_frame_is_stale_only_after_half_a_second(frame: Frame) -> None:
    limit = frame.captured_at_ns + int(STALE_AFTER_S * 1e9)
    assert not frame.is_stale(limit)
    assert frame.is_stale(limit + 1)
