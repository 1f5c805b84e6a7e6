"""What a package is made for and of: the destination's limits, the form, the extra files.

Frozen values; the settings choose them, the operator may choose others for one package.
"""

from dataclasses import dataclass, replace
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
    """What a destination takes; 0 is "as many as there are"."""

    file_bytes: int = ERS_FILE_BYTES
    total_bytes: int = 0
    files_most: int = 0


@dataclass(frozen=True, slots=True)
class PresetGuide:
    """What a destination is called, and its limits in words and figures."""

    title: str
    words: str
    limits: Limits


# GP systems 5 MB in all; e-RS web 5 MB each; Vision 4 files, 745 KB each, 5 MB in all. Where a
# source says MB or KB without more, the smaller reading is taken.
PRESETS: dict[Preset, PresetGuide] = {
    Preset.GP_SYSTEM: PresetGuide(
        "GP system", "5 MB in all", Limits(file_bytes=5_000_000, total_bytes=5_000_000)
    ),
    Preset.ERS_WEB: PresetGuide("e-RS web", "5 MB a file", Limits()),
    Preset.VISION: PresetGuide(
        "Vision",
        "4 files, 745 KB each",
        Limits(file_bytes=745_000, total_bytes=5_000_000, files_most=4),
    ),
    Preset.RECORD_ONLY: PresetGuide("Patient record only", "5 MB a file", Limits()),
}


@dataclass(frozen=True, slots=True)
class PackageOptions:
    """The destination and the form of one package.

    `one_pdf` puts the pictures, as large as fits, into the summary, which is then the only file.
    `dicom` adds each picture and the summary as DICOM files, `fhir` the referral as FHIR XML.
    `sealed` encrypts the one PDF with a passphrase, for media that leave the room.
    """

    preset: Preset = Preset.GP_SYSTEM
    one_pdf: bool = False
    dicom: bool = False
    fhir: bool = False
    sealed: bool = False
    own_limits: Limits | None = None

    @property
    def limits(self) -> Limits:
        """Give the limits that hold: those of the practice's policy, or the preset's own."""
        return self.own_limits or PRESETS[self.preset].limits

    def as_one_pdf(self, *, sealed: bool) -> "PackageOptions":
        """Give the same for a single PDF, without extra files."""
        return replace(self, one_pdf=True, dicom=False, fhir=False, sealed=sealed)


@dataclass(frozen=True, slots=True)
class DeviceData:
    """The dermatoscope as the practice's settings name it; empty is "not told", never invented."""

    manufacturer: str = ""
    model: str = ""
    serial: str = ""

    @property
    def is_told(self) -> bool:
        """Tell whether all is there that DICOM may not leave empty (Enhanced Equipment)."""
        return bool(self.manufacturer and self.model and self.serial)
