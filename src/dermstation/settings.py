"""The station's settings: declared in one table, read once, and passed on by constructors.

The checks on the settings file and on the policy of the PC, the settings page and
`docs/settings.md` (`make docs`) come from this table. Secrets and patients are never settings.
"""

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from dermstation.domain.archive_place import DicomNode, checked_address, checked_title
from dermstation.domain.barcodes import BarcodeFormats
from dermstation.domain.character_sets import AUTOMATIC, TITLES, CharacterSet
from dermstation.domain.presets import ERS_FILE_BYTES, PRESETS
from dermstation.domain.routes import ROUTE_GUIDES
from dermstation.domain.setting import Setting, Value, Who

# The keys that a footswitch may send, by their names in Qt.Key. The keys that the capture page uses
# itself while it has a shutter (workflow/capture_keys.py) are not among them.
SHUTTER_KEYS = (
    "Space",
    *"ABDFIJNQUVWXY",
    *"0123456789",
    *(f"F{number}" for number in range(2, 25)),
    *("PageUp", "PageDown", "Home", "End", "Insert", "Delete", "Pause", "Print", "ScrollLock"),
    *("VolumeUp", "VolumeDown", "MediaPlay", "MediaNext", "MediaPrevious", "Camera", "WebCam"),
)


class Group(StrEnum):
    """Groups of settings, by the title above each group."""

    PRACTICE = "The practice"
    PC = "This PC"
    CAMERA = "The camera"
    PICTURES = "Taking pictures"
    PATIENTS = "Patients from the record system"
    REVIEW = "Review and route"
    PACKAGE = "The package"
    EMAIL = "E-mail drafts"
    ARCHIVE = "The archive"
    DERMATOSCOPE = "The dermatoscope, for DICOM files"


_IT: tuple[Who, ...] = ()
_ADMINISTRATOR = (Who.ADMINISTRATOR,)
_OPERATOR = (Who.OPERATOR,)
_BOTH = (Who.ADMINISTRATOR, Who.OPERATOR)
_Value = TypeVar("_Value", bool, int, str)


def _setting(
    default: _Value, by: tuple[Who, ...], group: Group, title: str, about: str = "", **more: Any
) -> _Value:
    """Declare a field of `Settings`: its default, who may change it, and the rest of its row."""
    row = Setting(group, title, about, changed_by=by, **more)
    made: _Value = field(default=default, metadata={"row": row})
    return made


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of a practice or its IT, in the order of the page and of docs/settings.md."""

    practice_name: str = _setting(
        "",
        _ADMINISTRATOR,
        Group.PRACTICE,
        "Practice name",
        "Printed on referrals and on copies for patients.",
    )
    practice_code: str = _setting(
        "",
        _ADMINISTRATOR,
        Group.PRACTICE,
        "ODS code",
        "Printed after the practice name. Usually a letter and five digits. May be left empty.",
    )
    direct_line: str = _setting(
        "",
        _ADMINISTRATOR,
        Group.PRACTICE,
        "Direct line",
        "On which a specialist reaches the referrer, past the queue. Printed on referrals.",
    )
    patient_copy_words: str = _setting(
        "",
        _ADMINISTRATOR,
        Group.PRACTICE,
        "Text on copies for patients",
        "Leave this empty to use the standard text.",
    )
    picture_policy: str = _setting(
        "",
        _ADMINISTRATOR,
        Group.PRACTICE,
        "Your policy on pictures",
        "An https address or the path of a PDF. It is linked from the rules for pictures.",
    )
    lock_after_minutes: int = _setting(
        4,
        _ADMINISTRATOR,
        Group.PC,
        "Lock the station after",
        "Counted from the last key press or mouse movement.",
        unit="minutes",
        bounds=(1, 30),
        strictest=1,
    )
    hide_from_capture: bool = _setting(
        False,
        _ADMINISTRATOR,
        Group.PC,
        "Hide the window from screenshots",
        "Also hides it from screen sharing. Works on Windows only.",
    )
    names_hidden: bool = _setting(
        False,
        _ADMINISTRATOR,
        Group.PC,
        "Hide names on the work list",
        "Until somebody presses \u201cShow names\u201d. Ctrl+H covers any page for a moment.",
    )
    demo_mode: bool = _setting(
        False,
        _IT,
        Group.PC,
        "Demo mode",
        "For training: made-up patients only, and DEMO is written across every page.",
    )
    camera: str = _setting(
        "auto",
        _IT,
        Group.CAMERA,
        "Camera",
        "The station does not start if this is not one of the values listed.",
        form="`auto`; `device:N`, `device:by-id/NAME` or `device:by-path/NAME`; `file:PATH` (a"
        " video or a folder of images); an http, https or rtsp address; `sim` (in a demonstration"
        " only)",
    )
    stream_width: int = _setting(
        1600,
        _IT,
        Group.CAMERA,
        "Picture width",
        "The width requested from the camera, which may use another one.",
        unit="pixels",
        bounds=(320, 7680),
    )
    stream_height: int = _setting(
        1200,
        _IT,
        Group.CAMERA,
        "Picture height",
        "The height requested from the camera, which may use another one.",
        unit="pixels",
        bounds=(240, 4320),
    )
    sounds: bool = _setting(True, _BOTH, Group.PICTURES, "Play a sound when a picture is taken")
    hands_free: bool = _setting(
        False,
        _BOTH,
        Group.PICTURES,
        "Take pictures hands-free",
        "Taken once steady and good. Press for the first picture of each lesion.",
    )
    use_good_at_once: bool = _setting(
        True,
        _ADMINISTRATOR,
        Group.PICTURES,
        "Use good pictures without asking",
        "After two seconds, if there is nothing to say about one and nobody could be recognised.",
    )
    shutter_key: str = _setting(
        "Space",
        _OPERATOR,
        Group.PICTURES,
        "Shutter key",
        "Another key or a footswitch that takes the picture. The space bar always works too.",
        choices={key: key for key in SHUTTER_KEYS},
    )
    tips_after_weeks: int = _setting(
        4,
        _ADMINISTRATOR,
        Group.PICTURES,
        "Show the tip for a shot again after",
        "For people who rarely take that shot. 0 turns tips off.",
        unit="weeks",
        bounds=(0, 52),
    )
    how_to_links: str = _setting(
        "",
        _ADMINISTRATOR,
        Group.PICTURES,
        "Your own how-to films and pages",
        "Write Title|https address or Title|path, with two semicolons (;;) between entries.",
    )
    patient_folder: str = _setting(
        "",
        _IT,
        Group.PATIENTS,
        "Patient folder",
        "The folder where the record system puts patient files: see docs/patient-file.md."
        " Leave it empty if there is none.",
        form="a folder",
    )
    gdt_character_set: str = _setting(
        AUTOMATIC,
        _IT,
        Group.PATIENTS,
        "Character set of GDT files",
        "For files that do not say which they use. With auto, the operator is asked if a name can"
        " be read in two ways.",
        choices={AUTOMATIC: "Automatic", **{one.value: TITLES[one] for one in CharacterSet}},
    )
    unread_file_days: int = _setting(
        7,
        _IT,
        Group.PATIENTS,
        "Wipe patient files that could not be read after",
        "They are not encrypted. Until then they are listed in the window.",
        unit="days",
        bounds=(1, 30),
    )
    barcode_formats: str = _setting(
        "{nhs_number};;{nhs_number}|{family_name}|{given_name}|{born_on}",
        _IT,
        Group.PATIENTS,
        "Barcode formats",
        "What a barcode scanner sends: see docs/patient-file.md.",
        form="formats with `;;` between them",
        check=BarcodeFormats.parse,
    )
    review_routes: str = _setting(
        "advice rads usc",
        _ADMINISTRATOR,
        Group.REVIEW,
        "Routes that a clinician must review",
        "No package is made for these routes before the review.",
        choices={route.value: guide.title for route, guide in ROUTE_GUIDES.items()},
        several=True,
        strictest=" ".join(route.value for route in ROUTE_GUIDES),
    )
    pathway_links: str = _setting(
        "",
        _ADMINISTRATOR,
        Group.REVIEW,
        "Your own links on the pathway chart",
        "Write box|Title|https address or path, with two semicolons (;;) between entries. A box is"
        " named as in the chart's file: minor_surgery, advice, rads, usc, routine.",
    )
    keep_covered_originals: bool = _setting(
        True,
        _ADMINISTRATOR,
        Group.REVIEW,
        "Keep the original of a covered picture until the wipe",
        "Otherwise it is wiped as soon as the covered copy is saved.",
    )
    pathway_file: str = _setting(
        "",
        _IT,
        Group.REVIEW,
        "Pathway chart",
        "The practice's own chart, a TOML file like resources/pathways/skin_lesions.toml."
        " Leave it empty to use the standard chart.",
        form="a file",
    )
    package_preset: str = _setting(
        "gp_system",
        _ADMINISTRATOR,
        Group.PACKAGE,
        "Usual destination",
        "Sets the size limits. You can choose another destination for each package.",
        choices={preset.value: guide.line for preset, guide in PRESETS.items()},
    )
    package_one_pdf: bool = _setting(
        False,
        _ADMINISTRATOR,
        Group.PACKAGE,
        "Make one PDF with everything",
        "It replaces the summary and the separate pictures.",
    )
    package_dicom: bool = _setting(
        False,
        _ADMINISTRATOR,
        Group.PACKAGE,
        "Add DICOM files",
        "Needs the manufacturer, model and serial number of the dermatoscope.",
    )
    package_fhir: bool = _setting(
        False, _ADMINISTRATOR, Group.PACKAGE, "Add the referral as FHIR XML"
    )
    package_deadline_hours: int = _setting(
        24,
        _ADMINISTRATOR,
        Group.PACKAGE,
        "Warn about a package after",
        "A package is not encrypted and should not stay on this PC for long.",
        unit="hours",
        bounds=(1, 720),
    )
    network_folders_allowed: bool = _setting(
        False,
        _ADMINISTRATOR,
        Group.PACKAGE,
        "Allow packages in a network folder",
        "A network folder is a folder on another computer.",
        strictest=False,
    )
    package_folder: str = _setting(
        "",
        _IT,
        Group.PACKAGE,
        "Package folder",
        "Where packages are made. The station does not create this folder. Leave it empty to"
        " use the station's own packages folder.",
        form="a folder",
        strictest="",
    )
    package_file_bytes: int = _setting(
        0,
        _IT,
        Group.PACKAGE,
        "Largest file",
        "For the usual destination only. 0 keeps the destination's own limit.",
        unit="bytes",
        bounds=(0, ERS_FILE_BYTES),
    )
    package_total_bytes: int = _setting(
        0,
        _IT,
        Group.PACKAGE,
        "Largest package",
        "For the usual destination only. 0 keeps the destination's own limit.",
        unit="bytes",
        bounds=(0, 1_000_000_000),
    )
    package_files_most: int = _setting(
        0,
        _IT,
        Group.PACKAGE,
        "Most files in a package",
        "For the usual destination only. 0 keeps the destination's own limit.",
        unit="files",
        bounds=(0, 1_000),
    )
    email_domains: str = _setting(
        "nhs.net",
        _IT,
        Group.EMAIL,
        "E-mail domains",
        "The domains that an e-mail draft may be addressed to.",
        form="domains separated by spaces",
        strictest="",
    )
    email_accredited_domains: str = _setting(
        "nhs.net",
        _IT,
        Group.EMAIL,
        "Secure e-mail domains",
        "Which of these domains are secure. The subject of a draft to any other begins with"
        " [secure].",
        form="domains separated by spaces",
        strictest="",
    )
    email_bytes: int = _setting(
        20_000_000,  # below what mail systems usually take; IT knows the limit of its own
        _IT,
        Group.EMAIL,
        "Largest e-mail",
        "A larger draft is not written. Files grow by a third in an e-mail.",
        unit="bytes",
        bounds=(1_000_000, 1_000_000_000),
    )
    archive_address: str = _setting(
        "",
        _IT,
        Group.ARCHIVE,
        "Address of the archive",
        "A DICOM archive's address for DICOMweb: see docs/archive.md. Leave it empty if there is"
        " none.",
        form="an https address without a name or password",
        check=checked_address,
        strictest="",
    )
    archive_node: str = _setting(
        "",
        _IT,
        Group.ARCHIVE,
        "Archive by DICOM's own protocol",
        "For an archive without DICOMweb. Always over TLS.",
        form="`TITLE@host:port`",
        check=DicomNode.parse,
        strictest="",
    )
    worklist_node: str = _setting(
        "",
        _IT,
        Group.ARCHIVE,
        "Worklist server",
        "Who is asked for the patients of the day. Leave it empty if there is none.",
        form="`TITLE@host:port`",
        check=DicomNode.parse,
        strictest="",
    )
    station_title: str = _setting(
        "DERMSTATION",
        _IT,
        Group.ARCHIVE,
        "AE title of this station",
        "The archive and the worklist server know the station by it.",
        form="up to 16 letters and digits",
        check=checked_title,
    )
    archive_ca_file: str = _setting(
        "",
        _IT,
        Group.ARCHIVE,
        "Certificate authority",
        "Whose certificates the archive and the worklist server must have. Leave it empty to use"
        " those that this PC trusts.",
        form="a PEM file",
    )
    archive_certificate_file: str = _setting(
        "",
        _IT,
        Group.ARCHIVE,
        "The station's own certificate",
        "With its private key, not encrypted. Leave it empty if the servers ask for none.",
        form="a PEM file",
    )
    archive_wait_seconds: int = _setting(
        20,
        _IT,
        Group.ARCHIVE,
        "Wait for the archive's answer",
        unit="seconds",
        bounds=(2, 120),
    )
    dermatoscope_manufacturer: str = _setting(
        "", _ADMINISTRATOR, Group.DERMATOSCOPE, "Manufacturer"
    )
    dermatoscope_model: str = _setting("", _ADMINISTRATOR, Group.DERMATOSCOPE, "Model")
    dermatoscope_serial: str = _setting("", _ADMINISTRATOR, Group.DERMATOSCOPE, "Serial number")
    # the names of those above that IT has fixed for this PC (`machine_policy`)
    fixed: frozenset[str] = field(default=frozenset(), compare=False)


SETTINGS: dict[str, Setting] = {
    one.name: replace(one.metadata["row"], name=one.name, default=one.default)
    for one in fields(Settings)
    if "row" in one.metadata
}


def values_of(settings: Settings) -> dict[str, Value]:
    """Return the value of every setting by name."""
    return {name: getattr(settings, name) for name in SETTINGS}


def differences(settings: Settings) -> dict[str, Value]:
    """Return the settings that differ from their defaults, by name."""
    values = values_of(settings)
    return {name: values[name] for name, row in SETTINGS.items() if values[name] != row.default}
