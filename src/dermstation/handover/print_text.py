"""Prepare words for a print: nothing that somebody typed or pasted is lost.

A sign that a word processor put into its own private font is shown as what it means. A character
that no face has is shown by its code point. Pure functions, but for reading the faces.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from dermstation.handover.faces import has_face

# categories that no font shows: controls, format marks, surrogates, private use and unassigned
_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS = "\u200c\u200d"  # they shape letters of some scripts
# soft hyphens, direction marks, joiners of words, variation selectors: invisible
_WITHOUT_FORM = frozenset(
    {0x00AD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF}.union(
        range(0x202A, 0x202F), range(0x2066, 0x206A), range(0xFE00, 0xFE10)
    )
)
# what word processors write for the signs of the fonts Symbol and Wingdings
_PASTED = {
    "\uf02d": "-",
    "\uf06c": "\u25cf",
    "\uf06e": "\u25a0",
    "\uf06f": "\u25a1",
    "\uf071": "\u25a1",
    "\uf075": "\u25c6",
    "\uf076": "\u2756",
    "\uf0a3": "\u2264",
    "\uf0a7": "\u25aa",
    "\uf0a8": "\u2610",
    "\uf0ae": "\u2192",
    "\uf0b0": "\u00b0",
    "\uf0b1": "\u00b1",
    "\uf0b3": "\u2265",
    "\uf0b4": "\u00d7",
    "\uf0b7": "\u2022",
    "\uf0d8": "\u27a2",
    "\uf0e0": "\u2192",
    "\uf0fb": "\u2717",
    "\uf0fc": "\u2713",
    "\uf0fd": "\u2612",
    "\uf0fe": "\u2611",
}
# a word that may be too long for its column; an id or a hash is to be copied as it is
_LONG_WORD = re.compile(r"(?<![^\s-])(?![0-9a-f]{32,}(?!\S))[^\s-]{31,}")
_BREAK_AFTER = re.compile(r"(.{20})")
_BREAK = "\u200b"
_SPACES = re.compile(r"[^\S\n]")


def printable(data: Any) -> Any:
    """Return plain JSON values with every text in them prepared for a print."""
    if isinstance(data, str):
        return _prepared(data)
    if isinstance(data, Mapping):
        return {name: printable(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [printable(value) for value in data]
    return data


def _prepared(text: str) -> str:
    if text.isascii() and text.isprintable():
        shown = text
    else:
        lines = "\n".join(unicodedata.normalize("NFC", text).splitlines())
        shown = "".join(map(_shown, _SPACES.sub(" ", lines)))
    return _LONG_WORD.sub(lambda word: _BREAK_AFTER.sub(rf"\1{_BREAK}", word[0]), shown)


def _shown(character: str) -> str:
    if character in "\n " or character in _JOINERS:
        return character
    if ord(character) in _WITHOUT_FORM:
        return ""
    character = _PASTED.get(character, character)
    if unicodedata.category(character) in _UNSHOWABLE or not has_face(character):
        return f"[U+{ord(character):04X}]"
    return character
