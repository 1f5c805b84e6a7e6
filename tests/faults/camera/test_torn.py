"""A short share of the presses on torn streams; all of them: `make soak PART=torn`."""

import pytest

from tests.faults.camera.torn import press_on_torn, refused_whole
from tests.torn_pictures import RAW_TEARS, TEARS


@pytest.mark.parametrize("way", TEARS)
def test_no_torn_packet_becomes_a_capture(way: str) -> None:
    outcome = press_on_torn(way, 2, raw=False, seed=21)
    assert outcome.torn_sent > 0
    assert outcome.held > 0
    assert (outcome.torn_captures, outcome.torn_in_ring, outcome.whole_refused) == (0, 0, 0)


@pytest.mark.parametrize("way", RAW_TEARS)
def test_no_torn_raw_frame_becomes_a_capture(way: str) -> None:
    outcome = press_on_torn(way, 2, raw=True, seed=22)
    assert outcome.torn_sent > 0
    assert outcome.held > 0
    assert (outcome.torn_captures, outcome.torn_in_ring, outcome.whole_refused) == (0, 0, 0)


def test_no_whole_frame_is_refused() -> None:
    assert refused_whole(80, seed=23) == {}
