"""The time of this PC's clock, also for days that its system cannot convert."""

from datetime import UTC, date, datetime, time


def local(moment: datetime) -> datetime:
    """Return an instant by this PC's clock; by UTC if that fails, as on Windows before 1970.

    A moment without a zone is taken to be of this PC.
    """
    try:
        return moment.astimezone()
    except (OSError, OverflowError, ValueError):
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins by this PC's clock."""
    return local(datetime.combine(day, time()))
