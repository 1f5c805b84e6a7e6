"""Measure the gain of the burst: the blur of the stored frame against that at the press.

The simulated hand trembles several times a second, and the press itself knocks it: a finger pushes
up to 40 ms before the button responds, and the knock dies away within 0.3 s. The gain without the
knock, at any moment of the tremor, is reported separately.

The blur is the movement of the simulated hand during the exposure, in px at 1600 x 1200, plus one
pixel. It is known, not estimated: the focus measure gives the radius of a disk, not the length of a
trail, so it may rank two shaken frames in the wrong order.
"""

import random
import time
from math import hypot
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import p95, spread, until
from benchmarks.station import open_station
from dermstation.camera.frames import Frame
from dermstation.camera.link import CameraLink
from dermstation.camera.sources.simulated.knobs import Knobs
from dermstation.camera.sources.simulated.optics import hand_at
from dermstation.domain.shots import ShotKind
from dermstation.workflow.bursting import Press, hold_sharpest
from dermstation.workflow.station import Station

TREMORS_PX = (2.0, 6.0, 10.0, 14.0)
JOLT_PX = 24.0
_BUTTON_ANSWERS_WITHIN_S = 0.04
_WORSE = 0.95  # a smaller gain is worse; above it, the two frames are about equal


def measure_burst(presses: int, folder: Path) -> dict[str, Any]:
    """Press while the hand trembles, with and without a knock; gains above 1 mean sharper."""
    with open_station(folder, "sim:jpeg=1") as (station, _, _):
        station.viewfinder.aim(ShotKind.DERMOSCOPIC)
        knocked = _pressed(station, presses, JOLT_PX)
        return {**knocked, "without_a_knock": _pressed(station, presses // 5, 0.0)}


def _pressed(station: Station, presses: int, jolt: float) -> dict[str, Any]:
    rng = random.Random(7)  # noqa: S311 - moments, not secrets
    gains, offsets_ms, waits_ms = [], [], []
    link = station.viewfinder.link
    assert link is not None
    knobs = Knobs()
    for number in range(presses):
        if number % (presses // len(TREMORS_PX) or 1) == 0:
            tremor = TREMORS_PX[min(number * len(TREMORS_PX) // presses, len(TREMORS_PX) - 1)]
            knobs = Knobs(tremor=tremor, jolt=jolt)
            link.set_knobs(tremor=tremor, jolt=jolt)
            time.sleep(1.0)
        _wait_for_the_finger(link, rng, knocked=jolt > 0)
        frame = link.newest()
        assert frame is not None
        press = Press(
            frame,
            time.perf_counter_ns(),
            ShotKind.DERMOSCOPIC,
            "bench",
            focus=station.viewfinder.focus,
        )
        held = station.jobs.on_worker(hold_sharpest, link, press).result()
        waits_ms.append((time.perf_counter_ns() - press.pressed_at_ns) / 1e6)
        stored = _stored(link, press, held.details.press_offset_ms or 0)
        gains.append(_trail_px(frame, knobs) / _trail_px(stored, knobs))
        offsets_ms.append(abs(held.details.press_offset_ms or 0))
    return {
        "presses": presses,
        "burst_gain": round(median(gains), 2),
        "burst_gain_p95": round(p95(gains), 2),
        "burst_gain_least": round(min(gains), 2),
        "worse_than_the_press": sum(gain < _WORSE for gain in gains),
        "distance_from_press": spread(offsets_ms),
        "press_to_held": spread(waits_ms),
    }


def _wait_for_the_finger(link: CameraLink, rng: random.Random, *, knocked: bool) -> None:
    """Wait until the button responds: after the next knock if there are any, else at any time."""
    until(lambda: link.newest() is not None)
    if knocked:
        time.sleep(0.45)  # so as not to press twice after one knock
        time.sleep(1.0 - time.perf_counter() % 1.0 + rng.uniform(0, _BUTTON_ANSWERS_WITHIN_S))
    else:
        time.sleep(rng.uniform(0.3, 0.5))


def _stored(link: CameraLink, press: Press, offset_ms: int) -> Frame:
    """Return the stored frame from the ring, found by its offset from the press."""
    at_ns = press.pressed_at_ns + offset_ms * 1_000_000
    (sequence,) = link.sequences_between(at_ns - 1_000_000, at_ns + 1_000_000)
    found = link.frame(sequence)
    if found is None:
        raise RuntimeError("the stored frame is no longer in the ring")
    return found


def _trail_px(frame: Frame, knobs: Knobs) -> float:
    """Return the length of a point's trail in px; without movement it is one pixel."""
    after_knock_s = frame.captured_at_ns / 1e9 % 1.0
    hand = hand_at(frame.sequence + 1, knobs, after_knock_s)  # the scope counts from 1
    return 1.0 + hypot(hand.shake_x, hand.shake_y)
