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
    YOUNG_PATIENT = "young_patient"
    PARENT = "parent"
    ATTORNEY = "attorney"
    BEST_INTERESTS = "best_interests"


SOURCE = "GMC, Making and using visual and audio recordings of patients, 13 to 15; MCA 2005"
GIVER_WORDS: dict[Giver, str] = {
    Giver.PATIENT: "The patient",
    Giver.YOUNG_PATIENT: "The patient, under 16 and competent",
    Giver.PARENT: "A person with parental responsibility",
    Giver.ATTORNEY: "An attorney or deputy",
    Giver.BEST_INTERESTS: "A best-interests decision",
}
BY_PATIENT = (Giver.PATIENT, Giver.YOUNG_PATIENT)


class SecondaryUse(StrEnum):
    """A use of the pictures beyond the patient's own care; each is agreed to by itself."""

    TEACHING = "teaching"
    AUDIT = "audit"
    RESEARCH = "research"


SECONDARY_USE_WORDS: dict[SecondaryUse, str] = {
    SecondaryUse.TEACHING: "Teaching",
    SecondaryUse.AUDIT: "Audit",
    SecondaryUse.RESEARCH: "Research",
}


@dataclass(frozen=True, slots=True, repr=False)
class ConsentCircumstances:
    """The person who answered, the patient's capacity to decide, and any interpreter."""

    giver: Giver = Giver.PATIENT
    giver_name: str = ""
    capacity: Answer = Answer.NOT_ASKED
    interpreter: Answer = Answer.NOT_ASKED
    interpreter_name: str = ""
    giver_role: str = ""  # of whoever made a best-interests decision

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
    named = ", ".join(filter(None, (found.giver_name, found.giver_role)))
    giver += f" ({named})" if named else ""
    interpreter = said[found.interpreter]
    interpreter += f" ({found.interpreter_name})" if found.interpreter_name else ""
    return (
        f"Answered by: {giver}. Capacity: {_CAPACITY[found.capacity]}. Interpreter: {interpreter}."
    )


def check_circumstances(found: ConsentCircumstances, *, given: bool) -> None:
    """Refuse a consent that is not valid.

    Raises StationError CONSENT_NEEDS_OTHER (a patient without capacity is recorded as agreeing),
    CONSENT_GIVER_MISSING (somebody else answered and is not named), CONSENT_ROLE_MISSING and
    CONSENT_CAN_DECIDE (a best-interests decision without the decider's role, or for a patient not
    recorded as unable to decide), TEXT_TOO_LONG.
    """
    for name in (found.giver_name, found.interpreter_name, found.giver_role):
        check_length(name, NAME_MAX_CHARS)
    if found.giver not in BY_PATIENT and not found.giver_name.strip():
        raise StationError(ErrorCode.CONSENT_GIVER_MISSING)
    if found.giver is Giver.BEST_INTERESTS:
        if not found.giver_role.strip():
            raise StationError(ErrorCode.CONSENT_ROLE_MISSING)
        if found.capacity is not Answer.NO:
            raise StationError(ErrorCode.CONSENT_CAN_DECIDE)
    if given and found.giver in BY_PATIENT and found.capacity is Answer.NO:
        raise StationError(ErrorCode.CONSENT_NEEDS_OTHER)


def use_words(uses: tuple[SecondaryUse, ...], *, any_use: bool) -> str:
    """Return the agreed uses beyond care: "teaching, audit", or "none".

    `any_use` is what an earlier station recorded, which did not ask for which.
    """
    named = ", ".join(SECONDARY_USE_WORDS[one].lower() for one in SecondaryUse if one in uses)
    return named or ("yes, not recorded which" if any_use else "none")
