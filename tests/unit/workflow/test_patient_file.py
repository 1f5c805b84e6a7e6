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

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.workflow.messages import message_for
from dermstation.workflow.patient_file import FORMAT, MAX_BYTES, read_patient_file
from tests.unit.domain.test_gdt import patient as gdt_patient

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
    read = read_patient_file(as_json(ward="not ours"), today=TODAY)
    assert read.nhs_number.digits == "9990000018"
    assert (read.family_name, read.given_name) == ("Zweigelt-Planted", "Quillonne")
    assert read.born_on == date(1953, 11, 7)


def test_json_may_begin_with_a_byte_order_mark() -> None:
    assert read_patient_file(b"\xef\xbb\xbf" + as_json(), today=TODAY).given_name == "Quillonne"


def test_gdt_is_read() -> None:
    read = read_patient_file(gdt_patient(), today=TODAY)
    assert read.nhs_number.digits == "9990000018"
    assert (read.family_name, read.given_name) == ("Patient-One", "Test")
    assert read.born_on == date(1958, 9, 3)


@given(NAMES, NAMES, st.dates(date(1910, 1, 1), TODAY))
def test_every_name_and_date_of_birth_comes_through_json_whole(
    family: str, given_name: str, born_on: date
) -> None:
    data = as_json(family_name=family, given_name=given_name, born_on=born_on.isoformat())
    read = read_patient_file(data, today=TODAY)
    assert read.born_on == born_on
    assert read.family_name == normalize("NFC", family)
    assert read.given_name == normalize("NFC", given_name)


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
