"""Read an incoming patient from the file that the record system sends: our JSON, or GDT.

Pure; the formats are described in docs/patient-file.md. Errors carry only codes and field names,
never a value, because they may reach a log.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from dermstation.domain import gdt
from dermstation.domain.birth_dates import check_birth_date
from dermstation.domain.character_sets import CharacterSet, declared_set, read_names
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import NhsNumber, Sex, check_name
from dermstation.workflow.episodes import TypedPatient

FORMAT = "dermstation-patient-1"
_MARKS = (FORMAT.encode(), FORMAT.encode("utf-16-le"), FORMAT.encode("utf-16-be"))
MAX_BYTES = 65_536
_FIELDS = ("nhs_number", "family_name", "given_name", "born_on")
_FIELD_WORDS = dict(
    zip(_FIELDS, ("NHS number", "family name", "given name", "date of birth"), strict=True)
)
# JSON's words; GDT 2.1: 1 and 2; GDT 3: M, W, D, X (not known)
_SEXES = {
    **{sex.value: sex for sex in Sex},
    **dict.fromkeys(("1", "m"), Sex.MALE),
    **dict.fromkeys(("2", "w", "f"), Sex.FEMALE),
    "d": Sex.OTHER,
}
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class PatientReading:
    """The patient's identity if the file was written in one character set."""

    patient: TypedPatient
    character_set: CharacterSet


@dataclass(frozen=True, slots=True, repr=False)
class PatientReadings:
    """The ways to read the patient's names, of which a person must choose one or none."""

    choices: tuple[PatientReading, ...]


def read_patient_file(
    data: bytes, *, today: date, expected: CharacterSet | None = None
) -> TypedPatient | PatientReadings:
    """Return the patient that a file names, or the ways to read the names if that is in doubt.

    `expected` is the character set in which the record system writes GDT, if the practice named
    it. Raises StationError PATIENT_FILE_INVALID: `fault` is "empty", "size", "kind", "json",
    "format", "absent", "value", "encoding", or one of `gdt.read_gdt`; `field` names the field that
    is meant.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise _invalid("empty")
    if len(data) > MAX_BYTES:
        raise _invalid("size")
    start = data.removeprefix(gdt.UTF_8_MARK).lstrip(b"\0 \t\r\n")[:1]
    if start == b"{" or data.startswith(_UTF_16_MARKS):
        texts = _from_json(data)
        return _typed(texts, today, _sex(texts.pop("sex", "")))
    if start.isdigit():
        return _from_gdt(data, today, expected)
    raise _invalid("kind")


def _typed(texts: dict[str, str], today: date, sex: Sex) -> TypedPatient:
    return TypedPatient(
        _checked("nhs_number", texts, NhsNumber.parse),
        _checked("family_name", texts, check_name),
        _checked("given_name", texts, check_name),
        _checked("born_on", texts, lambda text: check_birth_date(text, today=today)),
        sex,
    )


def _sex(told: str) -> Sex:
    """Return the sex that a file tells; anything that is not known counts as not recorded."""
    return _SEXES.get(told.strip().lower(), Sex.NOT_RECORDED)


def is_meant_for_patient(data: bytes) -> bool:
    """Return whether a file that cannot be read is one of ours all the same: cut, or wrong."""
    return gdt.is_begun(data) or any(mark in data for mark in _MARKS)


def _from_json(data: bytes) -> dict[str, str]:
    try:
        text = data.decode(json.detect_encoding(data))
        content = json.loads(text.rstrip("\0"), object_pairs_hook=_no_key_twice)
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
    if isinstance(content.get("sex"), str):
        texts["sex"] = content["sex"]
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


def _from_gdt(
    data: bytes, today: date, expected: CharacterSet | None
) -> TypedPatient | PatientReadings:
    message = gdt.read_gdt(data)
    born_on = _plain_text(message, gdt.BORN_ON, "born_on")
    if not (len(born_on) == len("ddmmyyyy") and born_on.isdigit()):
        raise _invalid("value", "born_on")
    facts = {"nhs_number": _nhs_number(message), "born_on": born_on}
    sex = _sex(message.fields.get(gdt.SEX, b"").decode("ascii", "replace"))
    names = [_present(message, gdt.FAMILY_NAME, "family_name")]
    names.append(_present(message, gdt.GIVEN_NAME, "given_name"))
    declared = declared_set(message.fields.get(gdt.CHARSET, b"").decode("ascii", "replace"))
    if message.is_marked_utf_8:
        declared = CharacterSet.UTF_8
    found = read_names(names, declared, expected)
    patients: dict[TypedPatient, PatientReading] = {}
    trouble = _invalid("encoding")
    for reading in found.choices:
        family, given = reading.texts
        try:
            typed = _typed({**facts, "family_name": family, "given_name": given}, today, sex)
        except StationError as refused:
            trouble = refused
        else:
            patients.setdefault(typed, PatientReading(typed, reading.character_set))
    if not patients:
        raise trouble
    if len(patients) == 1 and found.sure:
        return next(iter(patients))
    return PatientReadings(tuple(patients.values()))


def _present(message: gdt.GdtMessage, number: str, name: str) -> bytes:
    content = message.fields.get(number, b"")
    if not content.strip():
        raise _invalid("absent", name)
    return content


def _plain_text(message: gdt.GdtMessage, number: str, name: str) -> str:
    return _present(message, number, name).decode("ascii", "replace").strip()


def _nhs_number(message: gdt.GdtMessage) -> str:
    """Return the NHS number; the other of the two fields may hold a number of another kind."""
    numbers = (gdt.PATIENT_ID, gdt.INSURED_ID)
    texts = [message.fields.get(one, b"").decode("ascii", "replace") for one in numbers]
    found = {number.digits for number in map(_number_or_none, texts) if number is not None}
    if len(found) > 1:
        raise _invalid("value", "nhs_number", rule="two")
    return found.pop() if found else _plain_text(message, gdt.PATIENT_ID, "nhs_number")


def _number_or_none(text: str) -> NhsNumber | None:
    try:
        return NhsNumber.parse(text)
    except StationError:
        return None


def _checked(name: str, texts: dict[str, str], check: Callable[[str], T]) -> T:
    try:
        return check(texts[name])
    except StationError as trouble:
        raise _invalid("value", name, rule=trouble.code.value) from None


def _invalid(fault: str, field: str = "", **facts: object) -> StationError:
    named = {"field": _FIELD_WORDS[field]} if field else {}
    return StationError(ErrorCode.PATIENT_FILE_INVALID, fault=fault, **named, **facts)
