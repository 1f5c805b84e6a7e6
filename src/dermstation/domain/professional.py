"""The numbers under which doctors and nurses are registered: GMC and NMC."""

import re

from dermstation.domain.errors import ErrorCode, StationError

_GMC = re.compile(r"[0-9]{7}")
_NMC = re.compile(r"[0-9]{2}[A-Z][0-9]{4}[A-Z]")


def registered_words(number: str) -> str:
    """Return a professional number with its register: "GMC 1234567"; an empty one stays empty."""
    if not number:
        return ""
    return f"GMC {number}" if _GMC.fullmatch(number) else f"NMC {number}"


def parse_professional_number(text: str) -> str:
    """Return a GMC number (7 digits) or NMC PIN (NNANNNNA) as registered; empty stays empty.

    Upper and lower case and spaces are accepted. Neither number has a check digit, so only its
    form can be checked.
    Raises StationError PROFESSIONAL_NUMBER_FORMAT.
    """
    number = "".join(text.split()).upper()
    if number and not (_GMC.fullmatch(number) or _NMC.fullmatch(number)):
        raise StationError(ErrorCode.PROFESSIONAL_NUMBER_FORMAT)
    return number
