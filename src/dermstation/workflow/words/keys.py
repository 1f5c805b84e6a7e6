"""Words for troubles with secrets and keys."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import NOTHING_LOST, Message

WORDS: dict[E, Message] = {
    E.SECRET_WEAK: Message("This would be too easy to guess.", "", "Choose another one."),
    E.SECRET_WRONG: Message(
        "This PIN or passphrase is not right.", NOTHING_LOST, "Check Caps Lock and try again."
    ),
    E.SECRET_WAIT: Message(
        "Too many wrong attempts.", NOTHING_LOST, "Try again in {seconds} seconds."
    ),
    E.RECOVERY_KEY_MISTYPED: Message(
        "The recovery key has a typing mistake.",
        NOTHING_LOST,
        "Compare each of the 12 words with the printed sheet.",
    ),
    E.RECOVERY_KEY_WRONG: Message(
        "This recovery key belongs to another station.", NOTHING_LOST, "Find this station's sheet."
    ),
    E.KEYSTORE_FAILED: Message(
        "This PC did not release its part of the key.",
        NOTHING_LOST,
        "Sign in with the recovery key, and tell IT.",
    ),
    E.KEYS_DAMAGED: Message(
        "The station's key files are damaged or missing.",
        "The pictures are still stored, but locked.",
        "Do not set the station up again; call IT to restore the key files.",
    ),
}
