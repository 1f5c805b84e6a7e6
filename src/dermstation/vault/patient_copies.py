"""The copies that were given to patients. Runs in the vault's thread.

A copy given away is not the station's to wipe; that it was given stays, in the certificate.
"""

from dermstation.domain.audit import AuditEvent
from dermstation.domain.patient_copies import GivenCopy
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database
from dermstation.vault.tables import Table

_COPIES = Table("patient_copies", GivenCopy)


class PatientCopies:
    """The table of copies given; the wipe of an episode takes its rows along."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def save(self, copy: GivenCopy) -> None:
        """Record a copy that was given."""
        with self._database.transaction():
            _COPIES.insert(self._database, copy)
            self._audit.append(
                AuditEvent.COPY_GIVEN,
                operator_id=copy.given_by,
                episode_id=copy.episode_id,
                subject=copy.capture_id,
                form=copy.form.value,
            )

    def of_episode(self, episode_id: str) -> tuple[GivenCopy, ...]:
        """List the copies given of an episode's captures, the first given first."""
        of_it = "WHERE episode_id = ? ORDER BY given_at, rowid"
        return _COPIES.find(self._database, of_it, (episode_id,))
