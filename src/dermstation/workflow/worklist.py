"""The patients whom a worklist server expects here today, as the patient's page takes them.

What the server says is typed into the form, as it were: the same checks, and the operator confirms
who is in the room. Any thread.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dermstation.domain.birth_dates import check_birth_date
from dermstation.domain.errors import StationError
from dermstation.domain.identity import NhsNumber, Sex, check_name
from dermstation.settings import Settings
from dermstation.workflow.episodes import TypedPatient

if TYPE_CHECKING:
    from dermstation.archive.worklist import WorklistEntry


@dataclass(frozen=True, slots=True, repr=False)
class ExpectedPatient:
    """One line of the worklist: the patient if all of it is usable, and the texts in any case."""

    patient: TypedPatient | None
    typed: dict[str, str]  # as the form names its fields
    begins: str
    what: str

    @property
    def name(self) -> str:
        """Return the name as the work list shows it: FAMILY, Given."""
        parts = (self.typed["family_name"].upper(), self.typed["given_name"])
        return ", ".join(filter(None, parts)) or "No name"


def is_offered(settings: Settings) -> bool:
    """Return whether the practice has a worklist server."""
    return bool(settings.worklist_node)


def expected_today(settings: Settings) -> tuple[ExpectedPatient, ...]:
    """Ask who is expected at this station today.

    Raises StationError ARCHIVE_*, as `archive.worklist.expected_on` does.
    """
    from dermstation.archive.connection import access_of  # noqa: PLC0415 - slow to import
    from dermstation.archive.worklist import expected_on  # noqa: PLC0415

    today = date.today()  # noqa: DTZ011 - the local day
    return tuple(expected(one, today) for one in expected_on(access_of(settings), today))


def expected(entry: "WorklistEntry", today: date) -> ExpectedPatient:
    """Return an entry as the form would take it."""
    typed = {
        "nhs_number": entry.number,
        "family_name": entry.family_name,
        "given_name": entry.given_name,
        "born_on": entry.born_on,
        "sex": entry.sex,
    }
    try:
        patient = TypedPatient(
            NhsNumber.parse(entry.number),
            check_name(entry.family_name),
            check_name(entry.given_name),
            check_birth_date(entry.born_on, today=today),
            Sex(entry.sex or Sex.NOT_RECORDED),
        )
    except StationError:
        patient = None
    return ExpectedPatient(patient, typed, entry.begins, entry.what)
