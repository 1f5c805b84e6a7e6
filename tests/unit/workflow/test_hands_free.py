"""Hands-free waits for a steady, good second; it takes no old picture and no scene twice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.camera.frames import STALE_AFTER_S
from dermstation.domain.quality import Verdict
from dermstation.imaging.stillness import Glance, difference, glance
from dermstation.workflow.hands_free import (
    DRIFT_MOVES,
    LONGEST_GAP_S,
    OTHER_SCENE,
    STEADY_FOR_S,
    STEP_MOVES,
    FrameSample,
    HandsFree,
    RestingHand,
)

TENTH_NS = 100_000_000


def scene(seed: int = 1) -> Glance:
    noise = np.random.default_rng(seed).normal(0, 20, (48, 64)).astype(np.float32)
    return np.asarray(noise - noise.mean(), np.float32)


def moved(by: float, start: Glance) -> Glance:
    """Return a changed scene whose difference from `start` is about `by`."""
    other = scene(99)
    return np.asarray(start + other * (by / difference(np.zeros_like(other), other)), np.float32)


class Hand:
    """A hand that shows looks a tenth of a second apart."""

    def __init__(self) -> None:
        self.machine = HandsFree()
        self.at_ns = 5_000_000_000

    def show(
        self,
        seen: Glance,
        verdict: Verdict | None = Verdict.GOOD,
        *,
        gap_ns: int = TENTH_NS,
        age_ns: int = 20_000_000,
    ) -> bool:
        self.at_ns += gap_ns
        return self.machine.observe(FrameSample(self.at_ns, verdict, seen), self.at_ns + age_ns)

    def keep(self, seen: Glance, tenths: int, verdict: Verdict | None = Verdict.GOOD) -> list[bool]:
        return [self.show(seen, verdict) for _ in range(tenths)]


def test_it_fires_once_after_a_steady_good_second_and_not_before() -> None:
    hand = Hand()
    fires = hand.keep(scene(), 40)
    assert fires.index(True) == round(STEADY_FOR_S * 10)
    assert fires.count(True) == 1


def test_the_ring_fills_evenly_and_is_empty_after_it_fired() -> None:
    hand = Hand()
    seen = []
    for _ in range(10):
        hand.show(scene())
        seen.append(round(hand.machine.progress, 2))
    assert seen == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    assert hand.show(scene())
    assert hand.machine.progress == 0.0


@pytest.mark.parametrize("verdict", [Verdict.FAIR, Verdict.POOR, None])
def test_one_look_that_is_not_good_starts_again(verdict: Verdict | None) -> None:
    hand = Hand()
    hand.keep(scene(), 9)
    assert not hand.show(scene(), verdict)
    assert hand.machine.progress == 0.0
    assert True not in hand.keep(scene(), 10)
    assert hand.show(scene())


def test_a_movement_starts_again() -> None:
    hand = Hand()
    hand.keep(scene(), 10)
    assert not hand.show(moved(STEP_MOVES * 1.5, scene()))
    assert hand.machine.progress == 0.0


def test_a_slow_drift_starts_again_although_no_step_is_large() -> None:
    hand = Hand()
    assert STEP_MOVES > 0.05
    seen = [moved(step * 0.05, scene()) for step in range(30)]
    assert DRIFT_MOVES < 0.05 * 30
    assert True not in [hand.show(one) for one in seen]


def test_an_old_picture_never_counts() -> None:
    hand = Hand()
    age_ns = int((STALE_AFTER_S + 0.01) * 1e9)
    assert True not in [hand.show(scene(), age_ns=age_ns) for _ in range(30)]
    assert hand.machine.progress == 0.0


def test_a_gap_in_the_samples_starts_again() -> None:
    hand = Hand()
    hand.keep(scene(), 9)
    assert not hand.show(scene(), gap_ns=int((LONGEST_GAP_S + 0.01) * 1e9))
    assert hand.machine.progress == 0.0


def test_the_same_frame_again_adds_nothing() -> None:
    hand = Hand()
    hand.show(scene())
    assert True not in [hand.show(scene(), gap_ns=0) for _ in range(30)]
    assert hand.machine.progress == 0.0


def test_a_scene_is_not_taken_again_until_it_moves() -> None:
    hand = Hand()
    assert True in hand.keep(scene(), 11)
    assert True not in hand.keep(moved(OTHER_SCENE * 0.5, scene()), 50)
    hand.show(moved(OTHER_SCENE * 3, scene()))
    assert True in hand.keep(scene(), 11)


def test_a_scene_taken_by_hand_is_not_taken_again_either() -> None:
    hand = Hand()
    hand.machine.note_taken(scene())
    assert True not in hand.keep(scene(), 50)
    assert True in hand.keep(scene(7), 11)


def test_resting_forgets_the_second_but_not_the_last_picture() -> None:
    hand = Hand()
    hand.keep(scene(), 9)
    hand.machine.rest()
    assert hand.machine.progress == 0.0
    assert hand.keep(scene(), 11).count(True) == 1
    hand.machine.rest()
    assert True not in hand.keep(scene(), 50)


@given(st.lists(st.tuples(st.sampled_from([*Verdict, None]), st.integers(0, 600)), max_size=60))
def test_it_never_fires_without_a_second_of_good_looks(shown) -> None:
    hand = Hand()
    good_since = None
    for verdict, gap_ms in shown:
        fires = hand.show(scene(), verdict, gap_ns=gap_ms * 1_000_000)
        if verdict is not Verdict.GOOD:
            good_since = None
        elif good_since is None:
            good_since = hand.at_ns
        assert 0 <= hand.machine.progress <= 1
        if fires:
            assert good_since is not None
            assert hand.at_ns - good_since >= STEADY_FOR_S * 1e9


def test_brightness_alone_is_no_movement_and_a_shift_is() -> None:
    y, x = np.mgrid[0:240, 0:320]
    spot = (((x - 160) ** 2 + (y - 120) ** 2) < 60**2).astype(np.uint8)
    picture = np.repeat((160 - 90 * spot)[..., None], 3, axis=2).astype(np.uint8)
    assert glance(picture).shape == (48, 64)
    assert difference(glance(picture), glance(picture + 20)) < 0.001
    shifted = np.roll(picture, 60, axis=1)
    assert difference(glance(picture), glance(shifted)) > OTHER_SCENE


def test_noise_on_a_plain_surface_is_no_movement() -> None:
    chance = np.random.default_rng(3)
    plain = [
        (150 + chance.normal(0, 4, (480, 640, 3))).clip(0, 255).astype(np.uint8) for _ in range(2)
    ]
    assert difference(glance(plain[0]), glance(plain[1])) < STEP_MOVES


def test_a_hand_rests_if_two_frames_show_no_movement() -> None:
    hand = RestingHand()
    hand.look(scene())
    assert not hand.rests
    hand.look(moved(STEP_MOVES * 0.5, scene()))
    assert hand.rests
    hand.look(moved(STEP_MOVES * 3, scene()))
    assert not hand.rests
    hand.look(moved(STEP_MOVES * 3, scene()))
    assert hand.rests
    hand.forget()
    assert not hand.rests
    hand.look(moved(STEP_MOVES * 3, scene()))
    assert not hand.rests
