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
_COMPACT_CHARS, _SHORT_CHARS = 8, 6
_YEAR_DIGITS = 4
_CENTURIES = ("19", "20")


def check_birth_date(text: str, *, today: date) -> date:
    """Read a date of birth: 03/09/1958, 3.9.1958, 03091958, 3 Sep 1958, 03-September-1958.

    A date that begins with the year is read too: 1958-09-03, 19580903. A year of two digits is read
    if somebody alive can be born in only one of the two centuries: 030958, but not 030915. Raises
    StationError: BIRTH_DATE_FORMAT (`year` is "short" if it needs four digits), BIRTH_DATE_FUTURE,
    BIRTH_DATE_TOO_LONG_AGO.
    """
    found, is_short = _readings(_ORDINAL.sub(r"\1", date_part(text)))
    possible = [one for one in found if _is_possible(one, today)]
    if is_short and len(possible) != 1:
        raise StationError(ErrorCode.BIRTH_DATE_FORMAT, year="short")
    if not possible:
        born_on = found[0]
        if born_on > today:
            raise StationError(ErrorCode.BIRTH_DATE_FUTURE)
        raise StationError(ErrorCode.BIRTH_DATE_TOO_LONG_AGO, years=OLDEST_AGE_YEARS)
    return possible[0]


def _is_possible(born_on: date, today: date) -> bool:
    return born_on <= today and today.year - born_on.year <= OLDEST_AGE_YEARS


def _readings(text: str) -> tuple[list[date], bool]:
    """Return the days that a text may mean, and whether its year has two digits.

    There are two for eight digits, of which one is far off, and for a year of two digits.
    """
    parts = _APART.split(text.strip())
    if len(parts) == 1 and len(text) == _COMPACT_CHARS:
        split = [(text[:2], text[2:4], text[4:]), (text[6:], text[4:6], text[:4])]
    elif len(parts) == 1 and len(text) == _SHORT_CHARS:
        split = [(text[:2], text[2:4], text[4:])]
    elif len(parts) == 3:  # noqa: PLR2004 - day, month, year
        split = [_ordered(*parts)]
    else:
        split = []
    is_short = len(split) == 1 and len(split[0][2]) == 2 and split[0][2].isdigit()  # noqa: PLR2004
    if is_short:
        ((day, month, year),) = split
        split = [(day, month, century + year) for century in _CENTURIES]
    found = [one for one in (_day(*three) for three in split) if one is not None]
    if not found:
        raise StationError(ErrorCode.BIRTH_DATE_FORMAT)
    return found, is_short


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
