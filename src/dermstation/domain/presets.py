"""The destinations that a package can be made for, with their names and limits. Pure.

The settings, the pages, the command line and the checks all read this one table.
"""

from dataclasses import dataclass
from enum import StrEnum

ERS_FILE_BYTES = 5_242_880  # e-RS: 5 MB for each file, in every case (e-RS API A020)


class Preset(StrEnum):
    """A destination with limits of its own."""

    GP_SYSTEM = "gp_system"
    ERS_WEB = "ers_web"
    VISION = "vision"
    RECORD_ONLY = "record_only"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a destination; a total or a number of files of 0 means no limit."""

    file_bytes: int = ERS_FILE_BYTES
    total_bytes: int = 0
    files_most: int = 0


@dataclass(frozen=True, slots=True)
class PresetGuide:
    """The name of a destination, and its limits in words and figures."""

    title: str
    words: str
    limits: Limits

    @property
    def line(self) -> str:
        """Return the title and the limits as a list of destinations shows them."""
        return f"{self.title}: {self.words}"


# GP systems accept 5 MB in total; e-RS on the web 5 MB for each file; Vision 4 files of 745 KB and
# 5 MB in total. If a source does not say which MB or KB it means, the smaller one counts.
PRESETS: dict[Preset, PresetGuide] = {
    Preset.GP_SYSTEM: PresetGuide(
        "GP system", "5 MB in total", Limits(file_bytes=5_000_000, total_bytes=5_000_000)
    ),
    Preset.ERS_WEB: PresetGuide("e-RS web", "5 MB per file", Limits()),
    Preset.VISION: PresetGuide(
        "Vision",
        "4 files of up to 745 KB",
        Limits(file_bytes=745_000, total_bytes=5_000_000, files_most=4),
    ),
    Preset.RECORD_ONLY: PresetGuide("Patient record only", "5 MB per file", Limits()),
}
