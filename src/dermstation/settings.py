"""The station's settings: one declared table, read once, passed on by constructor.

Secrets and patients are never settings. A bad value falls back to its default with a warning in
the log; it never keeps the station from starting.
"""

import json
import logging
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import write_file

log = logging.getLogger(__name__)

# What a footswitch may send, by the names of Qt.Key; the capture page's own keys
# (G S L Z E T M O, H K C P, R, and F1 for how to take the shot) are not among them.
SHUTTER_KEYS = (
    "Space",
    *"ABDFIJNQUVWXY",
    *"0123456789",
    *(f"F{number}" for number in range(2, 25)),
    *("PageUp", "PageDown", "Home", "End", "Insert", "Delete", "Pause", "Print", "ScrollLock"),
    *("VolumeUp", "VolumeDown", "MediaPlay", "MediaNext", "MediaPrevious", "Camera", "WebCam"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a practice may choose. Each field's metadata says its bounds."""

    camera: str = field(
        default="auto", metadata={"about": "auto, sim, device:..., file:PATH or URL"}
    )
    stream_width: int = field(default=1600, metadata={"least": 320, "most": 7680})
    stream_height: int = field(default=1200, metadata={"least": 240, "most": 4320})
    lock_after_minutes: int = field(default=4, metadata={"least": 1, "most": 30})
    package_folder: str = field(default="", metadata={"about": "empty: below the station's home"})
    practice_name: str = field(default="", metadata={"about": "printed on the referral summary"})
    patient_folder: str = field(default="", metadata={"about": "watched for patients; empty: none"})
    barcode_formats: str = field(
        default="{nhs_number};;{nhs_number}|{family_name}|{given_name}|{born_on}",
        metadata={"about": "what a scanner sends, ;; between formats (docs/patient-file.md)"},
    )
    how_to_links: str = field(
        default="", metadata={"about": "own films: Title|path or https address, ;; between them"}
    )
    tips_after_weeks: int = field(default=4, metadata={"least": 0, "most": 52})
    patient_copy_words: str = field(
        default="", metadata={"about": "on the patient's copy; empty: the station's own words"}
    )
    pathway_file: str = field(default="", metadata={"about": "own pathway chart; empty: ours"})
    review_routes: str = field(
        default="advice rads usc",
        metadata={"about": "routes that a clinician reviews before the package; none: no route"},
    )
    demo_mode: bool = field(default=False, metadata={"about": "made-up patients only, watermark"})
    shutter_key: str = field(default="Space", metadata={"choices": SHUTTER_KEYS})
    sounds: bool = field(default=True, metadata={"about": "a sound when a picture is taken"})
    hands_free: bool = field(default=False, metadata={"about": "taken when steady and good"})
    practice_code: str = field(default="", metadata={"about": "ODS code of the practice"})
    package_preset: str = field(
        default="gp_system",
        metadata={"choices": ("gp_system", "ers_web", "vision", "record_only")},
    )
    package_file_bytes: int = field(default=0, metadata={"least": 0, "most": 5_242_880})
    package_total_bytes: int = field(default=0, metadata={"least": 0, "most": 1_000_000_000})
    package_files_most: int = field(default=0, metadata={"least": 0, "most": 1_000})
    package_one_pdf: bool = field(default=False, metadata={"about": "pictures inside the PDF"})
    package_dicom: bool = field(default=False, metadata={"about": "add DICOM files"})
    package_fhir: bool = field(default=False, metadata={"about": "add the referral as FHIR XML"})
    package_deadline_hours: int = field(default=24, metadata={"least": 1, "most": 720})
    network_folders_allowed: bool = field(
        default=False, metadata={"about": "packages may lie on another computer's folder"}
    )
    email_domains: str = field(
        default="nhs.net", metadata={"about": "where a package may be sent, apart by spaces"}
    )
    email_accredited_domains: str = field(
        default="nhs.net", metadata={"about": "of these, the secure ones; others get [secure]"}
    )
    dermatoscope_manufacturer: str = field(default="", metadata={"about": "for DICOM"})
    dermatoscope_model: str = field(default="", metadata={"about": "for DICOM"})
    dermatoscope_serial: str = field(default="", metadata={"about": "for DICOM"})
    keep_covered_originals: bool = field(
        default=True, metadata={"about": "the original of a covered picture stays until the wipe"}
    )
    hide_from_capture: bool = field(
        default=False, metadata={"about": "keep the window out of screenshots (Windows)"}
    )


def load_settings(file: Path, overrides: Mapping[str, object] | None = None) -> Settings:
    """Read settings from a TOML file; `overrides` come from the command line and must be right.

    Raises StationError SETTING_INVALID for a wrong override.
    """
    good = {}
    for name, value in _read(file).items():
        try:
            good[name] = _checked(name, value)
        except StationError:
            log.warning("setting %s is not usable and was left at its default", name)
    for name, value in (overrides or {}).items():
        good[name] = _checked(name, value)
    return Settings(**good)  # type: ignore[arg-type]  # each value was checked against its field


def remember(file: Path, **changes: object) -> Settings:
    """Change settings in the file and leave the others there as they are; return all of the file.

    What the command line chose for this run alone does not get into the file. Raises StationError
    SETTING_INVALID, or SETTING_NOT_KEPT where the file cannot be written.
    """
    checked = {name: _checked(name, value) for name, value in changes.items()}
    settings = replace(load_settings(file), **checked)  # type: ignore[arg-type]  # checked
    try:
        save_settings(settings, file)
    except OSError as error:
        raise StationError(ErrorCode.SETTING_NOT_KEPT) from error
    return settings


def save_settings(settings: Settings, file: Path) -> None:
    """Write the differences from the defaults, whole or not at all. Raises OSError."""
    differences = {
        name: value
        for name, value in asdict(settings).items()
        if value != getattr(Settings(), name)
    }
    lines = [f"{name} = {_as_toml(value)}" for name, value in sorted(differences.items())]
    file.parent.mkdir(parents=True, exist_ok=True)
    write_file(file, "\n".join([*lines, ""]).encode())


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        log.warning("the settings file cannot be read; defaults are used")
        return {}


def _checked(name: str, value: object) -> object:
    declared = {one.name: one for one in fields(Settings)}.get(name)
    if declared is None or type(value) is not type(declared.default):
        raise StationError(ErrorCode.SETTING_INVALID, setting=name)
    choices = declared.metadata.get("choices", (value,))
    if value not in choices:
        raise StationError(ErrorCode.SETTING_INVALID, setting=name, choices=", ".join(choices))
    if isinstance(value, int) and not isinstance(value, bool):
        least, most = declared.metadata["least"], declared.metadata["most"]
        if not least <= value <= most:
            raise StationError(ErrorCode.SETTING_INVALID, setting=name, least=least, most=most)
    return value


def _as_toml(value: object) -> str:
    # JSON's escapes are TOML's too, but for DEL, which only TOML wants escaped
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
