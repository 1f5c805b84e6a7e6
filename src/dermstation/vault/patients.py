"""The patients with an episode on this station; a wipe removes them with their last episode.

Nothing here is logged or put into an exception. Runs in the vault's thread.
"""

from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.searching import words_of_name
from dermstation.vault import columns
from dermstation.vault.connection import Database
from dermstation.vault.tables import Table, insert, or_update

_PATIENTS = Table("patients", Patient)


class Patients:
    """The table of patients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, patient: Patient) -> None:
        """Add a patient or correct one of the same id; an NHS number belongs to one patient."""
        changes = or_update("id", "given_name", "family_name", "born_on", "nhs_number", "sex")
        with self._database.transaction():
            _PATIENTS.insert(self._database, patient, changes)
            self._index_words(patient)

    def index_words(self) -> None:
        """Note the words of the names that a station before the work list stored without them."""
        without = "WHERE id NOT IN (SELECT patient_id FROM patient_words)"
        patients = _PATIENTS.find(self._database, without)
        if patients:
            with self._database.transaction():
                for patient in patients:
                    self._index_words(patient)

    def get(self, patient_id: str) -> Patient:
        """Return a patient. Raises LookupError."""
        found = _PATIENTS.find(self._database, "WHERE id = ?", (patient_id,))
        if not found:
            raise LookupError("no such patient")
        return found[0]

    def with_ids(self, patient_ids: tuple[str, ...]) -> dict[str, Patient]:
        """Map the ids of patients to them."""
        these = f"WHERE id IN ({columns.marks(patient_ids)})"
        found = _PATIENTS.find(self._database, these, patient_ids)
        return {patient.id: patient for patient in found}

    def find_by_nhs_number(self, number: NhsNumber) -> Patient | None:
        """Return the patient of an NHS number, or None."""
        found = _PATIENTS.find(self._database, "WHERE nhs_number = ?", (number.digits,))
        return found[0] if found else None

    def _index_words(self, patient: Patient) -> None:
        self._database.change("DELETE FROM patient_words WHERE patient_id = ?", (patient.id,))
        for word in words_of_name(f"{patient.family_name} {patient.given_name}"):
            insert(self._database, "patient_words", {"word": word, "patient_id": patient.id})
