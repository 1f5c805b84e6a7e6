"""Ask a worklist server who is expected at this station today (DICOM PS3.4, annex K).

A server may ignore what it was asked: entries of another day or another station are left out here
as well. Nothing of an answer is logged.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pydicom.dataset import Dataset
from pynetdicom.association import Association
from pynetdicom.presentation import build_context
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    ModalityWorklistInformationFind,
)

from dermstation.archive.connection import WORKLIST, ArchiveAccess
from dermstation.archive.dimse import asked, associated
from dermstation.domain.errors import ErrorCode, StationError

MOST_ENTRIES = 300  # of one station on one day; more is a server that does not filter
_SEXES = {"M": "male", "F": "female", "O": "other"}


@dataclass(frozen=True, slots=True, repr=False)
class WorklistEntry:
    """A patient who is expected, as the server names them; any text may be empty or wrong."""

    number: str
    family_name: str
    given_name: str
    born_on: str  # DD/MM/YYYY
    sex: str  # as `domain.identity.Sex` names it
    begins: str  # HH:MM
    what: str


def expected_on(access: ArchiveAccess, day: date) -> tuple[WorklistEntry, ...]:
    """Return who is expected at this station on a day, by time and name.

    Raises StationError as `dimse.associated` and `dimse.asked` do, or ARCHIVE_NOT_SET,
    ARCHIVE_ANSWER (far too many entries).
    """
    if access.worklist is None:
        raise StationError(ErrorCode.ARCHIVE_NOT_SET)
    contexts = [build_context(ModalityWorklistInformationFind)]
    with associated(access, access.worklist, contexts, WORKLIST) as association:
        found = [_entry(one) for one in _answers(access, association, day)]
    return tuple(sorted(found, key=lambda one: (one.begins, one.family_name, one.given_name)))


def _answers(access: ArchiveAccess, association: Association, day: date) -> Iterator[Dataset]:
    query = _query(access.title, day)
    answers = asked(access, association, query, ModalityWorklistInformationFind, WORKLIST)
    for place, answer in enumerate(answers):
        if place >= MOST_ENTRIES:
            raise StationError(ErrorCode.ARCHIVE_ANSWER, partner=WORKLIST)
        if _is_meant(answer, access.title, day):
            yield answer


def _query(title: str, day: date) -> Dataset:
    query = Dataset()
    query.SpecificCharacterSet = "ISO_IR 192"
    for name in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex"):
        setattr(query, name, "")
    query.RequestedProcedureDescription = ""
    step = Dataset()
    step.ScheduledStationAETitle = title
    step.ScheduledProcedureStepStartDate = f"{day:%Y%m%d}"
    step.ScheduledProcedureStepStartTime = ""
    step.ScheduledProcedureStepDescription = ""
    query.ScheduledProcedureStepSequence = [step]
    return query


def _is_meant(answer: Dataset, title: str, day: date) -> bool:
    """Return whether an entry is for this station and day, as far as it says so."""
    step = _step(answer)
    titles = {one.strip() for one in _text(step, "ScheduledStationAETitle").split("\\")} - {""}
    on = _text(step, "ScheduledProcedureStepStartDate")
    return (not titles or title in titles) and (not on or on == f"{day:%Y%m%d}")


def _entry(answer: Dataset) -> WorklistEntry:
    step = _step(answer)
    name = answer.get("PatientName", "")
    given = f"{getattr(name, 'given_name', '')} {getattr(name, 'middle_name', '')}".strip()
    born = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", _text(answer, "PatientBirthDate"))
    begins = re.match(r"([0-9]{2})([0-9]{2})", _text(step, "ScheduledProcedureStepStartTime"))
    what = _text(step, "ScheduledProcedureStepDescription")
    return WorklistEntry(
        number=_text(answer, "PatientID"),
        family_name=str(getattr(name, "family_name", "")),
        given_name=given,
        born_on="/".join(reversed(born.groups())) if born else "",
        sex=_SEXES.get(_text(answer, "PatientSex"), ""),
        begins=":".join(begins.groups()) if begins else "",
        what=what or _text(answer, "RequestedProcedureDescription"),
    )


def _step(answer: Dataset) -> Dataset:
    steps = answer.get("ScheduledProcedureStepSequence") or [Dataset()]
    first: Dataset = steps[0]
    return first


def _text(dataset: Dataset, name: str) -> str:
    value = dataset.get(name)
    if value is None:
        return ""
    return "\\".join(map(str, value)) if isinstance(value, list) else str(value).strip()
