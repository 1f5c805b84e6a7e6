"""Read a GDT message, the file interface of record systems: one field on each line. Pure.

A line has its length in bytes (three digits, including the line end CR LF), a field number (four
digits) and the content (GDT 2.1 and 3). Messages 6301 and 6302 identify a patient. What
record systems write differs in line ends, in how lengths are counted and in what stands before and
after the message. All of it is read as long as the fields that are used are whole.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dermstation.domain.errors import ErrorCode, StationError

PATIENT_MESSAGES = ("6301", "6302")  # master data; request for a new examination
MESSAGE, CHARSET, MESSAGE_BYTES = "8000", "9206", "8100"
PATIENT_ID, FAMILY_NAME, GIVEN_NAME, BORN_ON = "3000", "3101", "3102", "3103"
SEX = "3110"
INSURED_ID = "3105"  # the NHS number, if the record system keeps a number of its own in 3000
USED = (
    *(MESSAGE, CHARSET, MESSAGE_BYTES),
    *(PATIENT_ID, FAMILY_NAME, GIVEN_NAME, BORN_ON, INSURED_ID, SEX),
)
UTF_8_MARK = b"\xef\xbb\xbf"
_HEAD_BYTES = 7  # of length and field number
_LINE_END_BYTES = 2
_HEAD = re.compile(rb"[0-9]{7}")
_BEGIN = re.compile(rb"[0-9]{3}" + MESSAGE.encode())
_ENDS = b"\r\n\0\x1a"
_AROUND = b"\0\x1a \t\r\n"  # what programs put before and behind the lines, or on an empty one


@dataclass(frozen=True, slots=True, repr=False)
class _Line:
    number: int
    told_bytes: int
    field: str  # empty for a line that goes on with the field above it
    content: bytes
    has_end: bool = True

    def length(self, count: Callable[[bytes], int]) -> int:
        """Return the length without the line end."""
        return count(self.content) + (_HEAD_BYTES if self.field else 0)


@dataclass(frozen=True, slots=True, repr=False)
class GdtMessage:
    """The used fields of a message by number, as they were written; the repr names nobody."""

    fields: dict[str, bytes]
    is_marked_utf_8: bool = False


def read_gdt(data: bytes) -> GdtMessage:
    """Return the used fields of a message 6301 or 6302.

    Raises StationError PATIENT_FILE_INVALID (`fault`: "line", "length", "message" or "twice";
    `line`: its number) if a used field is cut off or contradicts another one, or if it is a
    message of another kind.
    """
    body = data.removeprefix(UTF_8_MARK)
    lines = _lines(body)
    used = [line for line in lines if line.field in USED]
    _check_lengths(used)
    fields: dict[str, bytes] = {}
    for line in used:
        if fields.setdefault(line.field, line.content) != line.content:
            raise _invalid("twice", line.number)
    if fields.get(MESSAGE, b"").strip().decode("ascii", "replace") not in PATIENT_MESSAGES:
        raise _invalid("message", 1)
    _check_whole(lines, fields.get(MESSAGE_BYTES), len(data))
    return GdtMessage(fields, is_marked_utf_8=body != data)


def is_begun(data: bytes) -> bool:
    """Return whether data begin like a message, whole or not."""
    return _BEGIN.match(data.removeprefix(UTF_8_MARK).lstrip(_AROUND)) is not None


def _lines(body: bytes) -> list[_Line]:
    """Part a message into its lines; the content of a field that is not used may have breaks."""
    found: list[_Line] = []
    for number, raw in enumerate(body.splitlines(keepends=True), start=1):
        line = raw.lstrip(b"\0") if not found else raw
        if not line.strip(_AROUND):
            continue
        if _HEAD.match(line) is None:
            if not found or found[-1].field in USED:
                raise _invalid("line", number)
            found.append(_Line(number, 0, "", line.rstrip(_ENDS)))
            continue
        content = line[_HEAD_BYTES:].rstrip(_ENDS)
        field = line[3:_HEAD_BYTES].decode("ascii")
        has_end = line.endswith((b"\r", b"\n"))
        found.append(_Line(number, int(line[:3]), field, content, has_end))
    return found


def _check_lengths(used: list[_Line]) -> None:
    """Refuse lines that are not as long as they say, counted in the same way in all of them."""
    ways = {0, 1, _LINE_END_BYTES}  # what is counted of a line end
    for line in used:
        rest = line.told_bytes - _HEAD_BYTES
        fitting = {rest - len(line.content), rest - _characters(line.content)}
        if not line.has_end and 0 in fitting:
            continue  # the last one, with neither a line end nor one counted
        ways &= fitting
        if not ways:
            raise _invalid("length", line.number)


def _characters(content: bytes) -> int:
    """Count characters: some programs that write UTF-8 count them in place of bytes."""
    try:
        return len(content.decode("utf-8"))
    except UnicodeDecodeError:
        return len(content)


def _check_whole(lines: list[_Line], told: bytes | None, file_bytes: int) -> None:
    """Refuse a message that says that it is longer, or shorter, however its bytes are counted."""
    if told is None:
        return
    number = next(line.number for line in lines if line.field == MESSAGE_BYTES)
    if not told.strip().isdigit():
        raise _invalid("length", number)
    counts = {file_bytes}
    for count in (len, _characters):
        bare = sum(line.length(count) for line in lines)
        counts |= {bare + end * len(lines) for end in (0, 1, _LINE_END_BYTES)}
    said = int(told)
    if not counts & {said, said - len(UTF_8_MARK)}:
        raise _invalid("length", number)


def _invalid(fault: str, line: int) -> StationError:
    return StationError(ErrorCode.PATIENT_FILE_INVALID, fault=fault, line=line)
