"""How long one picture takes on one core, and against the plainest measure of all."""

from dataclasses import dataclass
from time import perf_counter

import cv2
import numpy as np

from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.imaging.calibrate.degrade import Picture

_FRAME = (1920, 1080)
_ROUNDS = 300
_WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds of `assess` on a 1080p frame, and how many Laplacian passes that is."""

    p50_ms: float
    p95_ms: float
    laplacians: float


def measure_speed(picture: Picture) -> Speed:
    """Time `assess` on one core; the machine's other work shows in it, least in the ratio."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    frame = np.asarray(cv2.resize(picture, _FRAME), np.uint8)
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    whole, single = [], []
    for _ in range(_ROUNDS + _WARM_UP):
        started = perf_counter()
        cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
        between = perf_counter()
        assess(frame, ShotKind.DERMOSCOPIC)
        whole.append((perf_counter() - between) * 1000)
        single.append((between - started) * 1000)
    cv2.setNumThreads(threads)
    kept = np.array(whole[_WARM_UP:])
    ratio = float(np.median(kept) / np.median(single[_WARM_UP:]))
    return Speed(float(np.median(kept)), float(np.percentile(kept, 95)), ratio)
