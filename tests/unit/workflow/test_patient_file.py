"""A patient file is read exactly, or is refused without revealing anything of its content."""

import json
import random
from contextlib import suppress
from datetime import date
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.character_sets import CharacterSet
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import Sex
from dermstation.workflow.episodes import TypedPatient
from dermstation.workflow.messages import message_for
from dermstation.workflow.patient_file import (
    FORMAT,
    MAX_BYTES,
    PatientReadings,
    read_patient_file,
)
from tests.unit.domain.test_gdt import patient as gdt_patient
from tests.unit.domain.test_gdt import simple

TODAY = date(2026, 9, 4)
GOOD = {
    "format": FORMAT,
    "nhs_number": "9990000018",
    "family_name": "Zweigelt-Planted",
    "given_name": "Quillonne",
    "born_on": "1953-11-07",
}
PLANTED = ("zweigelt", "quillonne", "9990000018", "1953", "07/11")
LETTERS = st.characters(categories=["Lu", "Ll"], exclude_characters="\u0149")
NAMES = st.text(LETTERS, min_size=1, max_size=30)


def as_json(**over: Any) -> bytes:
    return json.dumps({**GOOD, **over}).encode()


def refused(data: bytes) -> StationError:
    with pytest.raises(StationError) as trouble:
        read_patient_file(data, today=TODAY)
    assert trouble.value.code is ErrorCode.PATIENT_FILE_INVALID
    return trouble.value


def test_json_is_read() -> None:
    read = read_one(as_json(ward="not ours"))
    assert read.nhs_number.digits == "9990000018"
    assert (read.family_name, read.given_name) == ("Zweigelt-Planted", "Quillonne")
    assert read.born_on == date(1953, 11, 7)


@pytest.mark.parametrize(
    ("told", "sex"),
    [
        ({}, Sex.NOT_RECORDED),
        ({"sex": "female"}, Sex.FEMALE),
        ({"sex": "Male"}, Sex.MALE),
        ({"sex": "other"}, Sex.OTHER),
        ({"sex": "?"}, Sex.NOT_RECORDED),
        ({"sex": 1}, Sex.NOT_RECORDED),
    ],
)
def test_json_may_tell_the_sex_and_is_read_without_it(told, sex) -> None:
    assert read_one(as_json(**told)).sex is sex


@pytest.mark.parametrize(
    ("told", "sex"),
    [
        ("1", Sex.MALE),
        ("2", Sex.FEMALE),
        ("M", Sex.MALE),
        ("W", Sex.FEMALE),
        ("D", Sex.OTHER),
        ("X", Sex.NOT_RECORDED),
        ("", Sex.NOT_RECORDED),
    ],
)
def test_gdt_tells_the_sex_in_field_3110(told, sex) -> None:
    assert read_one(simple(("3110", told.encode()))).sex is sex


def test_json_may_begin_with_a_byte_order_mark() -> None:
    assert read_one(b"\xef\xbb\xbf" + as_json()).given_name == "Quillonne"


def read_one(data: bytes, expected: CharacterSet | None = None) -> TypedPatient:
    """Read a file that leaves nothing to ask."""
    read = read_patient_file(data, today=TODAY, expected=expected)
    assert isinstance(read, TypedPatient)
    return read


def readings(data: bytes, expected: CharacterSet | None = None) -> list[str]:
    """Return the family names of which a person must choose one."""
    read = read_patient_file(data, today=TODAY, expected=expected)
    assert isinstance(read, PatientReadings)
    assert "Siob" not in repr(read)
    return [one.patient.family_name for one in read.choices]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_json_may_be_written_in_every_form_of_unicode(encoding: str) -> None:
    data = as_json(family_name="Zo\u00eb").decode().encode(encoding)
    assert read_one(data).family_name == "Zo\u00eb"


def test_gdt_is_read() -> None:
    read = read_one(gdt_patient())
    assert read.nhs_number.digits == "9990000018"
    assert (read.family_name, read.given_name) == ("Patient-One", "Test")
    assert read.born_on == date(1958, 9, 3)


@given(NAMES, NAMES, st.dates(date(1910, 1, 1), TODAY))
def test_every_name_and_date_of_birth_comes_through_json_whole(
    family: str, given_name: str, born_on: date
) -> None:
    data = as_json(family_name=family, given_name=given_name, born_on=born_on.isoformat())
    read = read_one(data)
    assert read.born_on == born_on
    assert read.family_name == normalize("NFC", family)
    assert read.given_name == normalize("NFC", given_name)


@pytest.mark.parametrize(
    ("charset", "encoding"), [(b"1", "ascii"), (b"2", "cp437"), (b"3", "windows-1252")]
)
def test_a_declared_character_set_is_used(charset: bytes, encoding: str) -> None:
    name = "Test" if encoding == "ascii" else "T\u00e1st-\u00dcnwin"
    assert read_one(gdt_patient(name.encode(encoding), charset)).family_name == name


def test_a_byte_that_two_sets_know_is_asked_about_unless_something_names_the_set() -> None:
    data = gdt_patient(b"Siobh\xe1n")
    assert readings(data) == ["Siobh\u00e1n", "Siobh\u00dfn"]
    assert read_one(data, CharacterSet.WINDOWS_1252).family_name == "Siobh\u00e1n"
    assert read_one(data, CharacterSet.CP437).family_name == "Siobh\u00dfn"
    assert read_one(gdt_patient(b"Siobh\xe1n", b"ISO8859-1")).family_name == "Siobh\u00e1n"


def test_a_set_that_the_file_and_the_practice_name_differently_is_asked_about() -> None:
    data = gdt_patient(b"Siobh\xe1n", b"2")
    assert set(readings(data, CharacterSet.WINDOWS_1252)) == {"Siobh\u00e1n", "Siobh\u00dfn"}


def test_a_letter_outside_the_declared_character_set_is_asked_about() -> None:
    assert readings(gdt_patient("\u00dcnwin".encode("cp437"), b"1"))[-1] == "\u00dcnwin"


def test_a_byte_order_mark_declares_unicode() -> None:
    data = b"\xef\xbb\xbf" + gdt_patient("\u00dana".encode(), b"3")
    assert read_one(data).family_name == "\u00dana"


def test_the_nhs_number_may_lie_in_either_field() -> None:
    with_both = simple(("3105", b"9990000018"))
    assert read_one(with_both).nhs_number.digits == "9990000018"
    own_number_too = with_both.replace(b"01930009990000018", b"01330004711")
    assert own_number_too != with_both
    assert read_one(own_number_too).nhs_number.digits == "9990000018"


def test_two_nhs_numbers_in_one_file_are_refused() -> None:
    assert refused(simple(("3105", b"9990000026"))).facts["rule"] == "two"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"{" + b" " * MAX_BYTES + b"}", "size"),
        (b"<patient/>", "kind"),
        (b"\x89PNG\r\n", "kind"),
        (as_json()[:-1], "json"),
        (b'{"format": "' + FORMAT.encode() + b'", "family_name": "A", "family_name": "B"}', "json"),
        (b'{"a":' * 30_000, "size"),
        (b'{"a":' * 12_000, "json"),
        (as_json(format="other"), "format"),
        (as_json(nhs_number=9990000018), "value"),
        (as_json(nhs_number="9990000019"), "value"),
        (as_json(family_name=""), "value"),
        (as_json(family_name="\ud800"), "value"),
        (as_json(born_on="07/11/1953"), "value"),
        (as_json(born_on="1953-13-07"), "value"),
        (as_json(born_on="2026-09-05"), "value"),
        (json.dumps({k: v for k, v in GOOD.items() if k != "born_on"}).encode(), "absent"),
        (gdt_patient().replace(b"6301", b"6310"), "message"),
        (gdt_patient().replace(b"9990000018", b"9990000019"), "value"),
        (gdt_patient().replace(b"03091958", b"1958-9-3"), "value"),
        (gdt_patient(b""), "absent"),
    ],
)
def test_a_bad_file_is_refused_with_its_fault(data: bytes, fault: str) -> None:
    assert refused(data).facts["fault"] == fault


def bad_files(count: int = 300) -> list[bytes]:
    """Return files that are cut off, garbled, of other kinds, or name an impossible patient."""
    chance = random.Random(6)
    good = [as_json(), gdt_patient(b"Zweigelt-Planted")]
    made: list[bytes] = []
    while len(made) < count:
        data = bytearray(chance.choice(good))
        match chance.randrange(6):
            case 0:
                del data[chance.randrange(len(data) - 1) :]
            case 1:
                for _ in range(chance.randrange(1, 30)):
                    data[chance.randrange(len(data))] = chance.randrange(256)
            case 2:
                at = chance.randrange(len(data))
                data[at:at] = chance.randbytes(chance.randrange(1, 40))
            case 3:
                data = bytearray(chance.randbytes(chance.randrange(400)))
            case 4:
                data = bytearray(data.replace(b"9990000018", b"999000001" + b"%d" % len(made)))
            case _:
                del data[chance.randrange(len(data) - 9) :][:9]
        try:
            read_patient_file(bytes(data), today=TODAY)
        except StationError:
            made.append(bytes(data))
    return made


def test_300_bad_files_get_plain_words_without_anything_of_the_patient() -> None:
    files = bad_files()
    assert len(set(files)) > 250
    for data in files:
        trouble = refused(data)
        words = str(message_for(trouble))
        assert "{" not in words
        told = f"{words} {trouble!r}".lower()
        assert not any(planted in told for planted in PLANTED)


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reader(data: bytes) -> None:
    with suppress(StationError):
        read_patient_file(data, today=TODAY)
