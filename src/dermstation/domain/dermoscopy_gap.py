"""The reason why a lesion has no dermoscopic picture: one of a few, and a note."""

from dataclasses import dataclass
from enum import StrEnum

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.text_limits import SHORT_REASON_MAX_CHARS, check_length


class NoDermoscopy(StrEnum):
    """A reason why a lesion has no dermoscopic picture."""

    NOT_HERE = "not_here"
    BROKEN = "broken"
    DECLINED = "declined"
    NO_CONTACT = "no_contact"  # a reason only without polarised light, which needs no contact
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"
    OTHER = "other"


SOURCE = (
    "G-care: a dermoscopic picture wherever possible; polarised light: the makers' instructions"
)
NO_DERMOSCOPY_WORDS: dict[NoDermoscopy, str] = {
    NoDermoscopy.NOT_HERE: "No dermatoscope at hand",
    NoDermoscopy.BROKEN: "Scope or camera broken",
    NoDermoscopy.DECLINED: "The patient declined it",
    NoDermoscopy.NO_CONTACT: "Sore skin, no polarised light",
    NoDermoscopy.NOT_REACHED: "Site out of its reach",
    NoDermoscopy.NOT_NEEDED: "Not needed here",
    NoDermoscopy.OTHER: "Another reason",
}


@dataclass(frozen=True, slots=True, repr=False)
class DermoscopyGap:
    """The chosen reason, and a note in the operator's own words."""

    reason: NoDermoscopy
    note: str = ""

    @property
    def words(self) -> str:
        """Return the reason, with its note."""
        if self.reason is NoDermoscopy.OTHER:
            return self.note
        chosen = NO_DERMOSCOPY_WORDS[self.reason]
        return f"{chosen} ({self.note})" if self.note else chosen

    def __repr__(self) -> str:
        return f"DermoscopyGap({self.reason.value})"


def made_gap(reason: NoDermoscopy, note: str = "") -> DermoscopyGap:
    """Return a reason with white space folded in its note.

    Raises StationError DERMOSCOPY_REASON_MISSING for "other" without words, TEXT_TOO_LONG.
    """
    folded = " ".join(note.split())
    check_length(folded, SHORT_REASON_MAX_CHARS)
    if reason is NoDermoscopy.OTHER and not folded:
        raise StationError(ErrorCode.DERMOSCOPY_REASON_MISSING)
    return DermoscopyGap(reason, folded)
