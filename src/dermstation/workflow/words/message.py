"""What a message is, and the sentences that many of them share."""

from dataclasses import dataclass

NOTHING_LOST = "Nothing is lost."
HELD = "The picture on the screen is still held."
SAVED = "Everything saved so far is safe."
ASIDE = "It was kept aside, beside its place, with the ending .not-read."


@dataclass(frozen=True, slots=True)
class Message:
    """Plain words: what happened, is the picture safe, what to do."""

    what: str
    safe: str
    todo: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.safe, self.todo) if part)
