"""The rights of each role, which grow from nurse to clinician to administrator."""

from enum import StrEnum

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role


class Right(StrEnum):
    """A right that an operator may have."""

    CAPTURE = "capture"  # patient, consent, lesions, pictures, texts
    REVIEW = "review"  # look through an episode and take responsibility for it
    COMPLETE = "complete"  # package, hand-over, wipe, retain
    ADMINISTER = "administer"  # operators, audit, backup


_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.NURSE: frozenset({Right.CAPTURE}),
    Role.CLINICIAN: frozenset({Right.CAPTURE, Right.REVIEW, Right.COMPLETE}),
    # in a small practice the administrator is one of the clinicians
    Role.ADMINISTRATOR: frozenset(Right),
}


def may(operator: Operator, right: Right) -> bool:
    """Return whether an operator has a right."""
    return right in _RIGHTS[operator.role]


def require(operator: Operator, right: Right) -> None:
    """Raise StationError RIGHT_MISSING (`right`) unless the operator has the right."""
    if not may(operator, right):
        raise StationError(ErrorCode.RIGHT_MISSING, right=right.value)
