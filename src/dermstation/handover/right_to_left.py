"""Prepare right-to-left text for a PDF library that only lays out text from left to right.

Arabic letters take the form for their place in the word, then each line is put into visual order
(Unicode Bidirectional Algorithm, UAX 9). Pure functions.
"""

import unicodedata
from functools import cache

from arabic_reshaper import ArabicReshaper
from bidi import get_display

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("\u00ab", "\u00bb"))


def as_seen(line: str) -> str:
    """Return a line's characters in the order in which a reader sees them from left to right.

    Most lines stay as they are. The base direction is left to right, as in the English around them.
    """
    if not any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in line):
        return line
    seen = list(str(get_display(_reshaper().reshape(line), base_dir="L")))
    for pair in _BRACKETS:
        _mirror(seen, *pair)
    return "".join(seen)


def _mirror(seen: list[str], opening: str, closing: str) -> None:
    """Swap in place the pairs of brackets that are now back to front (UAX 9, rule L4)."""
    open_at: list[int] = []
    closed_at: list[int] = []
    for at, character in enumerate(seen):
        if character == opening and closed_at:
            seen[closed_at.pop()] = opening
            seen[at] = closing
        elif character == opening:
            open_at.append(at)
        elif character == closing and open_at:
            open_at.pop()
        elif character == closing:
            closed_at.append(at)


@cache
def _reshaper() -> ArabicReshaper:
    return ArabicReshaper({"delete_harakat": False})
