"""Which settings a practice changes on its page: groups, names, and a plain sentence each.

What IT sets once for a PC (folders that are watched, scanner formats, limits in bytes) stays in the
settings file.
"""

from dataclasses import dataclass

from dermstation.domain.presets import PRESETS

PRESET_WORDS = {preset.value: guide.title for preset, guide in PRESETS.items()}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting: its name in `Settings`, what it is called, and what it does."""

    name: str
    title: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Settings that belong together."""

    title: str
    rows: tuple[SettingRow, ...]


GROUPS: tuple[SettingGroup, ...] = (
    SettingGroup(
        "The practice",
        (
            SettingRow("practice_name", "Name", "Printed on referrals and on patients' copies."),
            SettingRow("practice_code", "ODS code", "A letter and five digits; it may stay empty."),
            SettingRow(
                "patient_copy_words",
                "Your words on a patient's copy",
                "Empty: the station's own words.",
            ),
        ),
    ),
    SettingGroup(
        "This PC",
        (
            SettingRow("lock_after_minutes", "Minutes until it locks", "1 to 30, without a touch."),
            SettingRow("hide_from_capture", "Keep the window out of screenshots (Windows)"),
            SettingRow("network_folders_allowed", "Packages may lie on another computer's folder"),
        ),
    ),
    SettingGroup(
        "Taking pictures",
        (
            SettingRow("sounds", "A sound when a picture is taken"),
            SettingRow("hands_free", "Hands-free: taken when steady and good"),
            SettingRow(
                "tips_after_weeks",
                "Weeks until a tip comes back",
                "For who takes a shot rarely; 0: no tips.",
            ),
            SettingRow(
                "how_to_links",
                "Your own how-to films and pages",
                "Title|https address, or Title|path; two semicolons between them.",
            ),
        ),
    ),
    SettingGroup(
        "The package",
        (
            SettingRow("package_preset", "Where it usually goes", "Its limits come with it."),
            SettingRow("package_one_pdf", "One PDF with all pictures inside"),
            SettingRow("package_dicom", "Add DICOM files"),
            SettingRow("package_fhir", "Add the referral as FHIR XML"),
            SettingRow(
                "package_deadline_hours",
                "Hours that a package may lie in the clear",
                "After them the list of episodes warns.",
            ),
        ),
    ),
    SettingGroup(
        "Before a package",
        (
            SettingRow(
                "review_routes",
                "A clinician reviews these routes",
                "Before that, no package is made of them.",
            ),
            SettingRow(
                "keep_covered_originals", "Keep the original of a covered picture until the wipe"
            ),
        ),
    ),
    SettingGroup(
        "The dermatoscope, for DICOM",
        (
            SettingRow("dermatoscope_manufacturer", "Manufacturer"),
            SettingRow("dermatoscope_model", "Model"),
            SettingRow("dermatoscope_serial", "Serial number"),
        ),
    ),
)
