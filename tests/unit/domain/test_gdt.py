"""GDT is read as the field writes it, or not at all: never with a used field cut off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.gdt import read_gdt

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


def fields_of(data: bytes) -> dict[str, bytes]:
    return read_gdt(data).fields


def read_or_refused(data: bytes) -> dict[str, bytes] | None:
    """Return the fields, or None if the message is refused; nothing else may be raised."""
    try:
        return fields_of(data)
    except StationError:
        return None


def fault_of(data: bytes) -> object:
    with pytest.raises(StationError) as trouble:
        read_gdt(data)
    assert trouble.value.code is ErrorCode.PATIENT_FILE_INVALID
    return trouble.value.facts["fault"]


@pytest.mark.parametrize("kind", [b"6301", b"6302"])
def test_a_patient_message_is_read(kind: bytes) -> None:
    fields = fields_of(message(("3101", b"Patient-One"), kind=kind))
    assert fields["3101"] == b"Patient-One"


def test_the_end_of_file_sign_of_dos_is_no_field() -> None:
    assert fields_of(patient() + b"\x1a") == fields_of(patient())


@pytest.mark.parametrize("kind", [b"6310", b"6311", b"6300", b"0020"])
def test_a_message_of_another_kind_is_refused(kind: bytes) -> None:
    assert fault_of(message(("3101", b"Patient-One"), kind=kind)) == "message"


@given(NAMES)
def test_what_is_written_is_read_back(name: str) -> None:
    assert fields_of(patient(name.encode()))["3101"] == name.encode()


@given(st.integers(len("01380006301..0148100......"), len(patient()) - len("..") - 1))
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
        known = fields_of(patient())
        same = [number for number in fields if fields[number] == known.get(number)]
        assert len(same) >= len(known) - 1


def test_two_values_for_one_field_are_refused() -> None:
    twice = message(("3101", b"Patient-One"), ("3101", b"Patient-Two"))
    assert fault_of(twice) == "twice"
    assert fields_of(message(("3101", b"One"), ("3101", b"One")))["3101"] == b"One"


def simple(*fields: tuple[str, bytes], end: bytes = b"\r\n", counted: int = 2) -> bytes:
    """Write a message without its own length; `counted` bytes of each line end are counted."""
    facts = (("8000", b"6302"), ("3000", b"9990000018"), ("3101", b"Patient-One"))
    every = (*facts, ("3102", b"Test"), ("3103", b"03091958"), *fields)
    lines = ((number.encode() + content) for number, content in every)
    return b"".join(b"%03d%s%s" % (len(one) + 3 + counted, one, end) for one in lines)


PLAIN = fields_of(simple())
COMMENTS = (("6227", b"left forearm"), ("6227", b"compare"), ("8402", b"A"), ("8402", b"B"))


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + simple(),
        simple() + b"\r\n",
        simple() + b"\r\n \r\n\x1a",
        simple() + bytes(300),
        simple().replace(b"0203000", b"\r\n0203000", 1),
        simple(end=b"\n"),
        simple(end=b"\n", counted=1),
        simple(end=b"\r"),
        simple()[:-1],
        simple()[:-2],
        simple(counted=0),
        simple(counted=0)[:-2],
        simple(*COMMENTS),
        simple(("6227", b"two\r\nlines")),
        simple(("6227", b"two\r\nlines"), *COMMENTS),
        simple(("6227", b"one\r\n\r\nempty line between")),
        simple(("6228", b"comment that is cut off"))[:-9],
        simple(("3101", b"Patient-One")),
    ],
)
def test_what_differs_in_the_field_and_leaves_no_doubt_is_read(data: bytes) -> None:
    assert fields_of(data) == PLAIN


def test_a_message_may_count_characters_of_utf_8() -> None:
    name = "Pätient-Ünö"
    line = b"%03d3102" % (len(name) + 9) + name.encode() + b"\r\n"
    data = simple()
    at = data.index(b"0133102")
    read = fields_of(data[:at] + line + data[at + len("0133102Test..") :])
    assert read["3102"].decode() == name


@pytest.mark.parametrize("kept", range(1, len("0173103030919")))
@pytest.mark.parametrize("counted", [0, 1, 2])
def test_a_used_last_line_that_is_cut_off_is_refused(kept: int, counted: int) -> None:
    data = simple(counted=counted)
    assert fault_of(data[: -len("03091958..") + kept - len("0173103")]) in {"line", "length"}


def test_lines_that_count_their_ends_in_two_ways_are_refused() -> None:
    mixed = simple().replace(b"0203101Patient-One", b"0183101Patient-One")
    assert fault_of(mixed) == "length"


def test_a_used_field_has_no_second_line() -> None:
    assert fault_of(simple().replace(b"0203101Patient-One", b"0283101Patient\r\n-One")) == "line"


@given(st.binary(max_size=400))
def test_no_bytes_at_all_break_the_reader(data: bytes) -> None:
    read_or_refused(data)
