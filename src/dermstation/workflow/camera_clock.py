"""The time when a card's picture was taken, and whether the camera's clock can be believed.

Pure functions. A camera's clock has no time zone: the PC's own is assumed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from dermstation.camera.card.pictures import CardFile, ExifFacts
from dermstation.domain.local_time import local
from dermstation.domain.records import TimeSource

AHEAD_FROM = timedelta(minutes=2)  # a clock set by hand is no more exact than this
OLD_FROM = timedelta(hours=12)
_FIRST_PLAUSIBLE = datetime(2015, 1, 1, tzinfo=UTC)  # an earlier time: the clock was never set
_UNITS = (
    (timedelta(days=365), "year", "years"),
    (timedelta(days=1), "day", "days"),
    (timedelta(hours=1), "hour", "hours"),
    (timedelta(minutes=1), "minute", "minutes"),
)


class ClockState(StrEnum):
    """The state of a camera's clock, compared with the PC's."""

    FINE = "fine"
    AHEAD = "ahead"
    NEVER_SET = "never_set"
    OLD = "old"  # the newest picture is not from today, or the clock is behind
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class ClockCheck:
    """The state of a camera's clock.

    `difference` is the PC's time less that of the newest picture: positive if that is earlier.
    """

    state: ClockState
    newest_at: datetime | None = None
    difference: timedelta = timedelta()

    @property
    def words(self) -> str:
        """Return the result in words, or an empty text if the clock is right."""
        away = span_words(abs(self.difference))
        match self.state:
            case ClockState.AHEAD:
                return (
                    f"The camera's clock is wrong: its newest picture is {away} in the future."
                    " Set the clock; until then, the station records another time."
                )
            case ClockState.NEVER_SET if self.newest_at is not None:
                return (
                    f"The camera's clock is not set: it says {local(self.newest_at):%Y}."
                    " Set the clock; until then, the station records another time."
                )
            case ClockState.OLD:
                return (
                    f"By the camera's clock, the newest picture is {away} old. If it was taken"
                    " just now, the clock is wrong by that much. Make sure that it is of this"
                    " patient."
                )
            case ClockState.NOT_KNOWN:
                return "The pictures do not say when they were taken."
            case _:
                return ""


def check_clock(exifs: Iterable[ExifFacts], at: datetime) -> ClockCheck:
    """Compare the newest picture's time with the PC's clock at `at`."""
    times = [taken for one in exifs if (taken := instant_of(one.taken_at)) is not None]
    if not times:
        return ClockCheck(ClockState.NOT_KNOWN)
    newest = max(times)
    difference = at - newest
    if newest < _FIRST_PLAUSIBLE:
        state = ClockState.NEVER_SET
    elif difference < -AHEAD_FROM:
        state = ClockState.AHEAD
    elif difference > OLD_FROM:
        state = ClockState.OLD
    else:
        state = ClockState.FINE
    return ClockCheck(state, newest, difference)


def captured_at(exif: ExifFacts, file: CardFile, at: datetime) -> tuple[datetime, TimeSource]:
    """Return the instant of a picture, never later than `at`, and the source it was read from."""
    for moment, source in (
        (instant_of(exif.taken_at), TimeSource.CAMERA),
        (file.modified_at, TimeSource.FILE),
    ):
        if moment is not None and _FIRST_PLAUSIBLE <= moment <= at + AHEAD_FROM:
            return min(moment, at), source
    return at, TimeSource.IMPORT


def instant_of(taken_at: datetime | None) -> datetime | None:
    """Return a camera's time as an instant in UTC, or None if there is no such instant."""
    if taken_at is None:
        return None
    try:
        return taken_at.astimezone(UTC)
    except (OverflowError, ValueError, OSError):
        return None


def span_words(span: timedelta) -> str:
    """Return a span in its two largest units: "3 hours 12 minutes"."""
    parts = []
    for size, one, many in _UNITS:
        count, span = divmod(span, size)
        if count:
            parts.append(f"{count} {one if count == 1 else many}")
        elif parts:
            break
    return " ".join(parts[:2]) or "less than a minute"
