"""What the station knows of its own pictures over time: counts, and nothing about a patient.

Plain functions on an open vault, run on the vault's thread.
"""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from dermstation.domain.chart_check import ChartCheck
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, require
from dermstation.domain.set_score import MOST_POINTS, CountedSet, SetPoint
from dermstation.files import write_file
from dermstation.vault.store import Vault
from dermstation.workflow.walk import EpisodeView

LEAST_SETS = 5  # in a period that is shown: of fewer, somebody could know whose pictures they were


@dataclass(frozen=True, slots=True)
class Period:
    """The sets of one or more whole months, at least `LEAST_SETS` of them."""

    first: date  # the first day of its first month
    last: date  # the first day of its last month
    sets: tuple[CountedSet, ...]

    @property
    def mean(self) -> float:
        """Return the mean score."""
        return sum(one.points for one in self.sets) / len(self.sets)

    def count_with(self, points: int) -> int:
        """Count the sets with a score."""
        return sum(one.points == points for one in self.sets)

    def count_lacking(self, point: SetPoint) -> int:
        """Count the sets that lack a point."""
        return sum(point in one.lacks for one in self.sets)


@dataclass(frozen=True, slots=True)
class CameraCount:
    """The sets with a picture of one camera, at least `LEAST_SETS` of them."""

    camera: str
    count: int
    mean: float


@dataclass(frozen=True, slots=True)
class Insight:
    """What the page shows: the periods in order, the cameras, and how many sets wait for more."""

    periods: tuple[Period, ...]
    cameras: tuple[CameraCount, ...]
    waiting: int
    checks: tuple[ChartCheck, ...] = ()  # of cameras by the colour chart, by camera and day


def counted_sets(view: EpisodeView, at: datetime) -> tuple[CountedSet, ...]:
    """Return the sets of an episode as they are counted, for the week of an instant."""
    day = at.date()
    monday = day - timedelta(days=day.weekday())
    found = []
    for lesion in view.lesions:
        if (score := view.score(lesion)) is not None:
            chosen = view.chosen(lesion)
            cameras = tuple(sorted({one.camera for one in chosen.values() if one.camera}))
            found.append(CountedSet(monday, score.lacks, tuple(chosen), cameras))
    return tuple(found)


def look_at_insight(vault: Vault, operator: Operator) -> Insight:
    """Return the counts of all packages. Raises StationError RIGHT_MISSING."""
    require(operator, Right.ADMINISTER)
    return replace(insight_of(vault.set_scores.all()), checks=vault.chart_checks.all())


def insight_of(sets: Sequence[CountedSet]) -> Insight:
    """Gather sets, oldest first, into periods; the newest wait until they are enough."""
    periods: list[Period] = []
    pending: list[CountedSet] = []
    for place, one in enumerate(sets):
        pending.append(one)
        ends = place + 1 == len(sets) or _month(sets[place + 1]) != _month(one)
        if ends and len(pending) >= LEAST_SETS:
            periods.append(Period(_month(pending[0]), _month(one), tuple(pending)))
            pending = []
    return Insight(tuple(periods), _by_camera(sets), len(pending))


def export_insight(vault: Vault, operator: Operator, path: Path) -> int:
    """Write the periods as CSV, oldest first, and return their number.

    Raises StationError: RIGHT_MISSING, EXPORT_FAILED.
    """
    found = look_at_insight(vault, operator)
    try:
        write_file(path, _as_csv(found.periods).encode("utf-8-sig"))
    except OSError as error:
        raise StationError(ErrorCode.EXPORT_FAILED, errno=error.errno) from None
    return len(found.periods)


def _as_csv(periods: Sequence[Period]) -> str:
    text = io.StringIO()
    table = csv.writer(text)
    scores = [f"score_{points}" for points in range(MOST_POINTS + 1)]
    lacks = [f"without_{point.value}" for point in SetPoint]
    table.writerow(["first_month", "last_month", "sets", "mean_score", *scores, *lacks])
    for one in periods:
        table.writerow(
            [
                f"{one.first:%Y-%m}",
                f"{one.last:%Y-%m}",
                len(one.sets),
                f"{one.mean:.2f}",
                *(one.count_with(points) for points in range(MOST_POINTS + 1)),
                *(one.count_lacking(point) for point in SetPoint),
            ]
        )
    return text.getvalue()


def _by_camera(sets: Sequence[CountedSet]) -> tuple[CameraCount, ...]:
    counts: Counter[str] = Counter()
    points: Counter[str] = Counter()
    for one in sets:
        for camera in one.cameras:
            counts[camera] += 1
            points[camera] += one.points
    return tuple(
        CameraCount(camera, count, points[camera] / count)
        for camera, count in counts.most_common()
        if count >= LEAST_SETS
    )


def _month(one: CountedSet) -> date:
    return one.week.replace(day=1)
