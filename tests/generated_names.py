"""Made-up names in the letters of many languages, written as record systems write them.

Each name is put into a GDT message in each character set that has its letters. It must come back
as it was written, or as one of the names that a person is asked to choose from: never as another
name without a question. The tests use a sample, the soak 2,000 names for each character set.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dermstation.domain.character_sets import CharacterSet
from dermstation.domain.errors import StationError
from dermstation.domain.identity import check_name
from dermstation.workflow.patient_file import PatientReadings, read_patient_file

TODAY = date(2026, 9, 4)
# by the name under which Python writes it: the set that a practice would name
ENCODINGS = {
    "utf-8": CharacterSet.UTF_8,
    "iso8859-1": CharacterSet.WINDOWS_1252,
    "windows-1252": CharacterSet.WINDOWS_1252,
    "cp437": CharacterSet.CP437,
    "cp850": CharacterSet.CP850,
}
_DECLARED = {"iso8859-1": "3", "windows-1252": "ISO8859-1 (ANSI) CP 1252", "cp437": "2"}
_ALL = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿßœšž"
_PLAIN = "aeioubcdfghklmnprstvwyz"
_LANGUAGES = (
    "áéíóú",  # Irish
    "àèìòù",  # Gaelic, Italian
    "âêîôûŵŷ",  # Welsh
    "äöüß",  # German
    "åäö",  # Swedish
    "æøå",  # Danish
    "áðéíóúýþæö",  # Icelandic
    "àâçéèêëîïôœùûüÿ",  # French
    "áéíñóúü",  # Spanish
    "ãáâàçéêíóôõú",  # Portuguese
    "äõöüšž",  # Estonian
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýž",  # Czech
    "çğıöşü",  # Turkish
    "ăâîșț",  # Romanian
    _ALL,
)
_BEGINNINGS = ("", "", "", "", "Mc", "Mac", "O'", "O\u2019", "D\u2019", "de ", "van ", "St. ")
_JOINED = ("", "", "", "-", " ", "\u2013", "\u00a0")


@dataclass(slots=True)
class Outcomes:
    """The outcome of reading the names."""

    read: int = 0
    asked: int = 0
    refused: int = 0
    wrong: int = 0  # another name, without a question
    not_offered: int = 0  # asked, and the right name was not among the choices


def names(count: int, encoding: str, seed: int = 0) -> Iterator[tuple[str, str]]:
    """Yield pairs of family and given name that can be written in `encoding`."""
    chance = random.Random(seed)
    left = count
    while left:
        letters = chance.choice(_LANGUAGES)
        pair = (_name(chance, letters), _name(chance, letters))
        try:
            "".join(pair).encode(encoding)
        except UnicodeEncodeError:
            continue
        if not "".join(pair).isascii():
            left -= 1
            yield pair


def read_back(
    count: int, encoding: str, *, declared: bool = False, named: bool = False, seed: int = 0
) -> Outcomes:
    """Read generated names.

    If `declared`, the file says its character set; if `named`, the practice does.
    """
    found: Counter[str] = Counter()
    expected = ENCODINGS[encoding] if named else None
    charset = _DECLARED.get(encoding, encoding) if declared else ""
    for family, given in names(count, encoding, seed):
        data = written(family, given, encoding, charset)
        try:
            read = read_patient_file(data, today=TODAY, expected=expected)
        except StationError:
            found["refused"] += 1
            continue
        wanted = (check_name(family), check_name(given))
        if isinstance(read, PatientReadings):
            offered = {(one.patient.family_name, one.patient.given_name) for one in read.choices}
            found["asked" if wanted in offered else "not_offered"] += 1
        else:
            same = (read.family_name, read.given_name) == wanted
            found["read" if same else "wrong"] += 1
    return Outcomes(**found)


def written(family: str, given: str, encoding: str, charset: str = "") -> bytes:
    """Write a GDT message of a made-up patient."""
    fields = [("8000", "6301"), ("3000", "9990000018"), ("3101", family), ("3102", given)]
    fields.append(("3103", "03091958"))
    if charset:
        fields.insert(1, ("9206", charset))
    lines = [(number.encode() + content.encode(encoding)) for number, content in fields]
    return b"".join(b"%03d%s\r\n" % (len(line) + 5, line) for line in lines)


def _name(chance: random.Random, letters: str) -> str:
    joint = chance.choice(_JOINED)
    words = [_word(chance, letters) for _ in range(2 if joint else 1)]
    name = chance.choice(_BEGINNINGS) + joint.join(words)
    return name.upper() if chance.random() < 0.25 else name


def _word(chance: random.Random, letters: str) -> str:
    length = chance.randint(2, 8)
    made = [
        chance.choice(letters) if chance.random() < 0.25 else chance.choice(_PLAIN)
        for _ in range(length)
    ]
    first = made[0].upper() if made[0] != "ß" else "S"
    return first + "".join(made[1:])
