"""The time of day in the United Kingdom, whatever time zone the PC is set to.

It is computed by rule, without a time zone database, which Windows lacks. Pure functions.
"""

from datetime import UTC, date, datetime, timedelta, timezone

_GMT = timezone(timedelta(0), "GMT")
_BST = timezone(timedelta(hours=1), "BST")
_MARCH, _OCTOBER = 3, 10
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def uk_time(instant: datetime) -> datetime:
    """Convert an aware instant to UK local time, GMT or BST.

    Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday
    of October (The Summer Time Order 2002).
    """
    utc = instant.astimezone(UTC)
    summer = _last_sunday(utc.year, _MARCH) <= utc < _last_sunday(utc.year, _OCTOBER)
    return utc.astimezone(_BST if summer else _GMT)


def in_words(instant: datetime) -> str:
    """Format an instant in UK local time for people: "12 Mar 2025, 10:32 GMT"."""
    local = uk_time(instant)
    return f"{day_in_words(local)}, {local:%H:%M} {local.tzname()}"


def day_in_words(day: date) -> str:
    """Format a day for people: "3 Sep 1958"; month names do not depend on the PC's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year:04d}"


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
