"""Right-to-left words for a printer that lays out from left to right alone.

Arabic letters take the form of their place in the word, then each line is put in the order in
which it is seen (Unicode Bidirectional Algorithm, UAX 9). Pure functions.
"""

import unicodedata
from functools import cache

from arabic_reshaper import ArabicReshaper
from bidi import get_display

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("\u00ab", "\u00bb"))


def as_seen(line: str) -> str:
    """Return a line's characters from left to right as a reader sees them; most stay as they are.

    The line itself runs from left to right, as the English around it does.
    """
    if not any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in line):
        return line
    seen = list(str(get_display(_reshaper().reshape(line), base_dir="L")))
    for pair in _BRACKETS:
        _mirror(seen, *pair)
    return "".join(seen)


def _mirror(seen: list[str], opening: str, closing: str) -> None:
    """Turn round the pairs of brackets that now stand back to front (UAX 9, rule L4)."""
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
