"""Work out the scale of a picture, with its error, from lengths marked on a picture of a ruler.

Pure geometry; any thread. The scale holds for the frame as the camera gave it, at the distance
of the ruler: for a dermatoscope, on its glass.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from dermstation.domain.errors import ErrorCode, StationError

LEAST_SPANS = 3
LEAST_TURN_DEG = 25.0  # between two of the lengths; with less, an oblique view goes unnoticed
LEAST_SHARE = 0.12  # of the picture's longer side that a length must cover
MOST_ERROR = 0.05  # 0.35 mm at 7 mm
POINTING_PX = 1.5  # how exactly a mark is put on a line of the ruler, one standard deviation


@dataclass(frozen=True, slots=True)
class Span:
    """Two marks, in px of the frame, and their distance on the ruler."""

    x1: float
    y1: float
    x2: float
    y2: float
    length_mm: float

    @property
    def length_px(self) -> float:
        """Return the distance between the marks in px."""
        return math.hypot(self.x2 - self.x1, self.y2 - self.y1)

    @property
    def direction_deg(self) -> float:
        """Return the direction in degrees, 0 to 180; the order of the marks does not matter."""
        return math.degrees(math.atan2(self.y2 - self.y1, self.x2 - self.x1)) % 180.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Millimetres for one px, and the relative error of a length measured with it (0.02: 2 %)."""

    mm_per_px: float
    relative_error: float


def check_span(span: Span, width: int, height: int) -> None:
    """Raise StationError SCALE_SPAN_SHORT if the marks are too close to be exact enough."""
    least_px = LEAST_SHARE * max(width, height)
    if span.length_px < least_px:
        raise StationError(ErrorCode.SCALE_SPAN_SHORT, least_px=round(least_px))


def scale_of(spans: Sequence[Span]) -> Scale:
    """Fit one scale to several lengths by least squares; long ones weigh more.

    The error combines that of pointing with the spread of the lengths, which reveals an oblique
    ruler or a lens that distorts. The spread is not divided by the number of lengths, because a
    lesion is measured only once, in one place and one direction.

    Raises StationError SCALE_SPANS_FEW, SCALE_ONE_DIRECTION, SCALE_TOO_UNSURE.
    """
    if len(spans) < LEAST_SPANS:
        raise StationError(ErrorCode.SCALE_SPANS_FEW, have=len(spans), need=LEAST_SPANS)
    if widest_turn_deg(spans) < LEAST_TURN_DEG:
        raise StationError(ErrorCode.SCALE_ONE_DIRECTION)
    scale = estimate(spans)
    if scale.relative_error > MOST_ERROR:
        percent = round(scale.relative_error * 100, 1)
        raise StationError(ErrorCode.SCALE_TOO_UNSURE, percent=percent)
    return scale


def estimate(spans: Sequence[Span]) -> Scale:
    """Fit a scale to at least one length, without checking its error."""
    square_px = sum(span.length_px**2 for span in spans)
    mm_per_px = sum(span.length_px * span.length_mm for span in spans) / square_px
    pointing = math.sqrt(2) * POINTING_PX / math.sqrt(square_px)
    ratios = [span.length_mm / span.length_px / mm_per_px for span in spans]
    spread = statistics.stdev(ratios) if len(ratios) > 1 else 0.0
    return Scale(mm_per_px, math.hypot(pointing, spread))


def widest_turn_deg(spans: Sequence[Span]) -> float:
    """Return the largest angle between two of the lengths, 0 to 90."""
    directions = [span.direction_deg for span in spans]
    turns = [abs(one - other) for one in directions for other in directions]
    return max((min(turn, 180.0 - turn) for turn in turns), default=0.0)
