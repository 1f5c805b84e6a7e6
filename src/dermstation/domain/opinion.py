"""What the referring clinician thinks a lesion is, and what is uncertain; never from pixels."""

from dataclasses import dataclass

from dermstation.domain.text_limits import SHORT_REASON_MAX_CHARS, check_length


@dataclass(frozen=True, slots=True, repr=False)
class Opinion:
    """The working diagnosis of a lesion and what is uncertain about it, as the clinician wrote."""

    diagnosis: str = ""
    uncertain: str = ""

    @property
    def words(self) -> str:
        """Return both in one line for print, or an empty text if neither was written."""
        parts = [f"Working diagnosis: {self.diagnosis or 'not recorded'}"]
        parts += [f"Uncertain: {self.uncertain}"] if self.uncertain else []
        return ". ".join(parts) if self != NO_OPINION else ""

    def __repr__(self) -> str:
        return "Opinion(...)"


NO_OPINION = Opinion()


def made_opinion(diagnosis: str, uncertain: str) -> Opinion:
    """Return an opinion with white space folded. Raises StationError TEXT_TOO_LONG."""
    texts = [" ".join(text.split()) for text in (diagnosis, uncertain)]
    for text in texts:
        check_length(text, SHORT_REASON_MAX_CHARS)
    return Opinion(*texts)
