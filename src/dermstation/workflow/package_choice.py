"""The practice's settings for packages: how they are made unless somebody chooses otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.presets import PRESETS, Limits, Preset
from dermstation.domain.professional import registered_words
from dermstation.domain.records import Operator
from dermstation.domain.routes import Route
from dermstation.domain.setting import Value
from dermstation.handover.contents import Referrer
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.settings import Settings, values_of
from dermstation.workflow.review_policy import REVIEWED_ROUTES, review_routes_of


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice that sends a package, its dermatoscope, and what it allows."""

    name: str = ""
    code: str = ""
    device: DeviceData = field(default_factory=DeviceData)
    network_allowed: bool = False
    review_routes: frozenset[Route] = REVIEWED_ROUTES
    fixed: Mapping[str, Value] = field(default_factory=dict)  # how IT wants packages made
    only_folder: Path | None = None  # the folder that IT has fixed for packages, or None
    direct_line: str = ""

    def referrer(self, operator: Operator) -> Referrer:
        """Return what is printed of the operator who makes a package."""
        registration = registered_words(operator.professional_number)
        return Referrer(operator.role.value, registration, self.direct_line)


def practice_of(settings: Settings, own_folder: Path) -> Practice:
    """Return the practice that the settings describe; packages usually go to `own_folder`."""
    values = values_of(settings)
    fixed = {name: values[name] for name in settings.fixed if name.startswith("package_")}
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
        fixed,
        own_folder if "package_folder" in fixed else None,
        settings.direct_line,
    )


def check_fixed(practice: Practice, destination: Path, options: PackageOptions) -> None:
    """Refuse a package that is not as IT has fixed it.

    One PDF is allowed even if it is not fixed: it is also the form of a sealed package.
    Raises StationError SETTING_FIXED (`setting`).
    """
    folder = practice.only_folder
    if folder is not None and not destination.resolve().is_relative_to(folder.resolve()):
        raise StationError(ErrorCode.SETTING_FIXED, setting="package_folder")
    chosen: dict[str, Value] = {"package_preset": options.preset.value}
    if practice.fixed.get("package_one_pdf"):
        chosen["package_one_pdf"] = options.one_pdf
    if not options.one_pdf:
        chosen |= {"package_dicom": options.dicom, "package_fhir": options.fhir}
    for name, value in chosen.items():
        if practice.fixed.get(name, value) != value:
            raise StationError(ErrorCode.SETTING_FIXED, setting=name)


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
