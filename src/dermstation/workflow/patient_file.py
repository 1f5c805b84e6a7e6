"""Read an incoming patient from the file that the record system sends: our JSON, or GDT.

Pure; the formats are described in docs/patient-file.md. Errors carry only codes and field names,
never a value, because they may reach a log.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from dermstation.domain import gdt
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import NhsNumber, check_birth_date, check_name
from dermstation.workflow.episodes import TypedPatient

FORMAT = "dermstation-patient-1"
MAX_BYTES = 65_536
_FIELDS = ("nhs_number", "family_name", "given_name", "born_on")
_FIELD_WORDS = dict(
    zip(_FIELDS, ("NHS number", "family name", "given name", "date of birth"), strict=True)
)
_GDT_FIELDS = dict(
    zip(_FIELDS, (gdt.PATIENT_ID, gdt.FAMILY_NAME, gdt.GIVEN_NAME, gdt.BORN_ON), strict=True)
)

T = TypeVar("T")


def read_patient_file(data: bytes, *, today: date) -> TypedPatient:
    """Return the patient that a file names.

    Raises StationError PATIENT_FILE_INVALID: `fault` is "empty", "size", "kind", "json", "format",
    "absent", "value", or one of `gdt.read_gdt`; `field` names the field, if one is at fault.
    """
    if not data.strip():
        raise _invalid("empty")
    if len(data) > MAX_BYTES:
        raise _invalid("size")
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"{":
        texts = _from_json(data)
    elif start.isdigit():
        texts = _from_gdt(data)
    else:
        raise _invalid("kind")
    return TypedPatient(
        _checked("nhs_number", texts, NhsNumber.parse),
        _checked("family_name", texts, check_name),
        _checked("given_name", texts, check_name),
        _checked("born_on", texts, lambda text: check_birth_date(text, today=today)),
    )


def _from_json(data: bytes) -> dict[str, str]:
    try:
        content = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_no_key_twice)
    except (ValueError, RecursionError):
        raise _invalid("json") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _invalid("format")
    texts = {}
    for name in _FIELDS:
        if name not in content:
            raise _invalid("absent", name)
        if not isinstance(content[name], str):
            raise _invalid("value", name)
        texts[name] = content[name]
    texts["born_on"] = _day_first(texts["born_on"])
    return texts


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError  # two names for one patient
    return content


def _day_first(text: str) -> str:
    """Turn a date of the only form allowed in JSON, YYYY-MM-DD, into one that is day first."""
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2]:
        raise _invalid("value", "born_on")
    return "/".join(reversed(parts))


def _from_gdt(data: bytes) -> dict[str, str]:
    fields = gdt.read_gdt(data)
    texts = {}
    for name, number in _GDT_FIELDS.items():
        if not fields.get(number, "").strip():
            raise _invalid("absent", name)
        texts[name] = fields[number]
    born_on = texts["born_on"].strip()
    if not (len(born_on) == len("ddmmyyyy") and born_on.isdigit()):
        raise _invalid("value", "born_on")
    return texts


def _checked(name: str, texts: dict[str, str], check: Callable[[str], T]) -> T:
    try:
        return check(texts[name])
    except StationError as trouble:
        raise _invalid("value", name, rule=trouble.code.value) from None


def _invalid(fault: str, field: str = "", **facts: object) -> StationError:
    named = {"field": _FIELD_WORDS[field]} if field else {}
    return StationError(ErrorCode.PATIENT_FILE_INVALID, fault=fault, **named, **facts)
