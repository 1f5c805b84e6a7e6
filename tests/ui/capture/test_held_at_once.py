"""The held picture is on the screen before it is judged; until then it cannot be used."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dermstation.domain.quality import Aspect, Judgement, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import LoopState
from dermstation.imaging.assessment import assess
from dermstation.ui.capture import flow
from dermstation.workflow import capturing
from dermstation.workflow.bursting import Press
from tests.ui.capture.walking import at_the_pictures, captures


@pytest.fixture
def judging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Return what lets the judging of held pictures go on."""
    may_go_on = threading.Event()

    def judged_later(pixels: np.ndarray, shot: ShotKind) -> QualityReport:
        may_go_on.wait()
        return assess(pixels, shot)

    monkeypatch.setattr(capturing, "assess", judged_later)
    yield may_go_on
    may_go_on.set()


@pytest.fixture
def sharp(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the live view have found the frame of each press in focus, however busy this PC is."""
    made = flow.press_of

    def seen_sharp(*about: Any) -> Press:
        press = made(*about)
        in_focus = Judgement(Aspect.FOCUS, 95.0, Verdict.GOOD)
        return replace(press, focus={press.frame.sequence: in_focus})

    monkeypatch.setattr(flow, "press_of", seen_sharp)


@pytest.mark.usefixtures("sharp")
def test_it_is_seen_at_once_and_used_once_it_is_judged(desk, judging) -> None:
    page = at_the_pictures(desk)
    desk.until(page.shutter.isEnabled)
    page.press_shutter()
    desk.until(lambda: page.view.is_still)
    assert desk.loop is LoopState.HOLDING
    assert page.shutter.text().strip() == "Checking\u2026"
    assert not page.buttons.use.isVisible()
    page.press_shutter()  # a second press does nothing
    assert desk.loop is LoopState.HOLDING
    shown = page.view.frame
    judging.set()
    desk.until(lambda: desk.loop is LoopState.REVIEWING)
    assert desk.window.walk.capture.held.pixels is shown
    desk.save(page)
    assert len(captures(desk)) == 1
