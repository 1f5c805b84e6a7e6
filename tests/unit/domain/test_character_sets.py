"""A name is read in the one way it can be meant, or in every way, for a person to choose."""

import unicodedata
from dataclasses import asdict

import pytest

from dermstation.domain.character_sets import (
    AUTOMATIC,
    TITLES,
    CharacterSet,
    Readings,
    declared_set,
    read_names,
)
from dermstation.settings import SETTINGS
from tests.generated_names import ENCODINGS, read_back

LATIN_1 = "".join(chr(code) for code in range(0xC0, 0x100) if chr(code).isalpha())
SETS = ("iso8859-1", "windows-1252", "iso8859-15", "cp437", "cp850", "utf-8")


def texts(readings: Readings) -> list[str]:
    return [one.texts[0] for one in readings.choices]


def test_plain_letters_are_read_in_one_way() -> None:
    found = read_names([b"O'Sample-Test"])
    assert found.sure
    assert texts(found) == ["O'Sample-Test"]


@pytest.mark.parametrize("encoding", SETS)
@pytest.mark.parametrize(
    "letter", LATIN_1 + "\u2019\u2018\u00b4\u0160\u017d\u0161\u017e\u0152\u0178"
)
def test_no_letter_and_no_apostrophe_becomes_another_without_a_question(
    letter: str, encoding: str
) -> None:
    for name in (f"Test{letter.lower()}n", f"{letter}stem", f"TEST{letter}N".upper()):
        try:
            written = name.encode(encoding)
        except UnicodeEncodeError:
            continue
        found = read_names([written])
        assert name in texts(found) or (found.choices == () and not found.sure), name
        if found.sure:
            assert texts(found) == [name]


@pytest.mark.parametrize(
    ("written", "readings"),
    [
        (b"Siobh\xe1n", ["Siobh\u00e1n", "Siobh\u00dfn"]),
        (b"O\x92Test", ["O\u2019Test", "O\u00c6Test"]),
        (b"\x8aimek", ["\u0160imek", "\u00e8imek"]),
        (b"M\xfcller", ["M\u00fcller"]),
        (b"Sin\xe9ad", ["Sin\u00e9ad"]),
        (b"Sin\x82ad", ["Sin\u00e9ad"]),
        ("\u0141ukasz".encode(), ["\u0141ukasz"]),
        ("\u00dana".encode(), ["\u00dana", "\u00c3\u0161na"]),
        ("\u0418\u0432\u0430\u043d".encode(), ["\u0418\u0432\u0430\u043d"]),
        (b"Test\xb1n", []),
    ],
)
def test_the_readings_of_well_known_bytes(written: bytes, readings: list[str]) -> None:
    found = read_names([written])
    assert texts(found) == readings
    assert found.sure == (len(readings) == 1)


def test_all_names_are_read_in_one_and_the_same_way() -> None:
    found = read_names([b"Siobh\xe1n", b"M\xfcller"])  # the second byte is no letter in CP437
    assert [one.texts for one in found.choices] == [("Siobh\u00e1n", "M\u00fcller")]
    assert found.sure


def test_a_set_that_was_named_settles_the_matter() -> None:
    for named, name in (
        (CharacterSet.CP437, "Siobh\u00dfn"),
        (CharacterSet.WINDOWS_1252, "Siobh\u00e1n"),
    ):
        for sets in ((named, None), (None, named), (named, named)):
            found = read_names([b"Siobh\xe1n"], *sets)
            assert found.sure
            assert texts(found) == [name]


def test_file_and_practice_that_name_different_sets_lead_to_a_question() -> None:
    found = read_names([b"Siobh\xe1n"], CharacterSet.CP437, CharacterSet.WINDOWS_1252)
    assert not found.sure
    assert set(texts(found)) == {"Siobh\u00dfn", "Siobh\u00e1n"}


def test_a_named_set_that_gives_no_name_leads_to_a_question_even_about_one_reading() -> None:
    found = read_names([b"Sin\xe9ad"], CharacterSet.CP437)  # a Greek letter there
    assert not found.sure
    assert texts(found) == ["Sin\u00e9ad"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", None),
        ("x", None),
        ("1", CharacterSet.ASCII),
        ("02", CharacterSet.CP437),
        (" 3 ", CharacterSet.WINDOWS_1252),
        ("IBM (Standard) CP 437", CharacterSet.CP437),
        ("ISO8859-1 (ANSI) CP 1252", CharacterSet.WINDOWS_1252),
        ("iso-8859-1", CharacterSet.WINDOWS_1252),
        ("latin1", CharacterSet.WINDOWS_1252),
        ("ANSI", CharacterSet.WINDOWS_1252),
        ("ISO_8859-15", CharacterSet.ISO_8859_15),
        ("UTF8", CharacterSet.UTF_8),
        ("utf-8", CharacterSet.UTF_8),
        ("cp850", CharacterSet.CP850),
        ("7Bit", CharacterSet.ASCII),
    ],
)
def test_a_declaration_is_understood_in_its_spellings(
    text: str, named: CharacterSet | None
) -> None:
    assert declared_set(text) is named


def test_every_set_declares_itself_decodes_and_can_be_chosen_in_the_settings() -> None:
    for one in CharacterSet:
        assert declared_set(one.value) is one
        assert b"Test".decode(one) == "Test"
    assert list(TITLES) == list(CharacterSet)
    assert list(SETTINGS["gdt_character_set"].choices) == [AUTOMATIC, *CharacterSet]


@pytest.mark.parametrize("said", ["nothing", "declared", "named"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_generated_name_becomes_another_without_a_question(encoding: str, said: str) -> None:
    found = read_back(150, encoding, declared=said == "declared", named=said == "named", seed=1)
    assert (found.wrong, found.not_offered) == (0, 0)
    assert found.asked == 0 or said == "nothing"
    assert found.read > 100
    assert sum(asdict(found).values()) == 150


def test_what_is_read_names_nobody_in_its_repr() -> None:
    told = repr(read_names([b"Siobh\xe1n"]))
    assert "Siob" not in unicodedata.normalize("NFD", told)
