"""The recovery key: sixteen random bytes, written on paper as twelve words.

Words and checksum follow BIP-39 (English list). Pure; never logs or stores the key.
"""

import re
import secrets
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from mnemonic import Mnemonic

from dermstation.domain.errors import ErrorCode, StationError

RECOVERY_BYTES = 16
RECOVERY_WORDS = 12
_TELLING_LETTERS = 4
_NEAR_WORDS = 5
_SEPARATORS = re.compile(r"[\s,;]+")
_NUMBERING = re.compile(r"^\d{1,2}[.):]?|[.,;]$")


@dataclass(frozen=True, slots=True, repr=False)
class RecoveryKey:
    """The practice's recovery key; its repr does not show it."""

    entropy: bytes

    @property
    def words(self) -> tuple[str, ...]:
        """Return the twelve words, in order, for the printed sheet."""
        return tuple(_bip39().to_mnemonic(self.entropy).split())

    def __repr__(self) -> str:
        return "RecoveryKey(...)"


def new_recovery_key() -> RecoveryKey:
    """Return a new recovery key from the system's random source."""
    return RecoveryKey(secrets.token_bytes(RECOVERY_BYTES))


def parse_recovery_key(text: str) -> RecoveryKey:
    """Return the key for its words as typed.

    Accepts upper and lower case, spaces, commas, semicolons or new lines between the words, and
    numbers such as "1." in front of them.

    Raises StationError RECOVERY_KEY_MISTYPED with the fact `rule`: "word" (word `word_number`,
    counted from 1, is not in the list), "count" (the number of `words` is wrong), or "checksum"
    (all words are in the list but do not belong together). The facts never hold a word of the key.
    """
    words = typed_words(text)
    for number, word in enumerate(words, start=1):
        if word not in word_set():
            raise StationError(ErrorCode.RECOVERY_KEY_MISTYPED, rule="word", word_number=number)
    if len(words) != RECOVERY_WORDS:
        raise StationError(
            ErrorCode.RECOVERY_KEY_MISTYPED,
            rule="count",
            words=len(words),
            expected=RECOVERY_WORDS,
        )
    try:
        return RecoveryKey(bytes(_bip39().to_entropy(words)))
    except ValueError:
        raise StationError(ErrorCode.RECOVERY_KEY_MISTYPED, rule="checksum") from None


def typed_words(text: str) -> list[str]:
    """Return the words of a text, in small letters and without numbers in front of them."""
    typed = [_NUMBERING.sub("", part) for part in _SEPARATORS.split(text.lower())]
    return [word for word in typed if word]


def begins_word(text: str, *, whole: bool) -> bool:
    """Return whether a text is a word of the list, or the beginning of one if not `whole`."""
    return text in word_set() or (not whole and any(one.startswith(text) for one in word_set()))


def likely_word(typed: str) -> str:
    """Return the word of the list that was probably meant, or "" if none is near.

    The first four letters tell any two words of the list apart.
    """
    start = typed[:_TELLING_LETTERS]
    if len(start) == _TELLING_LETTERS:
        for word in word_list():
            if word.startswith(start):
                return word
    near = get_close_matches(typed, word_list(), n=_NEAR_WORDS)
    # the first letter is seldom the wrong one
    return next((one for one in near if one[0] == typed[0]), next(iter(near), ""))


def word_list() -> tuple[str, ...]:
    """Return the 2,048 English words, which are also used for suggested passphrases."""
    return tuple(_bip39().wordlist)


@cache
def word_set() -> frozenset[str]:
    """Return the words as a set, for fast look-up."""
    return frozenset(word_list())


@cache
def _bip39() -> Mnemonic:
    return Mnemonic("english")
