"""What the burst gains: the blur of the stored frame against that of the frame at the press.

The simulated hand trembles, as hands do, several times a second; the shutter is pressed at any
moment of it. Blur is the radius that the focus measure gives, at working scale.
"""

import random
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import p95, spread, until
from benchmarks.station import open_station
from dermstation.domain.quality import Aspect
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.workflow.bursting import Press, hold_sharpest
from dermstation.workflow.scoring import pixels_of

TREMORS_PX = (6.0, 10.0, 14.0, 18.0)


def measure_burst(presses: int, folder: Path) -> dict[str, Any]:
    """Press while the hand trembles; gains above 1 are sharper."""
    rng = random.Random(7)  # noqa: S311 - moments, not secrets
    gains, offsets_ms, waits_ms = [], [], []
    with open_station(folder, "sim:jpeg=1") as (station, _, _):
        station.viewfinder.aim(ShotKind.DERMOSCOPIC)
        link = station.viewfinder.link
        assert link is not None
        for number in range(presses):
            if number % (presses // len(TREMORS_PX) or 1) == 0:
                tremor = TREMORS_PX[number * len(TREMORS_PX) // presses]
                link.set_knobs(tremor=tremor)
                time.sleep(1.0)
            time.sleep(rng.uniform(0.3, 0.5))
            until(lambda: link.newest() is not None)
            frame = link.newest()
            assert frame is not None
            press = Press(frame, time.perf_counter_ns(), ShotKind.DERMOSCOPIC, "bench")
            held = station.jobs.aside(hold_sharpest, link, press).result()
            waits_ms.append((time.perf_counter_ns() - press.pressed_at_ns) / 1e6)
            at_press = assess(pixels_of(frame), ShotKind.DERMOSCOPIC)
            gains.append(_blur_px(at_press) / _blur_px(held.report))
            offsets_ms.append(abs(held.details.press_offset_ms or 0))
    return {
        "presses": presses,
        "burst_gain": round(median(gains), 2),
        "burst_gain_p95": round(p95(gains), 2),
        "worse_than_the_press": sum(gain < 0.95 for gain in gains),
        "distance_from_press": spread(offsets_ms),
        "press_to_held": spread(waits_ms),
    }


def _blur_px(report: Any) -> float:
    return float(report.finding(Aspect.FOCUS).measures["blur_radius_px"])
