"""Make smaller copies of a picture: lower the JPEG quality first, then the size, each to a floor.

A copy is a new file; the capture itself is never changed. Works in memory. The decoded picture is
released between calls, so that many large pictures can be fitted together.
"""

import math

import cv2
import numpy as np

from dermstation.domain.shots import ShotKind
from dermstation.imaging.codec import Bgr, decode
from dermstation.imaging.colour_space import encoded, profile_of

QUALITIES = (92, 88, 84, 80, 76)
_SCALE_STEP = 0.88
# A copy that is this many times too large at the best quality is too large at the lowest as well:
# a photograph at quality 76 takes about 0.35 to 0.55 of the bytes that it takes at quality 92.
_HOPELESS = 4.0
_HOPE = 1.3  # a scale is tried if its estimated bytes are at most this many times the limit
# Long and short side in pixels that a copy keeps if the capture has them: for teledermatology,
# 1024x768 is preferred and 800x600 is the minimum (American Telemedicine Association).
LEAST_SIDES_PX: dict[ShotKind, tuple[int, int]] = {
    ShotKind.CLOSEUP: (1024, 768),
    ShotKind.DERMOSCOPIC: (1024, 768),
    ShotKind.GENERAL: (800, 600),
    ShotKind.LATERAL: (800, 600),
}


class SizeLadder:
    """The copies of one picture from best to smallest, each made only when it is needed."""

    def __init__(self, image: bytes, shot: ShotKind) -> None:
        self._image = image
        self._profile = profile_of(image)
        self._shot = shot
        self._picture: Bgr | None = None
        self._steps: list[tuple[float, int]] = []
        self._made: dict[int, bytes] = {}

    def within(self, limit_bytes: int) -> bytes:
        """Return the best or nearly the best copy of at most `limit_bytes`, else the smallest.

        Raises StationError IMAGE_UNREADABLE or IMAGE_TOO_LARGE.
        """
        try:
            return self._within(limit_bytes)
        finally:
            self._picture = None

    def _within(self, limit_bytes: int) -> bytes:
        steps = self._prepared()
        if len(self._copy(0)) <= limit_bytes:
            return self._copy(0)
        last_quality = len(QUALITIES) - 1
        first = last_quality if len(self._copy(0)) > _HOPELESS * limit_bytes else 1
        for step in range(first, len(steps) - 1):
            if step > last_quality and not self._is_worth_trying(steps[step][0], limit_bytes):
                continue
            if len(self._copy(step)) <= limit_bytes:
                return self._copy(step)
        return self._copy(len(steps) - 1)

    def _is_worth_trying(self, scale: float, limit_bytes: int) -> bool:
        return len(self._copy(len(QUALITIES) - 1)) * scale * scale <= _HOPE * limit_bytes

    def _prepared(self) -> list[tuple[float, int]]:
        if not self._steps:
            height, width = self._decoded().shape[:2]
            floor = least_scale(width, height, self._shot)
            self._steps = [(1.0, quality) for quality in QUALITIES]
            scale = _SCALE_STEP
            while scale > floor:
                self._steps.append((scale, QUALITIES[-1]))
                scale *= _SCALE_STEP
            if floor < 1:
                self._steps.append((floor, QUALITIES[-1]))
        return self._steps

    def _copy(self, step: int) -> bytes:
        if step not in self._made:
            scale, quality = self._steps[step]
            pixels = scaled(self._decoded(), scale)
            self._made[step] = encoded(pixels, quality, self._profile)
        return self._made[step]

    def _decoded(self) -> Bgr:
        if self._picture is None:
            self._picture = decode(self._image)
        return self._picture


def least_scale(width: int, height: int, shot: ShotKind) -> float:
    """Return the smallest scale, at most 1, at which a picture keeps its shot's minimum sides."""
    long_side, short_side = LEAST_SIDES_PX[shot]
    return min(1.0, max(long_side / max(width, height), short_side / min(width, height)))


def scaled(bgr: Bgr, scale: float) -> Bgr:
    """Return the picture at `scale`, at most 1; sides are rounded up to keep the minimum."""
    if scale >= 1:
        return bgr
    size = (math.ceil(bgr.shape[1] * scale), math.ceil(bgr.shape[0] * scale))
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
