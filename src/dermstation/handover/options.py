"""The options of a package: its destination, its form, its extra files.

Frozen values. The settings choose them; the operator may choose others for one package.
"""

from dataclasses import dataclass, replace

from dermstation.domain.presets import PRESETS, Limits, Preset


@dataclass(frozen=True, slots=True)
class PackageOptions:
    """The destination and the form of one package.

    `one_pdf` puts the pictures, as large as will fit, into the summary, which is then the only
    file. `dicom` adds each picture and the summary as DICOM files, `fhir` the referral as FHIR XML.
    `sealed` encrypts the single PDF with a passphrase, for media that leave the room.
    """

    preset: Preset = Preset.GP_SYSTEM
    one_pdf: bool = False
    dicom: bool = False
    fhir: bool = False
    sealed: bool = False
    own_limits: Limits | None = None

    @property
    def limits(self) -> Limits:
        """Return the limits that apply: the practice's own if it has any, else the preset's."""
        return self.own_limits or PRESETS[self.preset].limits

    def as_one_pdf(self, *, sealed: bool) -> "PackageOptions":
        """Return the same options for a single PDF without extra files."""
        return replace(self, one_pdf=True, dicom=False, fhir=False, sealed=sealed)


@dataclass(frozen=True, slots=True)
class DeviceData:
    """The dermatoscope as named in the practice's settings; empty fields are never filled in."""

    manufacturer: str = ""
    model: str = ""
    serial: str = ""

    @property
    def is_complete(self) -> bool:
        """Return whether everything that DICOM requires (Enhanced Equipment) is present."""
        return bool(self.manufacturer and self.model and self.serial)
