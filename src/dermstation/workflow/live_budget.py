"""What the live view gives up on a slow PC, in a fixed order, and takes back when there is time.

A state machine without clock, camera or Qt. It is told of each frame that was painted: when, how
old it then was, how many before it were lost, and how much of the processor the program has used.
What it never gives up is the newest frame and the answer of the shutter
(docs/adr/0095-a-budget-that-gives-way.md).
"""

from dataclasses import dataclass

LATE_MS = 50.0  # of a frame that has been painted; a good PC needs 15
_TURN_NS = 500_000_000
_LEAST_FRAMES = 4  # in a turn, of a slow camera
_LONGEST_GAP_NS = 2_000_000_000  # nothing is painted for longer while a picture is reviewed
_MOST_LATE, _MOST_LOST, _MOST_CPU = 0.15, 0.10, 0.85  # of the frames; of one processor
_EASY_CPU = 0.6
_GIVES_AFTER, _TAKES_AFTER, _MOST_PATIENCE = 2, 10, 120  # turns in a row


@dataclass(frozen=True, slots=True)
class Terms:
    """How the live view works for the time being."""

    score_every_s: float = 0.1
    scores_at_rest: bool = False  # only while the hand rests
    paints_every: int = 1  # frames

    @property
    def words(self) -> str:
        """Return what the screen says of it; empty if nothing was given up."""
        if self.scores_at_rest:
            return "checked when still"
        times = round(1 / self.score_every_s)
        return f"checked {times} times a second" if times < _USUAL_RATE else ""


STEPS = (
    Terms(),
    Terms(0.2),
    Terms(1 / 3),
    Terms(1 / 3, scores_at_rest=True),
    Terms(1 / 3, scores_at_rest=True, paints_every=2),
)
_USUAL_RATE = 10


class LiveBudget:
    """A watcher of the frames painted; `terms` follows from what they cost."""

    def __init__(self) -> None:
        self._step = 0
        self._over = self._easy = 0  # turns in a row
        self._patience = _TAKES_AFTER
        self._took_back = False
        self._last_ns = 0
        self._begin(0, 0.0)

    @property
    def terms(self) -> Terms:
        """Return how the live view works for the time being."""
        return STEPS[self._step]

    def note(self, at_ns: int, age_ms: float, lost: int, cpu_s: float) -> None:
        """Take into account a frame painted at `at_ns`, `age_ms` old then, the first after `lost`.

        `cpu_s` is the processor time that the program has used so far.
        """
        if at_ns - self._last_ns > _LONGEST_GAP_NS:  # it was not live
            self._begin(at_ns, cpu_s)
            lost = 0
        self._last_ns = at_ns
        self._frames += 1
        self._late += age_ms > LATE_MS
        self._lost += lost
        elapsed_ns = at_ns - self._begins_ns
        if elapsed_ns >= _TURN_NS and self._frames >= _LEAST_FRAMES:
            self._end_turn((cpu_s - self._cpu_s) * 1e9 / elapsed_ns)
            self._begin(at_ns, cpu_s)

    def _begin(self, at_ns: int, cpu_s: float) -> None:
        self._begins_ns, self._cpu_s = at_ns, cpu_s
        self._frames = self._late = self._lost = 0

    def _end_turn(self, cpu: float) -> None:
        late = self._late / self._frames
        lost = self._lost / (self._lost + self._frames)
        is_over = late > _MOST_LATE or lost > _MOST_LOST or cpu > _MOST_CPU
        is_easy = late == 0 and self._lost == 0 and cpu < _EASY_CPU
        self._over = self._over + 1 if is_over else 0
        self._easy = self._easy + 1 if is_easy else 0
        if self._over >= _GIVES_AFTER:
            self._give_way()
        elif self._easy >= self._patience:
            self._take_back()

    def _take_back(self) -> None:
        if self._step == 0:  # nothing has been too much for a while
            self._patience = _TAKES_AFTER
        self._took_back = self._step > 0
        self._step = max(0, self._step - 1)
        self._easy = 0

    def _give_way(self) -> None:
        if self._took_back:  # that was too much: wait longer before the next try
            self._patience = min(_MOST_PATIENCE, 2 * self._patience)
        self._took_back = False
        self._over = self._easy = 0
        self._step = min(self._step + 1, len(STEPS) - 1)
