"""The packages handed over, and the journal of every file of them written in the clear.

Writes no package itself. Runs in the vault's thread.
"""

from pathlib import Path

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import Package, now
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database, Row

_SELECT = "SELECT id, episode_id, folder, files, created_at, created_by, verified_at FROM packages"

_NOT_BEING_WIPED = "episode_id NOT IN (SELECT episode_id FROM wipes)"


class Packages:
    """The table of packages and the journal of their files."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def save(self, package: Package) -> None:
        """Add a package, or change its manifest and when it was verified.

        A package is saved before its first file is noted, with an empty manifest, and again when
        its files are written.
        """
        with self._database.transaction():
            self._database.change(
                "INSERT INTO packages VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " folder = excluded.folder, files = excluded.files,"
                " verified_at = excluded.verified_at",
                (
                    package.id,
                    package.episode_id,
                    package.folder,
                    columns.from_package_files(package.files),
                    columns.from_instant(package.created_at),
                    package.created_by,
                    columns.from_optional_instant(package.verified_at),
                ),
            )
            if package.verified_at is not None:
                self._audit.append(
                    AuditEvent.PACKAGED,
                    operator_id=package.created_by,
                    episode_id=package.episode_id,
                    subject=package.id,
                    files=len(package.files),
                )

    def get(self, package_id: str) -> Package:
        """Return a package. Raises LookupError."""
        row = self._database.row(f"{_SELECT} WHERE id = ?", (package_id,))
        if row is None:
            raise LookupError("no such package")
        return _package(row)

    def of_episode(self, episode_id: str) -> tuple[Package, ...]:
        """List an episode's packages, oldest first."""
        rows = self._database.rows(
            f"{_SELECT} WHERE episode_id = ? ORDER BY created_at, rowid", (episode_id,)
        )
        return tuple(_package(row) for row in rows)

    def verified(self, episode_ids: tuple[str, ...] | None = None) -> tuple[Package, ...]:
        """List the packages that were verified, oldest first: all, or those of some episodes."""
        which = "" if episode_ids is None else f" AND episode_id IN ({columns.marks(episode_ids)})"
        rows = self._database.rows(
            f"{_SELECT} WHERE verified_at IS NOT NULL{which} ORDER BY created_at, rowid",
            episode_ids or (),
        )
        return tuple(_package(row) for row in rows)

    def half_written(self) -> tuple[Package, ...]:
        """List the packages that were begun and never verified, but for those being wiped."""
        rows = self._database.rows(
            f"{_SELECT} WHERE verified_at IS NULL AND {_NOT_BEING_WIPED} ORDER BY created_at, rowid"
        )
        return tuple(_package(row) for row in rows)

    def note_file(self, package_id: str, path: Path) -> None:
        """Note, on the disk when this returns, that a file is about to be written in the clear.

        The package has been saved. Noting a file twice is fine.
        """
        if self._database.in_transaction:
            raise RuntimeError("a note inside a transaction would come after the file")
        with self._database.transaction():
            self._database.change(
                "INSERT INTO package_files VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (package_id, str(path.absolute()), columns.from_instant(now())),
            )

    def files(self, package_id: str) -> tuple[Path, ...]:
        """List the files noted for a package, in the order of the notes."""
        rows = self._database.rows(
            "SELECT path FROM package_files WHERE package_id = ? ORDER BY rowid", (package_id,)
        )
        return tuple(Path(row[0]) for row in rows)

    def drop(self, package_id: str) -> None:
        """Forget a package and its journal, after its files were removed."""
        with self._database.transaction():
            self._database.change("DELETE FROM packages WHERE id = ?", (package_id,))


def _package(row: Row) -> Package:
    return Package(
        id=row[0],
        episode_id=row[1],
        folder=row[2],
        files=columns.to_package_files(row[3]),
        created_at=columns.to_instant(row[4]),
        created_by=row[5],
        verified_at=columns.to_optional_instant(row[6]),
    )
