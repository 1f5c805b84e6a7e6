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
    E.SECRET_NOT_GIVEN: Message(
        "No PIN, passphrase or recovery key was given, so none was tried.",
        NOTHING_LOST,
        "Type it at a terminal, or pass it with --secret-file or as the first line of standard"
        " input.",
    ),
    E.SECRET_FILE_REFUSED: Message(
        "The file of --secret-file cannot be read as text, so nothing was tried.",
        NOTHING_LOST,
        "Name a file with the secret in its first line.",
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
    E.KEYS_ASIDE_FULL: Message(
        "Too many files that are not this station's key files were found in their place.",
        "The pictures are still stored, and nothing was changed.",
        "Call IT: somebody or a program keeps exchanging the key files of the station.",
    ),
    E.OPERATOR_REFUSED: Message(
        "This PIN or passphrase is not accepted any more.",
        "Nothing was changed, and this attempt is recorded.",
        "Use your new PIN or passphrase, or ask an administrator.",
    ),
}

_REAL_WORDS = "Use {least} real words that have nothing to do with each other."
_WEAK_WORDS = {
    "known": "This one is printed in books, so it is tried first. Make up your own.",
    "word number": f"Numbers do not count as words. {_REAL_WORDS}",
    "word short": f"Words of one or two letters do not count. {_REAL_WORDS}",
    "word repeated": f"Repeated letters, such as aaaa, do not count as a word. {_REAL_WORDS}",
    "word run": f"Letters in a row, such as abcd or qwer, do not count as a word. {_REAL_WORDS}",
    "word name": f"Your own name does not count as a word. {_REAL_WORDS}",
    "word series": f"Days, months, numbers and the like count as one word. {_REAL_WORDS}",
    "word alike": f"Words that are nearly the same count as one. {_REAL_WORDS}",
}
WEAK_TODO: dict[tuple[E, str, object], str] = {
    (E.SECRET_WEAK, "rule", rule): words for rule, words in _WEAK_WORDS.items()
}
