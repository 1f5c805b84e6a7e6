"""The patients with an episode on this station; a wipe removes them with their last episode.

Nothing here is logged or put into an exception. Runs in the vault's thread.
"""

from datetime import date

from dermstation.domain.identity import NhsNumber, Patient
from dermstation.vault.connection import Database, Row


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

    def get(self, patient_id: str) -> Patient:
        """Return a patient. Raises LookupError."""
        row = self._database.row("SELECT * FROM patients WHERE id = ?", (patient_id,))
        if row is None:
            raise LookupError("no such patient")
        return _patient(row)

    def find_by_nhs_number(self, number: NhsNumber) -> Patient | None:
        """Return the patient of an NHS number, or None."""
        row = self._database.row("SELECT * FROM patients WHERE nhs_number = ?", (number.digits,))
        return None if row is None else _patient(row)


def _patient(row: Row) -> Patient:
    patient_id, given_name, family_name, born_on, digits = row
    return Patient(
        patient_id, given_name, family_name, date.fromisoformat(born_on), NhsNumber(digits)
    )
