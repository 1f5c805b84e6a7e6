"""The type of a message, and the sentences that many messages share."""

from dataclasses import dataclass

NOTHING_LOST = "Nothing is lost."
HELD = "The picture on the screen is still held."
SAVED = "Everything saved so far is safe."
ASIDE = "It was kept aside in the same folder, with the ending .not-read."


@dataclass(frozen=True, slots=True)
class Message:
    """A message in plain words: what happened, whether the picture is safe, and what to do."""

    what: str
    safe: str
    todo: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.safe, self.todo) if part)
