"""Measure how long one picture takes on one core, also in comparison with a Laplacian pass.

A busy machine can only make a run slower, so the fastest of many runs of a picture shows what the
program needs; the 95th percentile is then taken over pictures. Runs of all pictures are
interleaved, so that each finds the core's caches as another picture left them. Memory that is freed
is kept for the next picture, as the station keeps it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import thread_time

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.degrade import Picture
from dermstation.domain.shots import ShotKind
from dermstation.heap import keep_freed_memory
from dermstation.imaging.assessment import assess
from dermstation.imaging.live import LiveAssessor
from dermstation.imaging.scale import small_colour, to_grey
from dermstation.imaging.sight import thumbnail

_FRAME = (1920, 1080)
ROUNDS = 60
_WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds of processor time on 1080p pictures of one kind of shot.

    `first_p95_ms`, `live_p95_ms`, `kept_p95_ms` and `every_p95_ms` are over all runs of all
    pictures: of the first live frame for a shot, of one that shows another scene than the one
    before, of one that shows the same, and of `assess`. `p50_ms` and `p95_ms` are percentiles over
    pictures of the best run of `assess`. `laplacians` is `p50_ms` divided by the best time of a
    Laplacian pass.
    """

    shot: ShotKind
    pictures: int
    first_p95_ms: float
    live_p95_ms: float
    kept_p95_ms: float
    every_p95_ms: float
    p50_ms: float
    p95_ms: float
    laplacians: float


@dataclass(frozen=True, slots=True)
class _Job:
    """A picture, and its parts as the live view decodes them."""

    shot: ShotKind
    frame: Picture
    luma: Picture
    small: Picture


def measure_speed(
    pictures: Mapping[ShotKind, Sequence[Picture]], rounds: int = ROUNDS
) -> list[Speed]:
    """Time live frames and `assess` on one core with pictures resized to 1920x1080."""
    keep_freed_memory()
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    jobs = [_job(shot, picture) for shot, own in pictures.items() for picture in own]
    streams = {shot: LiveAssessor() for shot in pictures}
    turns = [[_turn(job, streams[job.shot]) for job in jobs] for _ in range(_WARM_UP + rounds)]
    cv2.setNumThreads(threads)
    times = np.asarray(turns[_WARM_UP:], np.float64) * 1000  # (rounds, jobs, 5)
    laplacian = float(times[..., 4].min())
    kinds = np.array([job.shot.value for job in jobs])
    return [_speed(shot, times[:, kinds == shot.value], laplacian) for shot in pictures]


def _job(shot: ShotKind, picture: Picture) -> _Job:
    frame = np.asarray(cv2.resize(picture, _FRAME), np.uint8)
    small = np.ascontiguousarray(small_colour(frame))
    return _Job(shot, frame, to_grey(frame), small)


def _turn(job: _Job, stream: LiveAssessor) -> tuple[float, ...]:
    """Return seconds of a first, another and the same live frame, `assess` and a Laplacian pass.

    `stream` has judged the pictures of this kind of shot one after the other.
    """
    return (
        _seconds(lambda: _live(job, LiveAssessor())),
        _seconds(lambda: _live(job, stream)),
        _seconds(lambda: _live(job, stream)),
        _seconds(lambda: assess(job.frame, job.shot)),
        _seconds(lambda: cv2.meanStdDev(cv2.Laplacian(job.luma, cv2.CV_16S))),
    )


def _live(job: _Job, assessor: LiveAssessor) -> None:
    assessor.assess(job.luma, job.small, thumbnail(job.small), job.shot, _FRAME)


def _seconds(work: Callable[[], object]) -> float:
    started = thread_time()
    work()
    return thread_time() - started


def _speed(shot: ShotKind, times: NDArray[np.float64], laplacian_ms: float) -> Speed:
    best = times[..., 3].min(axis=0)
    p50 = float(np.median(best))
    every = np.percentile(times, 95, axis=(0, 1))
    return Speed(
        shot=shot,
        pictures=len(best),
        first_p95_ms=float(every[0]),
        live_p95_ms=float(every[1]),
        kept_p95_ms=float(every[2]),
        every_p95_ms=float(every[3]),
        p50_ms=p50,
        p95_ms=float(np.percentile(best, 95)),
        laplacians=p50 / laplacian_ms,
    )
