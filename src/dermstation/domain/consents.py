"""The circumstances of a yes or no to pictures: who answered, capacity, interpreter.

"Not asked" is an answer of its own, and the initial one (GMC, recordings 13-15; DermNet).
"""

from dataclasses import dataclass
from enum import StrEnum

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.text_limits import NAME_MAX_CHARS, check_length


class Answer(StrEnum):
    """An answer to a question that may not have been asked."""

    NOT_ASKED = "not_asked"
    NO = "no"
    YES = "yes"

    @property
    def is_asked(self) -> bool:
        """Return whether the question was asked at all."""
        return self is not Answer.NOT_ASKED


class Giver(StrEnum):
    """The person who gave the answer."""

    PATIENT = "patient"
    PARENT = "parent"
    ATTORNEY = "attorney"


GIVER_WORDS: dict[Giver, str] = {
    Giver.PATIENT: "The patient",
    Giver.PARENT: "A parent or guardian",
    Giver.ATTORNEY: "An attorney or deputy",
}


@dataclass(frozen=True, slots=True, repr=False)
class ConsentCircumstances:
    """The person who answered, the patient's capacity to decide, and any interpreter."""

    giver: Giver = Giver.PATIENT
    giver_name: str = ""
    capacity: Answer = Answer.NOT_ASKED
    interpreter: Answer = Answer.NOT_ASKED
    interpreter_name: str = ""

    def __repr__(self) -> str:
        return f"ConsentCircumstances({self.giver.value})"


NOTHING_ASKED = ConsentCircumstances()

_CAPACITY = {
    Answer.NOT_ASKED: "not recorded",
    Answer.YES: "not in doubt",
    Answer.NO: "the patient cannot decide",
}


def circumstance_words(found: ConsentCircumstances) -> str:
    """Return who answered, whether the patient could decide and who interpreted, for print."""
    said = {Answer.NOT_ASKED: "not asked", Answer.NO: "no", Answer.YES: "yes"}
    giver = GIVER_WORDS[found.giver].lower()
    giver += f" ({found.giver_name})" if found.giver_name else ""
    interpreter = said[found.interpreter]
    interpreter += f" ({found.interpreter_name})" if found.interpreter_name else ""
    return (
        f"Answered by: {giver}. Capacity: {_CAPACITY[found.capacity]}. Interpreter: {interpreter}."
    )


def check_circumstances(found: ConsentCircumstances, *, given: bool) -> None:
    """Refuse a consent that is not valid.

    Raises StationError CONSENT_NEEDS_OTHER (a patient without capacity is recorded as agreeing),
    CONSENT_GIVER_MISSING (somebody else answered and is not named), TEXT_TOO_LONG.
    """
    for name in (found.giver_name, found.interpreter_name):
        check_length(name, NAME_MAX_CHARS)
    if found.giver is not Giver.PATIENT and not found.giver_name.strip():
        raise StationError(ErrorCode.CONSENT_GIVER_MISSING)
    if given and found.giver is Giver.PATIENT and found.capacity is Answer.NO:
        raise StationError(ErrorCode.CONSENT_NEEDS_OTHER)
