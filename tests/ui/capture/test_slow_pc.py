"""On a PC that is too slow the page gives way in order, says so, and still takes pictures."""

from itertools import pairwise

import pytest

from dermstation.ui.capture.live_picture import LivePicture
from dermstation.workflow import live_budget
from dermstation.workflow.live_budget import STEPS, LiveBudget
from tests.ui.capture.walking import at_the_pictures, captures


@pytest.fixture
def slowest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the live view have given up everything that it can."""
    monkeypatch.setattr(LiveBudget, "terms", STEPS[-1])


@pytest.mark.usefixtures("slowest")
def test_every_second_frame_is_painted_the_hand_is_waited_for_and_a_picture_is_taken(
    desk, monkeypatch
) -> None:
    painted: list[int] = []
    tick = LivePicture._on_tick

    def noted(live: LivePicture) -> None:
        tick(live)
        if live.frame is not None and live.frame.sequence not in painted[-1:]:
            painted.append(live.frame.sequence)

    monkeypatch.setattr(LivePicture, "_on_tick", noted)
    page = at_the_pictures(desk)
    desk.until(lambda: len(painted) > 5)
    assert min(later - before for before, later in pairwise(painted)) >= 2
    desk.until(lambda: "checked when still" in page.view._age)
    desk.until(lambda: desk.station.viewfinder.scorer.latest() is not None)
    desk.save(desk.take())
    assert len(captures(desk)) == 1


def test_frames_that_come_late_make_it_give_way(desk, monkeypatch) -> None:
    monkeypatch.setattr(live_budget, "LATE_MS", 0.0)
    page = at_the_pictures(desk)
    desk.until(lambda: "checked when still" in page.view._age)
    desk.until(page.shutter.isEnabled)
