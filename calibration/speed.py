"""Measure how long one picture takes on one core, also in comparison with a Laplacian pass.

A busy machine can only make a run slower, so the fastest of many runs of a picture shows what the
program needs; the 95th percentile is then taken over pictures. Runs of all pictures are
interleaved, so that each finds the core's caches as another picture left them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter, thread_time

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.degrade import Picture
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess

_FRAME = (1920, 1080)
ROUNDS = 60
_WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds for all of `assess` on 1080p pictures of one kind of shot.

    `p50_ms` and `p95_ms` are percentiles over pictures of the processor time of each picture's best
    run. `clock_p95_ms` is the same by the wall clock. `every_p95_ms` is the processor time over all
    runs of all pictures. `laplacians` is `p50_ms` divided by the best time of a Laplacian pass.
    """

    shot: ShotKind
    pictures: int
    p50_ms: float
    p95_ms: float
    clock_p95_ms: float
    every_p95_ms: float
    laplacians: float


def measure_speed(
    pictures: Mapping[ShotKind, Sequence[Picture]], rounds: int = ROUNDS
) -> list[Speed]:
    """Time `assess` on one core with pictures resized to 1920x1080."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    jobs = [
        (shot, np.asarray(cv2.resize(picture, _FRAME), np.uint8))
        for shot, own in pictures.items()
        for picture in own
    ]
    turns = [[_turn(shot, frame) for shot, frame in jobs] for _ in range(_WARM_UP + rounds)]
    cv2.setNumThreads(threads)
    times = np.asarray(turns[_WARM_UP:], np.float64) * 1000  # (rounds, jobs, 3)
    laplacian = float(times[..., 2].min())
    kinds = np.array([shot.value for shot, _ in jobs])
    return [_speed(shot, times[:, kinds == shot.value], laplacian) for shot in pictures]


def _turn(shot: ShotKind, frame: Picture) -> tuple[float, float, float]:
    """Return seconds for `assess` (processor time, wall clock) and a Laplacian (processor time)."""
    by_clock, by_core = perf_counter(), thread_time()
    assess(frame, shot)
    core, clock = thread_time() - by_core, perf_counter() - by_clock
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    started = thread_time()
    cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    return core, clock, thread_time() - started


def _speed(shot: ShotKind, times: NDArray[np.float64], laplacian_ms: float) -> Speed:
    best = times.min(axis=0)
    p50 = float(np.median(best[:, 0]))
    return Speed(
        shot=shot,
        pictures=len(best),
        p50_ms=p50,
        p95_ms=float(np.percentile(best[:, 0], 95)),
        clock_p95_ms=float(np.percentile(best[:, 1], 95)),
        every_p95_ms=float(np.percentile(times[..., 0], 95)),
        laplacians=p50 / laplacian_ms,
    )
