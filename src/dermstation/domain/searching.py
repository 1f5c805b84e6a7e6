"""Parse a search for an episode: words of a name, an NHS number, dates as people write them.

Pure. A search text names patients, so it is never logged and never put into an exception.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from dermstation.domain.text_limits import SEARCH_MAX_CHARS

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERIC = r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4}|\d{2})"
_MONTH = "|".join(_MONTHS)
_NAMED = rf"(?P<nday>\d{{1,2}})[-/. ](?P<nmonth>{_MONTH})[a-z]*[-/. ](?P<nyear>\d{{4}}|\d{{2}})"
_ISO = r"(?P<iyear>\d{4})-(?P<imonth>\d{1,2})-(?P<iday>\d{1,2})"
_DATE = re.compile(rf"(?<![\w/.-])(?:{_NUMERIC}|{_NAMED}|{_ISO})(?![\w/.-])", re.IGNORECASE)
_DIGITS = re.compile(r"\d(?:[ -]?\d)*")
_DAY_MONTH_YEAR_CHARS = 8
_CENTURY = 100
# letters that are not a base letter with a mark; all others are folded by decomposition
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "\u0131": "i",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
_APOSTROPHES = re.compile("['\u2019\u02bc`]")


@dataclass(frozen=True, slots=True, repr=False)
class Search:
    """The criteria of a search: an episode must match every word, group of digits and date.

    `words` are folded; each begins a word of the patient's name. Each of `digits` is part of the
    NHS number or, if it is a date written without separators, that date. One date of each of
    `days` is the patient's date of birth or the day of the visit.
    """

    words: tuple[str, ...] = ()
    digits: tuple[tuple[str, tuple[date, ...]], ...] = ()
    days: tuple[tuple[date, ...], ...] = ()

    def __repr__(self) -> str:
        return "Search()"  # it names patients


def folded(text: str) -> str:
    """Return a text without accents, case and apostrophes: "Zoë O'Neill" becomes "zoe oneill"."""
    plain = _APOSTROPHES.sub("", text).casefold()
    parts = unicodedata.normalize("NFKD", plain)
    bare = "".join(one for one in parts if not unicodedata.combining(one))
    return bare.translate(_LETTERS)


def words_of_name(name: str) -> frozenset[str]:
    """Return the folded words by which a name is found.

    A compound is found by each of its parts and by the whole joined: "Smith-Jones" by
    "smith", "jones" and "smithjones"; an apostrophe also splits and joins: "neill", "oneill".
    """
    found: set[str] = set()
    for one in name.split():
        joined = _words(folded(one))
        found.update(joined, ["".join(joined)], _words(folded(_APOSTROPHES.sub(" ", one))))
    return frozenset(found - {""})


def parse_search(text: str, *, today: date) -> Search:
    """Parse what was typed. Nothing is refused: text that cannot be parsed matches nobody."""
    left = " ".join(text[:SEARCH_MAX_CHARS].split())
    days: list[tuple[date, ...]] = []

    def take(found: re.Match[str]) -> str:
        days.append(_dates(found, today))
        return " "

    left = _DATE.sub(take, left)
    digits = [found.replace(" ", "").replace("-", "") for found in _DIGITS.findall(left)]
    words = []
    for word in _words(folded(_DIGITS.sub(" ", left))):
        if word in _RELATIVE:
            days.append((today - timedelta(days=_RELATIVE[word]),))
        else:
            words.append(word)
    return Search(tuple(words), tuple((one, _run_together(one)) for one in digits), tuple(days))


_RELATIVE = {"today": 0, "yesterday": 1}


def _words(text: str) -> list[str]:
    """Split a folded text at everything that is not a letter or digit of any script."""
    return re.findall(r"[^\W_]+", text)


def _dates(found: re.Match[str], today: date) -> tuple[date, ...]:
    """Return the dates that a match may mean, or none if there is no such day."""
    kinds = found.groupdict()
    if kinds["day"]:
        day, month, year = kinds["day"], int(kinds["month"]), kinds["year"]
    elif kinds["nday"]:
        day, year = kinds["nday"], kinds["nyear"]
        month = _MONTHS.index(kinds["nmonth"].lower()) + 1
    else:
        day, month, year = kinds["iday"], int(kinds["imonth"]), kinds["iyear"]
    if len(year) > 2:  # noqa: PLR2004 - a year of two digits
        return _existing((int(year), month, int(day)))
    century = today.year - today.year % _CENTURY
    years = (century + int(year), century - _CENTURY + int(year))
    return _existing(*((one, month, int(day)) for one in years))


def _run_together(digits: str) -> tuple[date, ...]:
    if len(digits) != _DAY_MONTH_YEAR_CHARS:
        return ()
    return _existing((int(digits[4:]), int(digits[2:4]), int(digits[:2])))


def _existing(*numbers: tuple[int, int, int]) -> tuple[date, ...]:
    found = []
    for year, month, day in numbers:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(found)
