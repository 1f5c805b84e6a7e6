"""Clean text that is pasted or scanned into a form of what nobody sees or meant. Pure.

Record systems, web pages and word processors put signs beside or between the characters that a
person sees: marks for the direction of writing, spaces of no width, hyphens that do not break.
"""

import re
import unicodedata

_KEPT = "\u200c\u200d"  # they shape letters of some scripts
_APOSTROPHES = dict.fromkeys(map(ord, "`\u00b4\u2018\u201b"), "'")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_SIGNS = {**_APOSTROPHES, **_HYPHENS}
_NUMBER_LABEL = re.compile(r"^(?:nhs)?\s*(?:no|num|number)?\s*[.:#]*\s*(?=[0-9])", re.IGNORECASE)
_DATE_LABEL = re.compile(r"^(?:dob|d\.o\.b\.|born|date of birth)\s*[.:]*\s*(?=\w)", re.IGNORECASE)
_AGE = re.compile(r"\s*\(?\b\d{1,3}\s*(?:y|yr|yrs|years?)\b(?:\s*old)?\.?\)?\s*$", re.IGNORECASE)
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z](?=.)")


def tidied(text: str) -> str:
    """Return a text without invisible signs, with plain spaces.

    Joiners stay between letters beyond Latin, where they shape the letter.
    """
    seen = [one for one in text if unicodedata.category(one) != "Cf" or one in _KEPT]
    if all(unicodedata.name(one, "LATIN").startswith("LATIN") for one in seen if one.isalpha()):
        seen = [one for one in seen if one not in _KEPT]
    return " ".join("".join(seen).split())


def plain_signs(text: str) -> str:
    """Return a text with plain hyphens, and apostrophes for accents that stand in for them.

    The typographic apostrophe stays.
    """
    return text.translate(_SIGNS)


def with_plain_apostrophes(text: str) -> str:
    """Return a text to compare with another one: no keyboard types the typographic apostrophe."""
    return text.replace("\u2019", "'")


def number_part(text: str) -> str:
    """Return what follows the label of an NHS number, as in "NHS No. 999 000 0018"."""
    return _NUMBER_LABEL.sub("", plain_signs(tidied(text)))


def date_part(text: str) -> str:
    """Return the date of what a patient banner shows, as in "Born 03-Sep-1958 (68y)"."""
    return _AGE.sub("", _DATE_LABEL.sub("", plain_signs(tidied(text))))


def without_symbology(scanned: str) -> str:
    """Return a scan without the prefix with which a scanner names the kind of barcode: `]C1`."""
    return _SYMBOLOGY.sub("", scanned)
