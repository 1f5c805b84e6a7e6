"""The checks of cameras by the colour chart, kept for good. Runs in the vault's thread."""

from dermstation.domain.chart_check import ChartCheck
from dermstation.vault.connection import Database
from dermstation.vault.tables import Table

_CHECKS = Table("chart_checks", ChartCheck)


class ChartChecks:
    """The table of checks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, check: ChartCheck) -> None:
        """Add a check."""
        with self._database.transaction():
            _CHECKS.insert(self._database, check)

    def all(self) -> tuple[ChartCheck, ...]:
        """List all checks, by camera, the first one first."""
        return _CHECKS.find(self._database, "ORDER BY camera, checked_on, rowid")
