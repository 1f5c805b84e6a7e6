"""Take the picture by itself once it has been steady and good for a second.

A state machine without clock, camera or Qt. It is given samples of the newest frame, about ten a
second, and reports its progress and when to press. It starts again whenever a sample is missing,
old, not good, or has moved, and never presses twice for one still scene.
"""

from dataclasses import dataclass

from dermstation.camera.frames import STALE_AFTER_S
from dermstation.domain.quality import Verdict
from dermstation.imaging.stillness import Glance, difference

STEADY_FOR_S = 1.0
LONGEST_GAP_S = 0.4  # between two samples; in a longer gap, movement could go unnoticed
STEP_MOVES = 0.06  # difference from one sample to the next
DRIFT_MOVES = 0.18  # difference from the beginning of the second
OTHER_SCENE = 0.4  # difference from the picture taken last


@dataclass(frozen=True, slots=True, eq=False)
class FrameSample:
    """The newest frame: its capture time (`perf_counter_ns`), its verdict and its glance."""

    captured_at_ns: int
    verdict: Verdict | None
    glance: Glance


class HandsFree:
    """A watcher of one frame after another; `progress`, 0 to 1, fills the ring on the page."""

    def __init__(self) -> None:
        self.progress = 0.0
        self._first: FrameSample | None = None
        self._last: FrameSample | None = None
        self._taken: Glance | None = None

    def rest(self) -> None:
        """Start again, because no picture may be taken now. The last picture is remembered."""
        self.progress = 0.0
        self._first = self._last = None

    def note_taken(self, taken: Glance) -> None:
        """Remember the scene of a picture, also one taken by hand; take none until it moves."""
        self._taken = taken
        self.rest()

    def observe(self, sample: FrameSample, now_ns: int) -> bool:
        """Take a sample into account at `now_ns` of `perf_counter_ns`; return whether to press."""
        if self._moved_away(sample):
            self._taken = None
        if not self._may_count(sample, now_ns):
            self.rest()
            return False
        if self._first is None or not self._steady_since(self._first, sample):
            self._first = sample
        self._last = sample
        steady_s = (sample.captured_at_ns - self._first.captured_at_ns) / 1e9
        self.progress = min(1.0, steady_s / STEADY_FOR_S)
        if self.progress < 1.0:
            return False
        self.note_taken(sample.glance)
        return True

    def _moved_away(self, sample: FrameSample) -> bool:
        return self._taken is not None and difference(self._taken, sample.glance) > OTHER_SCENE

    def _may_count(self, sample: FrameSample, now_ns: int) -> bool:
        fresh = (now_ns - sample.captured_at_ns) / 1e9 <= STALE_AFTER_S
        return fresh and sample.verdict is Verdict.GOOD and self._taken is None

    def _steady_since(self, first: FrameSample, sample: FrameSample) -> bool:
        last = self._last
        if last is None:
            return False
        gap_s = (sample.captured_at_ns - last.captured_at_ns) / 1e9
        return (
            0 <= gap_s <= LONGEST_GAP_S
            and difference(last.glance, sample.glance) <= STEP_MOVES
            and difference(first.glance, sample.glance) <= DRIFT_MOVES
        )


class RestingHand:
    """A watcher of single frames that follow each other: whether the last two show no movement."""

    def __init__(self) -> None:
        self.rests = False
        self._before: Glance | None = None

    def look(self, seen: Glance) -> None:
        """Compare the newest frame with the one before."""
        before, self._before = self._before, seen
        self.rests = before is not None and difference(before, seen) <= STEP_MOVES

    def forget(self) -> None:
        """Start again: the next two frames will tell."""
        self.rests = False
        self._before = None
