"""The copies that were given to patients. Runs in the vault's thread.

A copy given away is not the station's to wipe; that it was given stays, in the certificate.
"""

from dermstation.domain.audit import AuditEvent
from dermstation.domain.patient_copies import GivenCopy
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database


class PatientCopies:
    """The table of copies given; the wipe of an episode takes its rows along."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def save(self, copy: GivenCopy) -> None:
        """Record a copy that was given."""
        with self._database.transaction():
            self._database.change(
                "INSERT INTO patient_copies VALUES (?, ?, ?, ?, ?, ?)",
                (
                    copy.id,
                    copy.episode_id,
                    copy.capture_id,
                    copy.form.value,
                    columns.from_instant(copy.given_at),
                    copy.given_by,
                ),
            )
            self._audit.append(
                AuditEvent.COPY_GIVEN,
                operator_id=copy.given_by,
                episode_id=copy.episode_id,
                subject=copy.capture_id,
                form=copy.form.value,
            )

    def of_episode(self, episode_id: str) -> tuple[GivenCopy, ...]:
        """List the copies given of an episode's captures, the first given first."""
        rows = self._database.rows(
            "SELECT * FROM patient_copies WHERE episode_id = ? ORDER BY given_at, rowid",
            (episode_id,),
        )
        return tuple(map(columns.to_given_copy, rows))
