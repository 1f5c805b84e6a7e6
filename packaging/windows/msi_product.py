"""The product as rows of the installer's tables: its needs, settings, values, and their order.

No custom action: application control blocks a library that nobody signed, and none is needed.
"""

import uuid
from dataclasses import dataclass

from msi_contents import IS_64_BIT, code_of
from msi_tables import Database

from dermstation.access_list import HOME_LIST
from dermstation.domain.setting import Setting
from dermstation.machine_policy import INSTALLED_KEY
from dermstation.settings import SETTINGS
from dermstation.shared_home import KEY, VALUE

# These never change: by them Windows knows every version of the product and its parts.
UPGRADE_CODE = "{C2D1B1D4-8C5B-4C0B-9E0B-4D5E0B5C1A57}"
SPACE = uuid.UUID(UPGRADE_CODE)

NAME = "dermstation"
LEAST_BUILD = 19045  # Windows 10 22H2: learn.microsoft.com/windows/release-health
_MACHINE = 2  # HKEY_LOCAL_MACHINE
_OF_64_BIT = 16  # a search in the registry's 64-bit half
_RAW = 2
_KNOWN_BY_VALUE = 4
_WITH_LEAST, _WITH_MOST, _ONLY_DETECT, _MIGRATES = 0x100, 0x200, 0x002, 0x001
_IS_ALWAYS_OVERWRITTEN = "amus"
_MEDIA_PARTS = (
    "This Windows is an N edition or a server without its media parts, which cameras need. Add the"
    " Media Feature Pack in Settings, Apps, Optional features (on a server: Install-WindowsFeature"
    " Server-Media-Foundation), restart the PC, and try again."
)

_SEQUENCE = {
    "FindRelatedProducts": 25,
    "AppSearch": 50,
    "LaunchConditions": 100,
    "ValidateProductID": 700,
    "CostInitialize": 800,
    "FileCost": 900,
    "CostFinalize": 1000,
    "MigrateFeatureStates": 1200,
    "InstallValidate": 1400,
    "InstallInitialize": 1500,
    "RemoveExistingProducts": 1501,  # within the transaction: a failure brings them back
    "ProcessComponents": 1600,
    "UnpublishFeatures": 1800,
    "RemoveRegistryValues": 2600,
    "RemoveShortcuts": 3200,
    "RemoveFiles": 3500,
    "RemoveFolders": 3600,
    "CreateFolders": 3700,
    "InstallFiles": 4000,
    "CreateShortcuts": 4500,
    "WriteRegistryValues": 5000,
    "RegisterUser": 6000,
    "RegisterProduct": 6100,
    "PublishFeatures": 6300,
    "PublishProduct": 6400,
    "InstallFinalize": 6600,
}
_SHOWN_SEQUENCE = dict([*list(_SEQUENCE.items())[:8], ("ExecuteAction", 1300)])


@dataclass(frozen=True)
class Product:
    """What differs from build to build."""

    version: str
    manufacturer: str
    support: str  # an address, for the list of installed programs
    code: str


def add_product(database: Database, product: Product) -> None:
    """Add everything but the program's files and the cabinet."""
    _properties(database, product)
    _conditions(database)
    _upgrade(database, product.version)
    _folders(database)
    _own_values(database, product.version)
    _shortcuts(database)
    for row in SETTINGS.values():
        if property_of(row):
            _setting(database, row)
    for action, number in _SEQUENCE.items():
        database.add("InstallExecuteSequence", action, None, number)
    for action, number in _SHOWN_SEQUENCE.items():
        database.add("InstallUISequence", action, None, number)


def property_of(row: Setting) -> str:
    """Return the name under which a setting is given to the installer; empty if it cannot be.

    Windows Installer takes braces in a value for its own.
    """
    return "" if "{" in str(row.default) else row.name.upper()


def _properties(database: Database, product: Product) -> None:
    given = [name for row in SETTINGS.values() if (name := property_of(row))]
    secure = ["NEWER_FOUND", "OLDER_FOUND", "INSTALLDIR", "DESKTOPSHORTCUT", *given]
    for name, value in {
        "ALLUSERS": "1",
        "ARPCONTACT": product.manufacturer,
        "ARPHELPLINK": product.support,
        "ARPNOMODIFY": "1",
        "ARPPRODUCTICON": "station.ico",
        "Manufacturer": product.manufacturer,
        "ProductCode": product.code,
        "ProductLanguage": "2057",
        "ProductName": NAME,
        "ProductVersion": product.version,
        "REINSTALLMODE": _IS_ALWAYS_OVERWRITTEN,
        "SecureCustomProperties": ";".join(sorted(secure)),
        "UpgradeCode": UPGRADE_CODE,
    }.items():
        database.add("Property", name, value)


def _conditions(database: Database) -> None:
    """Say in words what the program needs."""
    database.add("AppSearch", "WINDOWS_BUILD", "FindBuild")
    place = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
    raw = _RAW | _OF_64_BIT
    database.add("RegLocator", "FindBuild", _MACHINE, place, "CurrentBuildNumber", raw)
    database.add("AppSearch", "MEDIA_PARTS", "FindMedia")
    database.add("Signature", "FindMedia", "mf.dll")
    database.add("DrLocator", "FindMedia", None, "[System64Folder]", 0)
    for condition, words in (
        ("Installed OR VersionNT64", "dermstation needs 64-bit Windows."),
        (
            f"Installed OR WINDOWS_BUILD >= {LEAST_BUILD}",
            "dermstation needs Windows 10 version 22H2 or later, or Windows 11.",
        ),
        (
            "Installed OR MEDIA_PARTS",
            _MEDIA_PARTS,
        ),
        ("Installed OR NOT NEWER_FOUND", "A newer version of dermstation is installed already."),
    ):
        database.add("LaunchCondition", condition, words)


def _upgrade(database: Database, version: str) -> None:
    older = _MIGRATES | _WITH_LEAST | _WITH_MOST  # another build of the same version as well
    database.add("Upgrade", UPGRADE_CODE, "0.0.0", version, None, older, None, "OLDER_FOUND")
    database.add("Upgrade", UPGRADE_CODE, version, None, None, _ONLY_DETECT, None, "NEWER_FOUND")


def _folders(database: Database) -> None:
    for directory, parent, name in (
        ("TARGETDIR", None, "SourceDir"),
        ("ProgramFiles64Folder", "TARGETDIR", "."),
        ("INSTALLDIR", "ProgramFiles64Folder", "DERMST~1|dermstation"),
        ("CommonAppDataFolder", "TARGETDIR", "."),
        ("DATADIR", "CommonAppDataFolder", "DERMST~1|dermstation"),
        ("ProgramMenuFolder", "TARGETDIR", "."),
        ("DesktopFolder", "TARGETDIR", "."),
    ):
        database.add("Directory", directory, parent, name)
    database.add("Feature", "Station", None, NAME, "The capture station", 1, 1, "INSTALLDIR", 0)
    _search(database, "INSTALLDIR", KEY, "InstallDir")


def _own_values(database: Database, version: str) -> None:
    """Write what the program and later versions look for; the folder of the data is only made."""
    _component(database, "Facts", "INSTALLDIR", (KEY, "InstallDir", "[INSTALLDIR]"))
    database.add("Registry", "Version", _MACHINE, KEY, "Version", version, "Facts")
    # as `dermstation share-home` does it: docs/adr/0086-one-home-for-the-pc.md
    _component(database, "Data", "DATADIR", (KEY, VALUE, "[DATADIR]"))
    database.add("CreateFolder", "DATADIR", "Data")
    database.add("MsiLockPermissionsEx", "DataRights", "DATADIR", "CreateFolder", HOME_LIST)


def _shortcuts(database: Database) -> None:
    wanted = 'DESKTOPSHORTCUT = "1" OR (KEPT_DESKTOPSHORTCUT AND NOT DESKTOPSHORTCUT)'
    _search(database, "KEPT_DESKTOPSHORTCUT", KEY, "DesktopShortcut")
    for name, directory, condition in (
        ("MenuShortcut", "ProgramMenuFolder", None),
        ("DesktopShortcut", "DesktopFolder", wanted),
    ):
        _component(database, name, directory, (KEY, name, "1"), condition)
        database.add(
            "Shortcut",
            name,
            directory,
            "DERMST~1|dermstation",
            name,
            "[INSTALLDIR]dermstation.exe",
            None,
            "Dermatoscope capture station",
            None,
            "station.ico",
            0,
            None,
            "INSTALLDIR",
        )


def _setting(database: Database, row: Setting) -> None:
    """Write a setting that the installer is given; one that an earlier version was given stays."""
    given, kept = property_of(row), f"KEPT_{property_of(row)}"
    number = "" if isinstance(row.default, str) else "#"
    _search(database, kept, INSTALLED_KEY, row.name)
    for name, value, condition in (
        (f"Given_{row.name}", f"{number}[{given}]", given),
        (f"Kept_{row.name}", f"[{kept}]", f"{kept} AND NOT {given}"),
    ):
        _component(database, name, "INSTALLDIR", (INSTALLED_KEY, row.name, value), condition)


def _search(database: Database, name: str, key: str, value: str) -> None:
    """Set a property to a value of the registry, as an earlier version wrote it."""
    database.add("AppSearch", name, f"Find_{name}")
    database.add("RegLocator", f"Find_{name}", _MACHINE, key, value, _RAW | _OF_64_BIT)


def _component(
    database: Database,
    name: str,
    directory: str,
    value: tuple[str, str, str],
    condition: str | None = None,
) -> None:
    """Add a component that is known by a value in the registry: its key, name and content."""
    code = code_of(SPACE, f"component {name}")
    attributes = IS_64_BIT | _KNOWN_BY_VALUE
    database.add("Component", name, code, directory, attributes, condition, name)
    database.add("FeatureComponents", "Station", name)
    database.add("Registry", name, _MACHINE, *value, name)
