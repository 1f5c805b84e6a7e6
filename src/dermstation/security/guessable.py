"""What makes a word of a passphrase easy to guess: a pattern, a series, a name, a near copy.

Pure, without a list of words: four real words that have nothing to do with each other are left
alone, whatever the language. A word that is easy to guess does no harm beside four that are not.
"""

import itertools
import re
from collections.abc import Iterable, Iterator

LEAST_LETTERS = 3
_LEAST_NAME_LETTERS = 4  # of a name that is looked for inside longer words
# in the order of the alphabet, and of the keys of British, French and German keyboards
_ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890"),
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop"),
    *("yxcvbnm", "qaz", "wsx", "edc", "rfv", "tgb", "yhn", "ujm"),
)
# of each, one word counts
_SERIES_TEXT = """
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun
january february march april may june july august september october november december
zero one two three four five six seven eight nine ten eleven twelve twenty thirty hundred thousand
first second third fourth fifth sixth seventh eighth ninth tenth
spring summer autumn winter
north east south west
red green blue yellow black white
alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima
password passphrase passcode secret login admin administrator letmein welcome changeme dermstation
"""
_SERIES = tuple(frozenset(line.split()) for line in _SERIES_TEXT.split("\n"))
# printed in books and manuals, so tried first
_KNOWN = (
    "correct horse battery staple",
    "the quick brown fox jumps over the lazy dog",
    "to be or not to be that is the question",
)
_AROUND = "0123456789!?*#"
_SEPARATORS = re.compile(r"[\s\-_.,;:/+]+")


def words_of(passphrase: str) -> tuple[str, ...]:
    """Return the different words, folded, in their order."""
    parts = (one for one in _SEPARATORS.split(passphrase.casefold()) if one)
    return tuple(dict.fromkeys(parts))


def is_known(passphrase: str) -> bool:
    """Return whether this is a passphrase out of books."""
    said = " ".join(words_of(passphrase))
    return any(" ".join(words_of(known)) == said for known in _KNOWN)


def faults_of(words: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """Yield for each word what makes it easy to guess, or "" if nothing does."""
    own = [part for name in names for part in words_of(name) if len(part) >= LEAST_LETTERS]
    seen: list[str] = []
    for word in words:
        fault = _fault_of(word, own) or _fault_beside(word, seen)
        if not fault:
            seen.append(word)
        yield fault


def _fault_of(word: str, names: list[str]) -> str:
    letters = word.strip(_AROUND)
    if not letters:
        return "number"
    if len(letters) < LEAST_LETTERS:
        return "short"
    least = min(LEAST_LETTERS, len(letters) - 1)  # of different ones: "mum" and "dad" are words
    if len(set(letters)) < least or letters in (letters + letters)[1:-1]:
        return "repeated"
    if _is_run(letters):
        return "run"
    if any(
        name == letters or (len(name) >= _LEAST_NAME_LETTERS and name in word) for name in names
    ):
        return "name"
    return ""


def _is_run(letters: str) -> bool:
    return any(letters in way for row in _ROWS for way in (row, row[::-1]))


def _fault_beside(word: str, seen: list[str]) -> str:
    """Return what is wrong with a word beside those before it."""
    letters = word.strip(_AROUND)
    for other in (one.strip(_AROUND) for one in seen):
        if any({letters, other} <= series for series in _SERIES):
            return "series"
        if _are_alike(letters, other):
            return "alike"
    return ""


def _are_alike(one: str, other: str) -> bool:
    """Return whether two words differ by their ends or by one letter."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short) or long.endswith(short):
        return True
    differing = sum(a != b for a, b in itertools.zip_longest(one, other))
    return len(one) == len(other) and differing <= 1
