"""Live scores are those of the newest frame, for the shot aimed at; old frames have none."""

import threading
import time
from collections.abc import Callable, Iterator
from time import perf_counter_ns

import cv2
import numpy as np
import pytest

from dermstation.camera.frames import Encoding, Frame
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Aspect, Cause
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.workflow.scoring import FRESH_FOR_S, LiveScorer, pixels_of

PATIENCE_S = 120.0
PIXELS = np.random.default_rng(7).integers(60, 200, (240, 320, 3), dtype=np.uint8)
PACKET = cv2.imencode(".jpg", PIXELS)[1].reshape(-1)


def frame(sequence: int = 1, *, age_s: float = 0.0, packet: bool = False, torn: bool = False):
    payload = PACKET if packet else PIXELS
    if torn:
        payload = PACKET[: len(PACKET) // 2]
    encoding = Encoding.JPEG if packet or torn else Encoding.BGR
    at_ns = perf_counter_ns() - int(age_s * 1e9)
    return Frame(sequence, at_ns, encoding, 320, 240, payload)


class FrameList:
    """A list that returns one frame after another, like a link, and records the requests."""

    def __init__(self) -> None:
        self.makers: list[Callable[[], Frame]] = []
        self.asked_after: list[int] = []
        self.idle = threading.Event()

    def newest(self, after_sequence: int = -1) -> Frame | None:
        self.asked_after.append(after_sequence)
        if not self.makers:
            self.idle.set()
            return None
        return self.makers.pop(0)()


@pytest.fixture
def frames() -> FrameList:
    return FrameList()


@pytest.fixture
def scorer(frames: FrameList) -> Iterator[LiveScorer]:
    made = LiveScorer(frames)
    yield made
    made.stop()


def wait_until(condition: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "what was waited for never came"
        time.sleep(0.005)


def begin(scorer: LiveScorer) -> None:
    scorer.aim(ShotKind.CLOSEUP)
    scorer.start()


def test_the_live_score_is_that_of_a_still(frames: FrameList, scorer: LiveScorer) -> None:
    frames.makers.append(frame)
    begin(scorer)
    wait_until(lambda: scorer.latest() is not None)
    assert scorer.latest().judgements == assess(PIXELS, ShotKind.CLOSEUP).judgements


def test_a_frame_is_scored_once(frames: FrameList, scorer: LiveScorer) -> None:
    frames.makers.append(lambda: frame(41))
    begin(scorer)
    wait_until(lambda: 41 in frames.asked_after)


def test_a_stale_frame_is_not_scored(frames: FrameList, scorer: LiveScorer) -> None:
    frames.makers.append(lambda: frame(age_s=2))
    begin(scorer)
    assert frames.idle.wait(PATIENCE_S)
    assert scorer.latest() is None


def test_a_torn_packet_is_passed_over_and_the_next_one_scored(
    frames: FrameList, scorer: LiveScorer
) -> None:
    frames.makers += [lambda: frame(1, torn=True), lambda: frame(2, packet=True)]
    begin(scorer)
    wait_until(lambda: scorer.latest() is not None)
    assert not frames.makers


def test_aiming_at_another_shot_forgets_the_score(frames: FrameList, scorer: LiveScorer) -> None:
    frames.makers.append(frame)
    begin(scorer)
    wait_until(lambda: scorer.latest() is not None)
    scorer.aim(ShotKind.GENERAL)
    assert scorer.latest() is None


def offered(scorer: LiveScorer, sequence: int, *, luma: np.ndarray | None) -> None:
    """Offer a packet when a score is due, as the window does."""
    wait_until(lambda: scorer.is_due)
    picture = cv2.cvtColor(PIXELS, cv2.COLOR_BGR2BGRA)
    scorer.offer(frame(sequence, packet=True), picture, luma)


def test_what_is_shown_is_scored_and_not_decoded_again(
    frames: FrameList, scorer: LiveScorer
) -> None:
    frames.makers.append(frame)  # used if the scorer does not wait for the shown frame
    begin(scorer)
    black = np.zeros(PIXELS.shape[:2], np.uint8)
    offered(scorer, 1, luma=black)
    wait_until(lambda: scorer.latest() is not None)
    # the luma offered with it holds nothing sharp
    assert scorer.latest().judgement(Aspect.FOCUS).cause is Cause.CANNOT_TELL


def test_one_frame_is_taken_each_time_it_is_due(frames: FrameList, scorer: LiveScorer) -> None:
    begin(scorer)
    offered(scorer, 1, luma=None)
    assert not scorer.is_due
    wait_until(lambda: scorer.latest() is not None)
    first = scorer.latest()
    offered(scorer, 2, luma=None)
    wait_until(lambda: scorer.latest() is not first)


def test_a_slow_pc_scores_only_what_it_is_offered(frames: FrameList, scorer: LiveScorer) -> None:
    frames.makers.append(frame)
    scorer.keep_to(0.0, only_shown=True)
    begin(scorer)
    offered(scorer, 1, luma=None)
    wait_until(lambda: scorer.latest() is not None)
    first = scorer.latest()
    offered(scorer, 2, luma=None)
    wait_until(lambda: scorer.latest() is not first)
    assert frames.asked_after == []


def test_a_score_is_fresh_for_a_while(frames: FrameList, scorer: LiveScorer) -> None:
    before_ns = perf_counter_ns()
    frames.makers.append(frame)
    begin(scorer)
    wait_until(lambda: scorer.latest() is not None)
    assert scorer.fresh(before_ns) is scorer.latest()
    assert scorer.fresh(perf_counter_ns() + int(FRESH_FOR_S * 1e9)) is None


def test_the_focus_of_frames_is_kept_for_a_press(frames: FrameList, scorer: LiveScorer) -> None:
    begin(scorer)
    for number in range(1, 10):
        offered(scorer, number, luma=None)
        wait_until(lambda number=number: number in scorer.focus)
    assert list(scorer.focus) == [4, 5, 6, 7, 8, 9]
    scorer.aim(ShotKind.GENERAL)
    assert scorer.focus == {}


def test_a_frame_that_nobody_asked_for_is_left(frames: FrameList, scorer: LiveScorer) -> None:
    scorer.offer(frame(packet=True), cv2.cvtColor(PIXELS, cv2.COLOR_BGR2BGRA), None)
    begin(scorer)
    assert frames.idle.wait(PATIENCE_S)
    assert scorer.latest() is None


def test_a_raw_frame_that_is_shown_is_scored_as_it_is(
    frames: FrameList, scorer: LiveScorer
) -> None:
    begin(scorer)
    wait_until(lambda: scorer.is_due)
    scorer.offer(frame(), PIXELS, None)
    wait_until(lambda: scorer.latest() is not None)
    assert scorer.latest().judgements == assess(PIXELS, ShotKind.CLOSEUP).judgements


def test_without_a_shot_the_scorer_rests(frames: FrameList, scorer: LiveScorer) -> None:
    frames.makers.append(frame)
    scorer.start()
    time.sleep(0)  # it may run now, and does nothing
    scorer.stop()
    assert frames.asked_after == []


def test_a_packet_is_decoded_at_the_size_that_is_wanted() -> None:
    packet = frame(packet=True)
    assert pixels_of(packet).shape == (240, 320, 3)
    assert pixels_of(packet, reduce=2).shape == (120, 160, 3)
    assert pixels_of(frame()) is PIXELS
    with pytest.raises(StationError) as caught:
        pixels_of(frame(torn=True))
    assert caught.value.code is ErrorCode.IMAGE_UNREADABLE
