"""The certificates of wipes: all that remains of an episode. Runs in the vault's thread."""

from datetime import datetime

from dermstation.domain.records import Certificate
from dermstation.vault import columns
from dermstation.vault.connection import Database, Row


class Certificates:
    """The table of certificates; they are never changed and never removed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, certificate: Certificate) -> None:
        """Add a certificate."""
        with self._database.transaction():
            self._database.change(
                "INSERT INTO certificates VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    certificate.id,
                    certificate.episode_id,
                    columns.from_wiped_items(certificate.items),
                    columns.from_hand_over(certificate.hand_over),
                    columns.from_instant(certificate.started_at),
                    columns.from_instant(certificate.finished_at),
                    certificate.wiped_by,
                    certificate.reason,
                ),
            )

    def get(self, certificate_id: str) -> Certificate:
        """Return a certificate. Raises LookupError."""
        row = self._database.row("SELECT * FROM certificates WHERE id = ?", (certificate_id,))
        if row is None:
            raise LookupError("no such certificate")
        return _certificate(row)

    def count_finished(self, since: datetime, until: datetime) -> int:
        """Count the wipes that were finished in a span of time."""
        row = self._database.row(
            "SELECT count(*) FROM certificates WHERE finished_at >= ? AND finished_at < ?",
            (columns.from_instant(since), columns.from_instant(until)),
        )
        return int(row[0]) if row else 0

    def all(self) -> tuple[Certificate, ...]:
        """List all certificates, newest first."""
        rows = self._database.rows("SELECT * FROM certificates ORDER BY finished_at DESC")
        return tuple(_certificate(row) for row in rows)


def _certificate(row: Row) -> Certificate:
    return Certificate(
        id=row[0],
        episode_id=row[1],
        items=columns.to_wiped_items(row[2]),
        hand_over=columns.to_hand_over(row[3]),
        started_at=columns.to_instant(row[4]),
        finished_at=columns.to_instant(row[5]),
        wiped_by=row[6],
        reason=row[7],
    )
