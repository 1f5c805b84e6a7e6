"""The patients with an episode on this station; a wipe removes them with their last episode.

Nothing here is logged or put into an exception. Runs in the vault's thread.
"""

from datetime import date

from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.searching import words_of_name
from dermstation.vault import columns
from dermstation.vault.connection import Database, Row

_SELECT = "SELECT * FROM patients"


class Patients:
    """The table of patients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, patient: Patient) -> None:
        """Add a patient or correct one of the same id; an NHS number belongs to one patient."""
        with self._database.transaction():
            self._database.change(
                "INSERT INTO patients VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " given_name = excluded.given_name, family_name = excluded.family_name,"
                " born_on = excluded.born_on, nhs_number = excluded.nhs_number",
                (
                    patient.id,
                    patient.given_name,
                    patient.family_name,
                    patient.born_on.isoformat(),
                    patient.nhs_number.digits,
                ),
            )

            self._index_words(patient)

    def index_words(self) -> None:
        """Note the words of the names that a station before the work list stored without them."""
        rows = self._database.rows(
            "SELECT * FROM patients WHERE id NOT IN (SELECT patient_id FROM patient_words)"
        )
        if rows:
            with self._database.transaction():
                for row in rows:
                    self._index_words(_patient(row))

    def get(self, patient_id: str) -> Patient:
        """Return a patient. Raises LookupError."""
        row = self._database.row("SELECT * FROM patients WHERE id = ?", (patient_id,))
        if row is None:
            raise LookupError("no such patient")
        return _patient(row)

    def with_ids(self, patient_ids: tuple[str, ...]) -> dict[str, Patient]:
        """Map the ids of patients to them."""
        rows = self._database.rows(
            f"{_SELECT} WHERE id IN ({columns.marks(patient_ids)})", patient_ids
        )
        return {row[0]: _patient(row) for row in rows}

    def find_by_nhs_number(self, number: NhsNumber) -> Patient | None:
        """Return the patient of an NHS number, or None."""
        row = self._database.row("SELECT * FROM patients WHERE nhs_number = ?", (number.digits,))
        return None if row is None else _patient(row)

    def _index_words(self, patient: Patient) -> None:
        self._database.change("DELETE FROM patient_words WHERE patient_id = ?", (patient.id,))
        for word in words_of_name(f"{patient.family_name} {patient.given_name}"):
            self._database.change("INSERT INTO patient_words VALUES (?, ?)", (word, patient.id))


def _patient(row: Row) -> Patient:
    patient_id, given_name, family_name, born_on, digits = row
    return Patient(
        patient_id, given_name, family_name, date.fromisoformat(born_on), NhsNumber(digits)
    )
