"""A live view that costs too much gives way in a fixed order, and takes back what it gave up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.workflow.live_budget import LATE_MS, STEPS, LiveBudget

FRAME_NS = 33_333_333


class Pc:
    """A PC that paints frames, late or lost or dear as told."""

    def __init__(self) -> None:
        self.budget = LiveBudget()
        self.at_ns = 7_000_000_000
        self.cpu_s = 100.0

    def paint(
        self, seconds: float, *, age_ms: float = 15.0, lost: int = 0, cpu: float = 0.3
    ) -> list[int]:
        """Paint for a while; return the steps that were entered."""
        entered = [self.step]
        gap_ns = FRAME_NS * (1 + lost)
        for _ in range(round(seconds * 1e9 / gap_ns)):
            self.at_ns += gap_ns
            self.cpu_s += cpu * gap_ns / 1e9
            self.budget.note(self.at_ns, age_ms, lost, self.cpu_s)
            if self.step != entered[-1]:
                entered.append(self.step)
        return entered[1:]

    @property
    def step(self) -> int:
        return STEPS.index(self.budget.terms)


def test_the_order_is_scores_then_rest_then_painting() -> None:
    rates = [round(1 / one.score_every_s) for one in STEPS]
    assert rates == [10, 5, 3, 3, 3]
    assert [one.scores_at_rest for one in STEPS] == [False, False, False, True, True]
    assert [one.paints_every for one in STEPS] == [1, 1, 1, 1, 2]


def test_the_screen_says_what_was_given_up_and_nothing_otherwise() -> None:
    assert [one.words for one in STEPS] == [
        "",
        "checked 5 times a second",
        "checked 3 times a second",
        "checked when still",
        "checked when still",
    ]


def test_a_good_pc_gives_nothing_up() -> None:
    assert Pc().paint(60) == []


@pytest.mark.parametrize("trouble", [{"age_ms": LATE_MS + 1}, {"lost": 1}, {"cpu": 0.95}])
def test_each_kind_of_trouble_gives_way_step_by_step_to_the_last(trouble: dict[str, float]) -> None:
    pc = Pc()
    assert pc.paint(10, **trouble) == [1, 2, 3, 4]


def test_one_stall_of_the_window_costs_nothing() -> None:
    pc = Pc()
    pc.paint(3)
    pc.at_ns += 200_000_000
    pc.budget.note(pc.at_ns, 120.0, 5, pc.cpu_s)
    assert pc.paint(5) == []


def test_frames_that_came_while_a_picture_was_held_are_not_lost() -> None:
    pc = Pc()
    for _ in range(10):
        pc.at_ns += 3_000_000_000
        pc.budget.note(pc.at_ns, 15.0, 90, pc.cpu_s)
        pc.paint(0.3)
    assert pc.step == 0


def test_what_was_given_up_comes_back_when_there_is_time() -> None:
    pc = Pc()
    pc.paint(2.5, lost=1)
    assert pc.step == 2
    assert pc.paint(12) == [1, 0]


def test_between_too_much_and_easy_nothing_changes() -> None:
    pc = Pc()
    pc.paint(2.5, lost=1)
    assert pc.paint(60, cpu=0.7) == []


def test_what_was_taken_back_too_early_is_tried_again_later_each_time() -> None:
    pc = Pc()
    waits = []
    pc.paint(1.3, lost=1)
    for _ in range(4):
        assert pc.step == 1
        seconds = 0.0
        while pc.step == 1:
            pc.paint(0.5)
            seconds += 0.5
        waits.append(seconds)
        while pc.step == 0:
            pc.paint(0.5, lost=1)
    assert waits == sorted(waits)
    assert waits[3] > 6 * waits[0]


def test_a_slow_camera_is_no_slow_pc() -> None:
    pc = Pc()
    for _ in range(100):
        pc.at_ns += 200_000_000
        pc.budget.note(pc.at_ns, 20.0, 0, pc.cpu_s)
    assert pc.step == 0


@given(st.lists(st.tuples(st.floats(0, 300), st.integers(0, 9), st.floats(0, 2)), max_size=200))
def test_it_never_moves_by_more_than_one_step(frames: list[tuple[float, int, float]]) -> None:
    pc = Pc()
    for age_ms, lost, cpu in frames:
        before = pc.step
        pc.paint(0.1 * (1 + lost), age_ms=age_ms, lost=lost, cpu=cpu)
        assert abs(pc.step - before) <= 1
