"""Words for troubles with a standalone camera's memory card."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import NOTHING_LOST, Message

WORDS: dict[E, Message] = {
    E.CARD_ABSENT: Message(
        "The memory card is no longer there.",
        "Pictures already imported are safe.",
        "Put the card in again, then choose it.",
    ),
    E.CARD_UNREADABLE: Message(
        "The memory card cannot be read.",
        "Pictures already imported are safe.",
        "Take it out and put it in again. If that does not help, try another card reader.",
    ),
    E.CARD_EMPTY: Message(
        "There are no JPEG pictures here. Other files: {others}.",
        NOTHING_LOST,
        "Check that this is the right card, and that the camera saves JPEG.",
    ),
    E.CARD_PICTURE_KNOWN: Message(
        "This picture is already in the station: {where}.",
        "It was not imported a second time.",
        "Choose another picture.",
    ),
    E.CARD_NOT_VERIFIED: Message(
        "The picture was imported, but the stored picture differs from the one on the card.",
        "Nothing was erased from the card.",
        "Import it again, and tell IT that the disk may be failing.",
    ),
}
