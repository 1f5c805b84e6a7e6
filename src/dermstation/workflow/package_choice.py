"""The practice's settings for packages: how they are made unless somebody chooses otherwise."""

from dataclasses import dataclass, field

from dermstation.domain.presets import PRESETS, Limits, Preset
from dermstation.domain.routes import Route
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.settings import Settings
from dermstation.workflow.review_policy import REVIEWED_ROUTES, review_routes_of


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice that sends a package, its dermatoscope, and what it allows."""

    name: str = ""
    code: str = ""
    device: DeviceData = field(default_factory=DeviceData)
    network_allowed: bool = False
    review_routes: frozenset[Route] = REVIEWED_ROUTES


def practice_of(settings: Settings) -> Practice:
    """Return the practice that the settings describe."""
    device = DeviceData(
        settings.dermatoscope_manufacturer,
        settings.dermatoscope_model,
        settings.dermatoscope_serial,
    )
    return Practice(
        settings.practice_name,
        settings.practice_code,
        device,
        settings.network_folders_allowed,
        review_routes_of(settings),
    )


def options_of(settings: Settings, preset: Preset | None = None) -> PackageOptions:
    """Return the form of a package from the settings; `preset` replaces their destination."""
    chosen = preset or Preset(settings.package_preset)
    one_pdf = settings.package_one_pdf
    return PackageOptions(
        preset=chosen,
        one_pdf=one_pdf,
        dicom=settings.package_dicom and not one_pdf,
        fhir=settings.package_fhir and not one_pdf,
        own_limits=_own_limits(settings, chosen),
    )


def _own_limits(settings: Settings, preset: Preset) -> Limits | None:
    """Return the practice's own limits for its usual destination; 0 keeps the preset's."""
    if preset is not Preset(settings.package_preset):
        return None
    preset_limits = PRESETS[preset].limits
    own = Limits(
        settings.package_file_bytes or preset_limits.file_bytes,
        settings.package_total_bytes or preset_limits.total_bytes,
        settings.package_files_most or preset_limits.files_most,
    )
    return own if own != preset_limits else None
