"""The rows of the lab's table: what was tried, what must happen, what happened."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Row:
    """One thing tried in front of a real kernel."""

    part: str
    name: str
    target: str
    found: str
    is_ok: bool

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Self:
        """Return a row as it was written by a guest."""
        return cls(**said)

    def to_json(self) -> dict[str, Any]:
        """Return the row as JSON."""
        return asdict(self)


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a table in Markdown, those that failed marked."""
    lines = ["| | part | tried | must | found |", "|---|---|---|---|---|"]
    for row in rows:
        mark = "ok" if row.is_ok else "**FAILED**"
        cells = [mark, row.part, row.name, row.target, row.found.replace("|", "/")]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
