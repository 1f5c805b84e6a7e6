"""The question whether the patient was told of a possible cancer, on both pages. GUI thread."""

from dermstation.ui.parts.yes_no import YesNo

SOURCE = "G-care: RADS; urgent suspected cancer forms"


def told_row() -> YesNo:
    """Return the question, without an answer."""
    made = YesNo("Patient told of possible cancer?")
    made.setAccessibleDescription("That it is, or may become, a suspected-cancer referral")
    return made
