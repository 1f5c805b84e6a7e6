"""The packages handed over, and the journal of every file of them written in the clear.

Writes no package itself. Runs in the vault's thread.
"""

from pathlib import Path

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import Package, now
from dermstation.vault import columns
from dermstation.vault.audit import Audit
from dermstation.vault.connection import Database
from dermstation.vault.tables import OR_IGNORE, Table, insert, or_update

_PACKAGES = Table("packages", Package)
_NOT_BEING_WIPED = "episode_id NOT IN (SELECT episode_id FROM wipes)"
_OLDEST_FIRST = "ORDER BY created_at, rowid"


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
        changes = or_update("id", "folder", "files", "verified_at")
        with self._database.transaction():
            _PACKAGES.insert(self._database, package, changes)
            if package.verified_at is not None:
                self._audit.append(
                    AuditEvent.PACKAGED,
                    operator_id=package.created_by,
                    episode_id=package.episode_id,
                    subject=package.id,
                    files=len(package.files),
                )

    def verified(self, episode_ids: tuple[str, ...] | None = None) -> tuple[Package, ...]:
        """List the packages that were verified, oldest first: all, or those of some episodes."""
        which = "" if episode_ids is None else f" AND episode_id IN ({columns.marks(episode_ids)})"
        return self._where(f"verified_at IS NOT NULL{which}", episode_ids or ())

    def files_of_episode(self, episode_id: str) -> tuple[Path, ...]:
        """List the files that were written for an episode's finished packages."""
        paths = self._database.values(
            "SELECT path FROM package_files JOIN packages ON packages.id = package_id"
            " WHERE episode_id = ? AND verified_at IS NOT NULL ORDER BY package_files.rowid",
            (episode_id,),
        )
        return tuple(map(Path, paths))

    def forget_file(self, package_id: str, path: Path) -> None:
        """Forget a file that the station itself has removed."""
        with self._database.transaction():
            self._database.change(
                "DELETE FROM package_files WHERE package_id = ? AND path = ?",
                (package_id, str(path)),
            )

    def half_written(self) -> tuple[Package, ...]:
        """List the packages that were begun and never verified, but for those being wiped."""
        return self._where(f"verified_at IS NULL AND {_NOT_BEING_WIPED}")

    def note_file(self, package_id: str, path: Path) -> None:
        """Note, on the disk when this returns, that a file is about to be written in the clear.

        The package has been saved. Noting a file twice is fine.
        """
        if self._database.in_transaction:
            raise RuntimeError("a note inside a transaction would come after the file")
        noted = {
            "package_id": package_id,
            "path": str(path.absolute()),
            "noted_at": columns.from_instant(now()),
        }
        with self._database.transaction():
            insert(self._database, "package_files", noted, OR_IGNORE)

    def files(self, package_id: str) -> tuple[Path, ...]:
        """List the files noted for a package, in the order of the notes."""
        sql = "SELECT path FROM package_files WHERE package_id = ? ORDER BY rowid"
        return tuple(map(Path, self._database.values(sql, (package_id,))))

    def drop(self, package_id: str) -> None:
        """Forget a package and its journal, after its files were removed."""
        with self._database.transaction():
            self._database.change("DELETE FROM packages WHERE id = ?", (package_id,))

    def _where(self, condition: str, values: tuple[object, ...] = ()) -> tuple[Package, ...]:
        return _PACKAGES.find(self._database, f"WHERE {condition} {_OLDEST_FIRST}", values)
