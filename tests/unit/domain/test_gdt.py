"""GDT is read whole or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.gdt import read_gdt

LATIN_1 = "".join(chr(code) for code in range(0xC0, 0x100) if chr(code).isalpha())
NAMES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz -'", min_size=1, max_size=40)


def line(field: str, content: bytes) -> bytes:
    return f"{len(content) + 9:03}{field}".encode() + content + b"\r\n"


def message(*fields: tuple[str, bytes], kind: bytes = b"6301") -> bytes:
    """Return a message as the standard requires, including its own length."""
    body = b"".join(line(*one) for one in fields)
    told = line("8100", b"%05d" % (len(line("8000", kind)) + 14 + len(body)))
    return line("8000", kind) + told + body


def patient(family: bytes = b"Patient-One", charset: bytes = b"") -> bytes:
    declared = [("9206", charset)] if charset else []
    return message(
        *declared,
        ("3000", b"9990000018"),
        ("3101", family),
        ("3102", b"Test"),
        ("3103", b"03091958"),
    )


def read_or_refused(data: bytes) -> dict[str, str] | None:
    """Return the fields, or None if the message is refused; nothing else may be raised."""
    try:
        return read_gdt(data)
    except StationError:
        return None


def fault_of(data: bytes) -> object:
    with pytest.raises(StationError) as trouble:
        read_gdt(data)
    assert trouble.value.code is ErrorCode.PATIENT_FILE_INVALID
    return trouble.value.facts["fault"]


@pytest.mark.parametrize("kind", [b"6301", b"6302"])
def test_a_patient_message_is_read(kind: bytes) -> None:
    fields = read_gdt(message(("3101", b"Patient-One"), kind=kind))
    assert fields["3101"] == "Patient-One"


def test_the_end_of_file_sign_of_dos_is_no_field() -> None:
    assert read_gdt(patient() + b"\x1a") == read_gdt(patient())


@pytest.mark.parametrize("kind", [b"6310", b"6311", b"6300", b"0020"])
def test_a_message_of_another_kind_is_refused(kind: bytes) -> None:
    assert fault_of(message(("3101", b"Patient-One"), kind=kind)) == "message"


@given(NAMES)
def test_what_is_written_is_read_back(name: str) -> None:
    assert read_gdt(patient(name.encode()))["3101"] == name


@given(st.integers(len("01380006301..0148100......"), len(patient()) - 1))
def test_a_message_that_was_cut_off_anywhere_is_refused(kept: int) -> None:
    assert fault_of(patient()[:kept]) in {"line", "length", "message"}


@given(st.integers(0, len(patient()) - 1), st.integers(0, 2))
def test_a_digit_of_any_length_or_field_that_changed_never_passes_unseen(
    place: int, how: int
) -> None:
    """A flipped byte changes only content, or is refused; no field takes another's place."""
    data = bytearray(patient())
    data[place] ^= 1 << how
    fields = read_or_refused(bytes(data))
    if fields is not None:
        known = read_gdt(patient())
        same = [number for number in fields if fields[number] == known.get(number)]
        assert len(same) >= len(known) - 1


def test_two_values_for_one_field_are_refused() -> None:
    twice = message(("3101", b"Patient-One"), ("3101", b"Patient-Two"))
    assert fault_of(twice) == "twice"
    assert read_gdt(message(("3101", b"One"), ("3101", b"One")))["3101"] == "One"


def test_lines_that_end_without_cr_are_refused() -> None:
    assert fault_of(patient().replace(b"\r\n", b"\n")) == "line"


@pytest.mark.parametrize(
    ("charset", "encoding"), [(b"1", "ascii"), (b"2", "cp437"), (b"3", "iso8859-1")]
)
def test_a_declared_character_set_is_used(charset: bytes, encoding: str) -> None:
    name = "Test" if encoding == "ascii" else "Tést-Ünwin"
    assert read_gdt(patient(name.encode(encoding), charset))["3101"] == name


def test_a_letter_outside_the_declared_character_set_is_refused() -> None:
    assert fault_of(patient("Ünwin".encode("cp437"), b"1")) == "encoding"


@pytest.mark.parametrize("letter", [one for one in LATIN_1 if one != "á"])
def test_without_a_declaration_the_only_reading_that_is_a_name_is_taken(letter: str) -> None:
    for encoding in ("utf-8", "iso8859-1", "cp437"):
        try:
            written = f"Test{letter}n".encode(encoding)
        except UnicodeEncodeError:
            continue
        assert read_gdt(patient(written))["3101"] == f"Test{letter}n", encoding


def test_the_one_byte_that_both_readings_know_is_read_as_gdt_has_it() -> None:
    assert read_gdt(patient(b"Te\xe1t"))["3101"] == "Teßt"  # CP437, the default


@given(st.binary(max_size=400))
def test_no_bytes_at_all_break_the_reader(data: bytes) -> None:
    read_or_refused(data)
