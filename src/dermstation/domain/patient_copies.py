"""A copy of one capture that was given to the patient, on the patient's wish."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CopyForm(StrEnum):
    """What the patient was given."""

    PRINTED = "printed"
    PDF = "pdf"  # encrypted, with a password


FORM_WORDS: dict[CopyForm, str] = {
    CopyForm.PRINTED: "printed on paper",
    CopyForm.PDF: "as a PDF with a password",
}


@dataclass(frozen=True, slots=True)
class GivenCopy:
    """Who gave which capture to the patient, when and in what form; neither bytes nor password."""

    id: str
    episode_id: str
    capture_id: str
    form: CopyForm
    given_at: datetime
    given_by: str
