"""The certificates of wipes: all that remains of an episode. Runs in the vault's thread."""

from datetime import datetime

from dermstation.domain.records import Certificate
from dermstation.vault import columns
from dermstation.vault.connection import Database
from dermstation.vault.tables import Codec, Table

_CERTIFICATES = Table(
    "certificates",
    Certificate,
    given_copies=Codec(columns.from_given_copies, columns.to_given_copies, "copies"),
)


class Certificates:
    """The table of certificates; they are never changed and never removed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, certificate: Certificate) -> None:
        """Add a certificate."""
        with self._database.transaction():
            _CERTIFICATES.insert(self._database, certificate)

    def count_finished(self, since: datetime, until: datetime) -> int:
        """Count the wipes that were finished in a span of time."""
        count = self._database.value(
            "SELECT count(*) FROM certificates WHERE finished_at >= ? AND finished_at < ?",
            (columns.from_instant(since), columns.from_instant(until)),
        )
        return int(count)

    def all(self) -> tuple[Certificate, ...]:
        """List all certificates, newest first."""
        return _CERTIFICATES.find(self._database, "ORDER BY finished_at DESC")
