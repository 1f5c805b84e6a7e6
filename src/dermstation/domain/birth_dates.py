"""Read a date of birth in every form that has one meaning. Pure."""

import re
from datetime import date

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.pasting import date_part

OLDEST_AGE_YEARS = 125
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_LEAST_MONTH_LETTERS = 3
_APART = re.compile(r"[-/., ]+")
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b", re.IGNORECASE)
_COMPACT_CHARS = 8
_YEAR_DIGITS = 4


def check_birth_date(text: str, *, today: date) -> date:
    """Read a date of birth: 03/09/1958, 3.9.1958, 03091958, 3 Sep 1958, 03-September-1958.

    A date that begins with the year is read too: 1958-09-03, 19580903. Raises StationError:
    BIRTH_DATE_FORMAT (`year` is "short" if it has two digits), BIRTH_DATE_FUTURE,
    BIRTH_DATE_TOO_LONG_AGO.
    """
    found = _readings(_ORDINAL.sub(r"\1", date_part(text)))
    possible = [one for one in found if _is_possible(one, today)]
    if not possible:
        born_on = found[0]
        if born_on > today:
            raise StationError(ErrorCode.BIRTH_DATE_FUTURE)
        raise StationError(ErrorCode.BIRTH_DATE_TOO_LONG_AGO, years=OLDEST_AGE_YEARS)
    return possible[0]


def _is_possible(born_on: date, today: date) -> bool:
    return born_on <= today and today.year - born_on.year <= OLDEST_AGE_YEARS


def _readings(text: str) -> list[date]:
    """Return the days that a text may mean; two only for eight digits, of which one is far off."""
    parts = _APART.split(text.strip())
    if len(parts) == 1 and len(text) == _COMPACT_CHARS:
        split = [(text[:2], text[2:4], text[4:]), (text[6:], text[4:6], text[:4])]
    elif len(parts) == 3:  # noqa: PLR2004 - day, month, year
        split = [_ordered(*parts)]
    else:
        split = []
    found = [one for one in (_day(*three) for three in split) if one is not None]
    if not found:
        is_short = len(parts) == 3 and len(parts[2]) == 2 and parts[2].isdigit()  # noqa: PLR2004
        facts = {"year": "short"} if is_short else {}
        raise StationError(ErrorCode.BIRTH_DATE_FORMAT, **facts)
    return found


def _ordered(first: str, second: str, third: str) -> tuple[str, str, str]:
    """Return day, month and year: only a year has four digits, only a month has letters."""
    if len(first) == _YEAR_DIGITS and first.isdigit():
        return third, second, first
    if first.isalpha():
        return second, first, third
    return first, second, third


def _day(day: str, month: str, year: str) -> date | None:
    numbers = (day, _month_number(month), year)
    if not all(one.isascii() and one.isdigit() for one in numbers):
        return None
    if len(year) != _YEAR_DIGITS or len(day) > 2 or len(numbers[1]) > 2:  # noqa: PLR2004
        return None
    try:
        return date(int(year), int(numbers[1]), int(day))
    except ValueError:
        return None


def _month_number(month: str) -> str:
    """Return the number of a month whose name, or the beginning of it, is given."""
    name = month.casefold()
    if len(name) < _LEAST_MONTH_LETTERS or not name.isalpha():
        return month
    found = [place for place, whole in enumerate(_MONTHS, start=1) if whole.startswith(name)]
    if name == "sept":
        found = [9]
    return str(found[0]) if found else month
