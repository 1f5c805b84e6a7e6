"""The patient's identity: names, date of birth and NHS number, each checked with a clear reason."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import nhs_number

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.pasting import number_part, plain_signs, tidied
from dermstation.domain.text_limits import NAME_MAX_CHARS

NHS_NUMBER_DIGITS = 10
_TEST_RANGE = range(9_990_000_000, 10_000_000_000)


@dataclass(frozen=True, slots=True)
class NhsNumber:
    """Ten digits with a correct check digit. Make one with `NhsNumber.parse`."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> "NhsNumber":
        """Read an NHS number as typed, pasted or scanned; spaces, hyphens and a label are allowed.

        Check digit: weights 10..2, modulus 11 (NHS Data Dictionary, "NHS NUMBER").
        A repeated digit passes modulus 11 but is still refused. A number of the Scottish
        range (it begins with the date of birth) with an impossible date is refused as mistyped.

        Raises StationError: NHS_NUMBER_EMPTY, _CHARACTERS, _LENGTH, _REPEATED, _CHECK_DIGIT.
        """
        digits = "".join(number_part(text).split()).replace("-", "")
        if not digits:
            raise StationError(ErrorCode.NHS_NUMBER_EMPTY)
        if not (digits.isascii() and digits.isdigit()):
            raise StationError(ErrorCode.NHS_NUMBER_CHARACTERS)
        if len(digits) != NHS_NUMBER_DIGITS:
            raise StationError(ErrorCode.NHS_NUMBER_LENGTH, digits=len(digits))
        if len(set(digits)) == 1:
            raise StationError(ErrorCode.NHS_NUMBER_REPEATED)
        if not nhs_number.is_valid(digits):
            raise StationError(ErrorCode.NHS_NUMBER_CHECK_DIGIT)
        return cls(digits)

    @property
    def is_test(self) -> bool:
        """Return whether the number is in the test range, 999 000 0000 to 999 999 9999."""
        return int(self.digits) in _TEST_RANGE

    def __str__(self) -> str:
        return f"{self.digits[:3]} {self.digits[3:6]} {self.digits[6:]}"

    def __repr__(self) -> str:
        return "NhsNumber(...)"  # a number in a traceback or log would be identity


class Sex(StrEnum):
    """The sex in the patient's record; the station does not ask for gender."""

    NOT_RECORDED = "not_recorded"
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


SEX_WORDS: dict[Sex, str] = {
    Sex.NOT_RECORDED: "sex not recorded",
    Sex.FEMALE: "female",
    Sex.MALE: "male",
    Sex.OTHER: "sex other or indeterminate",
}


@dataclass(frozen=True, slots=True, repr=False)
class Patient:
    """A confirmed patient. The repr shows only the random id, so that no log can leak more."""

    id: str
    given_name: str
    family_name: str
    born_on: date
    nhs_number: NhsNumber
    sex: Sex = Sex.NOT_RECORDED

    @property
    def full_name(self) -> str:
        """Return the name as NHS letters write it: FAMILY, Given."""
        return f"{self.family_name.upper()}, {self.given_name}"

    def age_on(self, day: date) -> int:
        """Return the age on `day` in whole years."""
        before_birthday = (day.month, day.day) < (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - before_birthday

    def __repr__(self) -> str:
        return f"Patient({self.id})"


def check_name(text: str) -> str:
    """Return the name without invisible signs, spaces and hyphens folded, composed (NFC).

    Raises StationError: NAME_EMPTY, NAME_TOO_LONG, NAME_CHARACTERS (digits, control characters
    or no letter at all; apostrophes, hyphens, full stops and every script's letters are fine).
    """
    name = unicodedata.normalize("NFC", " ".join(plain_signs(tidied(text)).split()))
    if not name:
        raise StationError(ErrorCode.NAME_EMPTY)
    if len(name) > NAME_MAX_CHARS:
        raise StationError(ErrorCode.NAME_TOO_LONG, limit=NAME_MAX_CHARS)
    kinds = [unicodedata.category(character)[0] for character in name]
    allowed_marks = set(" -'.,()\u2019\u2010\u2011\u00b7\u200c\u200d")
    odd = any(
        kind not in "LM" and character not in allowed_marks
        for kind, character in zip(kinds, name, strict=True)
    )
    if odd or "L" not in kinds:
        raise StationError(ErrorCode.NAME_CHARACTERS)
    return name
