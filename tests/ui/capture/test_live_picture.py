"""How long the live picture rests, and at which size its packets are decoded."""

import numpy as np
import pytest

from dermstation.camera.frames import Encoding, Frame
from dermstation.ui.capture.live_picture import LOOK_EVERY_MS, reduction, rest_ms
from dermstation.workflow.live_budget import LiveBudget

MS = 1_000_000
TERMS = LiveBudget().terms


def frame(at_ms: int, width: int = 1600, encoding: Encoding = Encoding.JPEG) -> Frame:
    return Frame(at_ms, at_ms * MS, encoding, width, 1200, np.empty(0, np.uint8))


@pytest.mark.parametrize("took_ms", [0, 8, 20])
def test_the_next_look_is_as_early_however_long_decoding_took(took_ms: int) -> None:
    rest = rest_ms(frame(0), frame(33), TERMS, (33 + took_ms) * MS)
    assert 33 - 2 * LOOK_EVERY_MS < took_ms + rest < 33


def test_a_late_frame_or_a_lost_one_puts_nothing_off() -> None:
    assert rest_ms(frame(0), frame(66), TERMS, 66 * MS) < 33
    assert rest_ms(frame(0), frame(33), TERMS, 70 * MS) == LOOK_EVERY_MS
    assert rest_ms(None, frame(33), TERMS, 33 * MS) == LOOK_EVERY_MS


@pytest.mark.parametrize(
    ("width", "wanted", "by"),
    [(1600, 968, 2), (1600, 1000, 2), (1600, 1001, 1), (3840, 960, 4), (640, 968, 1)],
)
def test_a_packet_is_decoded_no_larger_than_it_looks(width: int, wanted: int, by: int) -> None:
    assert reduction(frame(0, width), wanted) == by
    assert reduction(frame(0, width, Encoding.BGR), wanted) == 1
