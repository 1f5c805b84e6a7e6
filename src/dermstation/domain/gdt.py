"""Read a GDT message, the file interface of record systems: one field on each line. Pure.

A line has its length in bytes (three digits, including the line end CR LF), a field number (four
digits) and the content (GDT 2.1 and 3). Messages 6301 and 6302 identify a patient.
"""

import unicodedata

from dermstation.domain.errors import ErrorCode, StationError

PATIENT_MESSAGES = ("6301", "6302")  # master data; request for a new examination
MESSAGE, CHARSET, MESSAGE_BYTES = "8000", "9206", "8100"
PATIENT_ID, FAMILY_NAME, GIVEN_NAME, BORN_ON = "3000", "3101", "3102", "3103"
_LINE_END = b"\r\n"
_HEAD_BYTES = 7  # of length and field number
_CHARSETS = {"1": "ascii", "2": "cp437", "3": "iso8859-1"}
_END_OF_FILE = b"\x1a"  # some programs write it after the last line, as in DOS


def read_gdt(data: bytes) -> dict[str, str]:
    """Return the fields of a message 6301 or 6302, by field number.

    Raises StationError PATIENT_FILE_INVALID (`fault`: "line", "length", "message", "twice" or
    "encoding"; `line`: its number) if the message is cut off, contradicts itself or is of another
    kind.
    """
    body = data.removesuffix(_END_OF_FILE)
    raw: dict[str, bytes] = {}
    for number, line in enumerate(body.splitlines(keepends=True), start=1):
        name, content = _field(line, number)
        if raw.setdefault(name, content) != content:
            raise _invalid("twice", number)
    if raw.get(MESSAGE, b"").decode("ascii", "replace") not in PATIENT_MESSAGES:
        raise _invalid("message", 1)
    told = raw.get(MESSAGE_BYTES)
    if told is not None and not (told.isdigit() and int(told) == len(body)):
        raise _invalid("length", list(raw).index(MESSAGE_BYTES) + 1)
    return _decoded(raw)


def _field(line: bytes, number: int) -> tuple[str, bytes]:
    head = line[:_HEAD_BYTES]
    if len(head) < _HEAD_BYTES or not head.isdigit() or not line.endswith(_LINE_END):
        raise _invalid("line", number)
    if int(head[:3]) != len(line):
        raise _invalid("length", number)
    return head[3:].decode("ascii"), line[_HEAD_BYTES : -len(_LINE_END)]


def _decoded(raw: dict[str, bytes]) -> dict[str, str]:
    """Decode with the declared character set or, without one, with the first that gives a name.

    UTF-8 is recognised by its form. Between ISO 8859-1 and CP437, GDT's default, a letter of one
    is a control character, a sign or a letter of no Latin name in the other.
    """
    declared = raw.get(CHARSET, b"").decode("ascii", "replace")
    if declared in _CHARSETS:
        fields = _try(raw, _CHARSETS[declared])
        if fields is None:
            raise _invalid("encoding", list(raw).index(CHARSET) + 1)
        return fields
    for charset in ("utf-8", "cp437", "iso8859-1"):
        fields = _try(raw, charset)
        names = "" if fields is None else fields.get(FAMILY_NAME, "") + fields.get(GIVEN_NAME, "")
        if fields is not None and (charset == "utf-8" or _is_latin(names)):
            return fields
    raise _invalid("encoding", 1)


def _try(raw: dict[str, bytes], charset: str) -> dict[str, str] | None:
    try:
        return {name: content.decode(charset) for name, content in raw.items()}
    except UnicodeDecodeError:
        return None


def _is_latin(text: str) -> bool:
    beyond = (character for character in text if not character.isascii())
    return all(unicodedata.name(one, "").startswith("LATIN ") for one in beyond)


def _invalid(fault: str, line: int) -> StationError:
    return StationError(ErrorCode.PATIENT_FILE_INVALID, fault=fault, line=line)
