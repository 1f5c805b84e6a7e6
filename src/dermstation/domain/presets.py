"""The destinations a package can be made for: their names, their words and what they take. Pure.

The only table of them: the settings, the pages, the command line and the checks all read it.
"""

from dataclasses import dataclass
from enum import StrEnum

ERS_FILE_BYTES = 5_242_880  # e-RS: 5 MB a file, whatever else holds (e-RS API A020)


class Preset(StrEnum):
    """A destination with limits of its own."""

    GP_SYSTEM = "gp_system"
    ERS_WEB = "ers_web"
    VISION = "vision"
    RECORD_ONLY = "record_only"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a destination takes; a total or a number of files of 0 means that there is no limit."""

    file_bytes: int = ERS_FILE_BYTES
    total_bytes: int = 0
    files_most: int = 0


@dataclass(frozen=True, slots=True)
class PresetGuide:
    """What a destination is called, and its limits in words and figures."""

    title: str
    words: str
    limits: Limits

    @property
    def line(self) -> str:
        """Return the title and the limits as a list of destinations shows them."""
        return f"{self.title}: {self.words}"


# GP systems take 5 MB in all; e-RS on the web 5 MB a file; Vision 4 files of 745 KB and 5 MB in
# all. If a source says MB or KB without more, the smaller reading is taken.
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
