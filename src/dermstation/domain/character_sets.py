"""The character sets that record systems write names in, and what a name may read as. Pure.

The bytes of a name do not say which set they were written in. A set that cannot have been meant
gives signs, or letters of no Latin name; if two sets that may have been meant give different
names, only a person who knows the patient can choose.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

AUTOMATIC = "auto"  # the value of the setting: nobody said which set the record system uses


class CharacterSet(StrEnum):
    """A character set, by the name under which Python decodes it."""

    UTF_8 = "utf-8"
    WINDOWS_1252 = "windows-1252"  # holds every letter of ISO 8859-1 at the same place
    ISO_8859_15 = "iso-8859-15"
    CP437 = "cp437"
    CP850 = "cp850"
    WINDOWS_1250 = "windows-1250"
    ISO_8859_2 = "iso-8859-2"
    WINDOWS_1254 = "windows-1254"
    ASCII = "ascii"


TITLES = {
    CharacterSet.UTF_8: "Unicode (UTF-8)",
    CharacterSet.WINDOWS_1252: "Windows, Western Europe (Windows-1252)",
    CharacterSet.ISO_8859_15: "Western Europe (ISO 8859-15)",
    CharacterSet.CP437: "DOS (code page 437)",
    CharacterSet.CP850: "DOS, Western Europe (code page 850)",
    CharacterSet.WINDOWS_1250: "Windows, Central Europe (Windows-1250)",
    CharacterSet.ISO_8859_2: "Central Europe (ISO 8859-2)",
    CharacterSet.WINDOWS_1254: "Windows, Turkish (Windows-1254)",
    CharacterSet.ASCII: "7 bit (ASCII)",
}
# the sets that a PC in the UK may write without saying so
_GUESSED = (
    CharacterSet.WINDOWS_1252,
    CharacterSet.ISO_8859_15,
    CharacterSet.CP437,
    CharacterSet.CP850,
)
# What a declaration holds, longest first: GDT's "3" is spelt "ISO8859-1 (ANSI) CP 1252".
_SPELLINGS = (
    ("utf8", CharacterSet.UTF_8),
    ("1252", CharacterSet.WINDOWS_1252),
    ("1250", CharacterSet.WINDOWS_1250),
    ("1254", CharacterSet.WINDOWS_1254),
    ("437", CharacterSet.CP437),
    ("850", CharacterSet.CP850),
    ("885915", CharacterSet.ISO_8859_15),
    ("latin9", CharacterSet.ISO_8859_15),
    ("88591", CharacterSet.WINDOWS_1252),
    ("88592", CharacterSet.ISO_8859_2),
    ("88599", CharacterSet.WINDOWS_1254),
    ("latin1", CharacterSet.WINDOWS_1252),
    ("latin2", CharacterSet.ISO_8859_2),
    ("latin5", CharacterSet.WINDOWS_1254),
    ("ansi", CharacterSet.WINDOWS_1252),
    ("ibm", CharacterSet.CP437),
    ("ascii", CharacterSet.ASCII),
    ("7bit", CharacterSet.ASCII),
)
_NUMBERED = {"1": CharacterSet.ASCII, "2": CharacterSet.CP437, "3": CharacterSet.WINDOWS_1252}
_APART = " \u00a0-\u2010\u2011\u2013'\u2018\u2019`\u00b4.,()\u00b7"  # between words of a name
_JOINERS = "\u200c\u200d"
_ORDINALS = "\u00aa\u00ba"  # as in M\u00aa, short for Mar\u00eda
_NO_NAME_LETTERS = "\u0192"  # the florin sign
_WORD = re.compile(f"[^{re.escape(_APART)}]+")
_PREFIXES = ("mc", "mac", "fitz", "de", "di", "du", "la", "le", "van", "al", "el")


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """The texts as they read in one character set; the repr names nobody."""

    character_set: CharacterSet
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Readings:
    """The possible readings of texts. If not `sure`, a person chooses, or refuses the only one."""

    choices: tuple[Reading, ...]
    sure: bool


def declared_set(text: str) -> CharacterSet | None:
    """Return the character set that a declaration names, or None if it names none that is known.

    Numbers are those of field 9206 in GDT 2.1.
    """
    plain = re.sub(r"[^0-9a-z]", "", text.casefold())
    if plain.isdigit() and plain.lstrip("0") in _NUMBERED:
        return _NUMBERED[plain.lstrip("0")]
    return next((found for spelling, found in _SPELLINGS if spelling in plain), None)


def read_names(raw: Sequence[bytes], *named: CharacterSet | None) -> Readings:
    """Return the ways to read the names in `raw`.

    `named` are the sets that the file or the practice says are used. They are believed if they
    agree on names that can be; otherwise a person is asked.
    """
    if all(one.isascii() for one in raw):
        return _of([_read(raw, CharacterSet.ASCII)], is_doubtful=False)
    believed = [one for one in named if one is not None]
    found = [_read(raw, one) for one in believed]
    if any(found):
        return _of(found, is_doubtful=False)
    return _of(_guessed(raw), is_doubtful=bool(believed))


def _of(found: Sequence[Reading | None], *, is_doubtful: bool) -> Readings:
    by_texts: dict[tuple[str, ...], Reading] = {}
    for one in found:
        if one is not None:
            by_texts.setdefault(one.texts, one)
    return Readings(tuple(by_texts.values()), sure=len(by_texts) == 1 and not is_doubtful)


def _guessed(raw: Sequence[bytes]) -> list[Reading | None]:
    """Return the readings that may be meant if nobody says which.

    Bytes that form UTF-8 hardly ever come about by chance, so that another reading counts beside
    it only if it is written as names are: in capitals, in small letters, or like This.
    """
    others = [_read(raw, one) for one in _GUESSED]
    unicode = _read(raw, CharacterSet.UTF_8)
    if unicode is None:
        return others
    return [unicode, *(one for one in others if one and all(map(_is_written_well, one.texts)))]


def _read(raw: Sequence[bytes], character_set: CharacterSet) -> Reading | None:
    try:
        texts = tuple(one.decode(character_set) for one in raw)
    except UnicodeDecodeError:
        return None
    may_be_any_script = character_set is CharacterSet.UTF_8
    could_be = all(_could_be_a_name(one, may_be_any_script) for one in texts)
    return Reading(character_set, texts) if could_be else None


def _could_be_a_name(text: str, may_be_any_script: bool) -> bool:
    """Return whether everything beyond ASCII in a text may stand in a name of one script."""
    beyond = [one for one in text if not one.isascii() and one not in _APART + _JOINERS]
    if not all(map(_is_latin, beyond)) and not (may_be_any_script and _is_of_one_script(text)):
        return False
    words = _WORD.findall(text)
    return not any(_has_capital_within(one) or one[0] in _ORDINALS for one in words)


def _is_latin(character: str) -> bool:
    name = unicodedata.name(character, "")
    is_letter = name.startswith("LATIN ") and character not in _NO_NAME_LETTERS
    return is_letter or character in _ORDINALS or unicodedata.combining(character) > 0


def _is_of_one_script(text: str) -> bool:
    """Return whether the letters share the first word of their names, such as CYRILLIC."""
    letters = [one for one in text if one not in _APART + _JOINERS]
    names = {unicodedata.name(one, "?").split()[0] for one in letters}
    return len(names) <= 1 and all(unicodedata.category(one)[0] in "LM" for one in letters)


def _has_capital_within(word: str) -> bool:
    """Return whether a capital beyond ASCII follows a small letter, as no name is written."""
    for place in range(1, len(word)):
        is_odd = not word[place].isascii() and word[place].isupper() and word[place - 1].islower()
        if is_odd and word[:place].casefold() not in _PREFIXES:
            return True
    return False


def _is_written_well(text: str) -> bool:
    """Return whether words are written as in names, and any sign beyond ASCII parts long words."""
    if any(len(word) == 1 for parts in _odd_parts(text) for word in parts):
        return False
    return all(one.isascii() or _has_fitting_capitals(one) for one in _WORD.findall(text))


def _odd_parts(text: str) -> list[tuple[str, str]]:
    """Return the words on both sides of each sign beyond ASCII."""
    found = []
    for place, sign in enumerate(text):
        if sign in _APART and not sign.isascii():
            before, after = _WORD.findall(text[:place]), _WORD.findall(text[place:])
            found.append((before[-1] if before else "?", after[0] if after else "?"))
    return found


def _has_fitting_capitals(word: str) -> bool:
    """Return whether a word is in capitals, in small letters, like This or like McThis."""
    if word.islower() or word.isupper():
        return True
    lead = next((one for one in _PREFIXES if word.casefold().startswith(one)), "")
    return any(one[1:].islower() or len(one) == 1 for one in (word, word[len(lead) :]))
