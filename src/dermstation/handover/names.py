"""Check that file names are safe to hand over: accepted by e-RS, and not identifying a patient."""

import re
from collections.abc import Iterator
from datetime import date

from dermstation.domain.errors import StationError
from dermstation.domain.identity import NhsNumber

NAME_MAX_CHARS = 255
_ALLOWED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# ten digits, however grouped; a digit before or after would make it another number
_TEN_DIGITS = re.compile(r"(?<!\d)\d(?:[ ._-]?\d){9}(?!\d)")
_DATES = (
    re.compile(r"(?<!\d)(?P<d>\d{1,2})[ ._-](?P<m>\d{1,2})[ ._-](?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})[ ._-](?P<m>\d{1,2})[ ._-](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{2})(?P<m>\d{2})(?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)"),
)
_YEARS = range(1890, 2100)


def is_allowed_name(name: str) -> bool:
    """Return whether a name is plain ASCII, not hidden, and short enough for e-RS."""
    return len(name) <= NAME_MAX_CHARS and _ALLOWED.fullmatch(name) is not None


def tells_identity(name: str) -> bool:
    """Return whether a name contains an NHS number or a date, however grouped."""
    return any(_is_nhs_number(match[0]) for match in _TEN_DIGITS.finditer(name)) or any(
        True for _ in _dates(name)
    )


def _is_nhs_number(text: str) -> bool:
    try:
        NhsNumber.parse(re.sub(r"\D", "", text))
    except StationError:
        return False
    return True


def _dates(name: str) -> Iterator[date]:
    for pattern in _DATES:
        for match in pattern.finditer(name):
            year, month, day = (int(match[part]) for part in "ymd")
            if year in _YEARS:
                try:
                    yield date(year, month, day)
                except ValueError:
                    continue
