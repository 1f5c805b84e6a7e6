"""A copy of one capture that was given to the patient at the patient's request."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CopyForm(StrEnum):
    """The form of a given copy."""

    PRINTED = "printed"
    PDF = "pdf"  # encrypted, with a password


FORM_WORDS: dict[CopyForm, str] = {
    CopyForm.PRINTED: "printed on paper",
    CopyForm.PDF: "as a PDF with a password",
}


@dataclass(frozen=True, slots=True)
class GivenCopy:
    """The record of a copy that a patient was given; it holds neither bytes nor password."""

    id: str
    episode_id: str
    capture_id: str
    form: CopyForm
    given_at: datetime
    given_by: str
