"""Texts and names as DICOM has room for them; its limits count characters (PS3.5, 6.2). Pure."""

from unicodedata import category

from dermstation.domain.identity import Patient

LONG_TEXT_MAX_CHARS = 10_240  # value representation LT
_TEXT_MAX_CHARS = 64  # value representation LO
_NAME_MAX_CHARS = 64  # value representation PN, each component group
_GIVEN_LEAST_CHARS = 20


def fitted(words: str, most: int = _TEXT_MAX_CHARS) -> str:
    """Return text that fits a DICOM value: at most `most` characters.

    Backslashes, which separate values, become slashes; control characters become spaces.
    """
    plain = "".join(" " if category(one) in {"Cc", "Cs"} else one for one in words)
    whole = " ".join(plain.replace("\\", "/").split())
    end = min(len(whole), most)
    while 0 < end < len(whole) and category(whole[end]).startswith("M"):
        end -= 1  # a letter is not parted from its marks
    return whole[: end or most].strip()


def person(name: str) -> str:
    """Format an operator's name as a DICOM person name (PN): all of it is the family name.

    The station does not know its parts; without the caret it would be a form that is retired.
    """
    return f"{_component(name, _NAME_MAX_CHARS - 1)}^"


def _component(name: str, most: int) -> str:
    """Return a part of a person name, without the signs that separate parts."""
    return fitted(name.replace("^", " ").replace("=", " "), most)


def patient_name(patient: Patient) -> str:
    """Format the family and given name; a name too long for DICOM is cut at its end."""
    for_given = min(len(patient.given_name), _GIVEN_LEAST_CHARS)
    family = _component(patient.family_name, _NAME_MAX_CHARS - 1 - for_given)
    given = _component(patient.given_name, _NAME_MAX_CHARS - 1 - len(family))
    return f"{family}^{given}"


def is_shortened(patient: Patient) -> bool:
    """Return whether DICOM's 64 characters are too few for the patient's name."""
    return len(patient.family_name) + 1 + len(patient.given_name) > _NAME_MAX_CHARS
