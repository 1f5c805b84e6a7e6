"""Time the way from a press of the shutter to the held picture on the screen, and to its verdict.

Both are counted from the end of the burst: from the press if the frames before it were in focus, so
that nothing is waited for, and from 200 ms after it otherwise. The window is the real one.
"""

import time
from pathlib import Path
from typing import Any

from benchmarks.figures import p95, spread, until
from benchmarks.screen import SIZE
from benchmarks.station import MeasuredView, open_station
from dermstation.domain.quality import Aspect, Verdict
from dermstation.domain.states import LoopState
from dermstation.workflow.bursting import AFTER_NS
from dermstation.workflow.capturing import Held

_FULL_WINDOW_S = 0.45


def measure_held(camera: str, presses: int, folder: Path, focus: float) -> dict[str, Any]:
    """Press the shutter of the real window again and again, this far out of focus."""
    held_ms, judged_ms, waits = [], [], 0
    with open_station(folder, camera) as (station, signed_in, view):
        live = MeasuredView(station)
        live.show(signed_in, view, SIZE)
        try:
            assert station.viewfinder.link is not None
            station.viewfinder.link.set_knobs(focus=focus)
            for _ in range(presses):
                pressed_ns, judged_ns, held = _one_press(live)
                waited = _has_waited(held)
                ends_ns = pressed_ns + (AFTER_NS if waited else 0)
                waits += waited
                held_ms.append((live.still_at_ns - ends_ns) / 1e6)
                judged_ms.append((judged_ns - ends_ns) / 1e6)
        finally:
            live.close()
    return {
        "presses": presses,
        "waited_for_later_frames": waits,
        "press_to_held": spread(held_ms),
        "press_to_held_p95_ms": round(p95(held_ms), 1),
        "press_to_verdict": spread(judged_ms),
    }


def _one_press(live: MeasuredView) -> tuple[int, int, Held]:
    """Press; return when, when the picture was judged, and the picture, which is dropped."""
    capture, page = live.window.walk.capture, live.window.shell.page
    turn = live.application.processEvents
    pressed_ns = 0
    while not capture.is_busy:  # a press is refused while the newest frame is too old
        until(page.shutter.isEnabled, turn)  # type: ignore[union-attr]
        live.run(_FULL_WINDOW_S)
        live.forget()
        pressed_ns = time.perf_counter_ns()
        page.shutter.click()  # type: ignore[union-attr]
    until(lambda: capture.unsaved is not None, turn)
    judged_ns = time.perf_counter_ns()
    until(lambda: live.still_at_ns, turn)
    held = capture.held
    assert held is not None
    page.retaken.emit()  # type: ignore[union-attr]
    assert capture._loop.state is LoopState.AIMING
    return pressed_ns, judged_ns, held


def _has_waited(held: Held) -> bool:
    """Return whether the station waited for the frames after the press."""
    is_sharp = held.report.judgement(Aspect.FOCUS).verdict is Verdict.GOOD
    return not is_sharp or (held.details.press_offset_ms or 0) > 0
