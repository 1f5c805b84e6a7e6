"""What IT asks about a station: version, parts, licences, logs, and what `doctor` finds.

Nothing here names a patient or an operator; the owner of the Windows account is hidden in `text`.
"""

import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from dermstation import __version__
from dermstation.domain.purpose import PURPOSE
from dermstation.paths import StationPaths
from dermstation.settings import Settings
from dermstation.workflow.doctor import Check, examine

LICENCES, PARTS = "licences", "dermstation.cdx.json"


@dataclass(frozen=True, slots=True)
class About:
    """The facts of one station; `licences` and `parts` are None where they are not installed."""

    version: str
    system: str
    home: Path
    logs: Path
    licences: Path | None
    parts: Path | None
    checks: dict[str, Check]

    @property
    def findings(self) -> tuple[str, ...]:
        """Return what `doctor` says IT should look at."""
        return tuple(one.finding for one in self.checks.values() if one.finding)

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Return every check with its value."""
        return tuple(
            (title(name), value_words(one.value, is_bytes=name == "free_space"))
            for name, one in self.checks.items()
        )

    def text(self) -> str:
        """Return everything for a support ticket, without the name of the PC's account."""
        facts = [
            ("Version", self.version),
            ("System", self.system),
            ("Logs", str(self.logs)),
            ("Licences", str(self.licences or "not installed")),
            ("Parts (SBOM)", str(self.parts or "not installed")),
            *self.lines(),
        ]
        told = [PURPOSE, *(f"{name}: {value}" for name, value in facts), *self.findings]
        return "\n".join(told).replace(str(Path.home()), "~")


def about(paths: StationPaths, settings: Settings) -> About:
    """Gather the facts; the checks take a moment."""
    frozen = getattr(sys, "_MEIPASS", None)
    licences = Path(frozen) / LICENCES if frozen else None
    parts = Path(sys.executable).parent / PARTS
    return About(
        __version__,
        f"{platform.system()} {platform.release()}",
        paths.home,
        paths.logs,
        licences if licences is not None and licences.is_dir() else None,
        parts if parts.is_file() else None,
        examine(paths, settings),
    )


def title(name: str) -> str:
    """Return the words for the name of a check."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def value_words(value: object, *, is_bytes: bool = False) -> str:
    """Return a check's value for people."""
    if is_bytes and isinstance(value, int):
        return f"{value / 1e9:.1f} GB"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        known = {name: one for name, one in value.items() if one is not None}
        return ", ".join(f"{name.replace('_', ' ')} {one}" for name, one in known.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)
