"""Check what matters to the station on this PC, without opening the vault.

Each finding says in plain words what IT should look at. Nothing here names a patient or operator,
so the result may go into a support ticket.
"""

import os
import shutil
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dermstation.camera.button import has_closed_button
from dermstation.domain.camera_address import parted, without_password
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.handover.places import PlaceKind, place_of
from dermstation.machine_policy import machine_policy
from dermstation.media_parts import missing_media_parts
from dermstation.paths import StationPaths
from dermstation.security import accounts
from dermstation.security.keystore import Keystore
from dermstation.security.process import is_hardened
from dermstation.settings import Settings, differences
from dermstation.settings_file import settings_faults
from dermstation.shared_home import is_shared_home
from dermstation.vault.connection import cipher_version
from dermstation.vault.key_folder import ASIDE
from dermstation.workflow import home_check, memory_on_disk
from dermstation.workflow.camera_password import is_in_file
from dermstation.workflow.camera_pictures import of_attached_cameras
from dermstation.workflow.disk_encryption import OFF, encryption_of
from dermstation.workflow.keystores import keystore_of
from dermstation.workflow.messages import message_for
from dermstation.workflow.pathway import load_pathway
from dermstation.workflow.setting_faults import fault_words, policy_words
from dermstation.workflow.unread_files import kept_aside

LEAST_FREE_BYTES = 2_000_000_000
_ARCHIVE_WAITS_S = 5.0
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check; `finding` is empty if nothing is wrong."""

    value: object
    finding: str = ""


def examine(paths: StationPaths, settings: Settings) -> dict[str, Check]:
    """Run all checks; a value that cannot be found out is "unknown", and is not a finding."""
    packages = Path(settings.package_folder) if settings.package_folder else paths.packages
    keystore = keystore_of(paths)
    return {
        "cipher": _cipher(),
        "home": Check(*home_check.where(paths)),
        "keystore": _keystore(keystore),
        "pin": Check(*home_check.guarded(keystore)),
        "disk_encryption": _disk_encryption(paths.home),
        "camera": _camera(paths, settings),
        "camera_pictures": Check(of_attached_cameras(paths.cameras)),
        "camera_button": _camera_button(),
        "sync_folders": _sync_folders({"home": paths.home, "packages": packages}),
        "package_place": _package_place(packages, settings),
        "patient_folder": _patient_folder(settings),
        "pathway_file": _pathway_file(settings),
        "settings_file": _settings_file(paths.settings),
        "policy": _policy(),
        "changed_settings": Check(list(differences(settings))),
        "open_to_others": _open_to_others(paths),
        "free_space": _free_space(paths.home),
        "dumps_off": Check(is_hardened()),
        "swap": _swap(),
        "hibernation": _hibernation(),
        "system_dumps": _system_dumps(),
        "thumbnails": _thumbnails(),
        "media_parts": _media_parts(),
        "vault": _vault(paths.vault),
        "archive": _archive(settings, keystore),
    }


def _camera(paths: StationPaths, settings: Settings) -> Check:
    """Return the camera without its password, and whether that lies in a file."""
    words = ""
    if parted(str(machine_policy().values.get("camera", "")))[1]:
        words = (
            "The policy of this PC holds the camera's password, which everybody here can read. Take"
            " it out there, and write the whole address into settings.toml once."
        )
    elif is_in_file(paths.settings):
        words = (
            "The settings file holds the camera's password. Only the account of the station can"
            " read it; with a keystore it is moved there at the next sign-in."
        )
    return Check(without_password(settings.camera), words)


def _cipher() -> Check:
    found = cipher_version()
    words = "" if found else "Encryption is missing from this installation: install it again."
    return Check(found or None, words)


def _camera_button() -> Check:
    is_closed = has_closed_button()
    words = (
        "This account may not read the button on the camera: install the rule"
        " 70-dermstation-camera-button.rules, or use a key or a footswitch."
    )
    return Check("closed" if is_closed else None, words if is_closed else "")


def _keystore(found: Keystore | None) -> Check:
    """Name the keystore; what follows if there is none, the check "pin" says."""
    return Check(None if found is None else getattr(found, "name", "unknown"))


def _disk_encryption(home: Path) -> Check:
    found = encryption_of(home)
    words = "" if found != OFF else "The station's disk is not encrypted: packages lie on it."
    return Check(found, words)


def _swap() -> Check:
    """Return whether memory that is swapped out is encrypted."""
    found = memory_on_disk.swap()
    if found != OFF:
        return Check(found)
    words = (
        "Memory is swapped to a disk that is not encrypted: names and pictures can get there."
        " Encrypt that disk."
    )
    if memory_on_disk.page_file_is_cleared() is False:
        words += " Until then, let Windows clear the page file at shutdown."
    return Check(found, words)


def _hibernation() -> Check:
    """Return whether the PC can hibernate, which writes all memory to the swap area."""
    found = memory_on_disk.hibernates()
    is_open = found is True and OFF in (memory_on_disk.swap(), encryption_of(_system_disk()))
    words = "This PC can hibernate: it then writes all memory to a disk that is not encrypted."
    return Check(found, words if is_open else "")


def _system_disk() -> Path:
    return Path(Path(sys.executable).anchor)


def _system_dumps() -> Check:
    """Return whether a crash of the whole PC writes all memory to a disk."""
    found = memory_on_disk.dumps_whole_memory()
    words = "A crash of Windows writes all memory to a file: choose a small memory dump."
    return Check(found, words if found else "")


def _thumbnails() -> Check:
    """Return whether the file browser keeps small pictures, which no wipe reaches."""
    found = memory_on_disk.keeps_thumbnails()
    words = (
        "Windows keeps small pictures of a package folder that somebody looks into, and no wipe"
        " reaches them: set the policy \u201cTurn off the caching of thumbnail pictures\u201d."
    )
    return Check("kept" if found else found, words if found else "")


def _media_parts() -> Check:
    """Return whether Windows has the parts without which no camera and no picture opens."""
    missing = missing_media_parts()
    words = str(message_for(StationError(ErrorCode.MEDIA_ABSENT))) if missing else ""
    return Check(list(missing), words)


def _sync_folders(folders: dict[str, Path]) -> Check:
    """List the station's folders that another program copies to the internet."""
    places = {name: place_of(folder) for name, folder in folders.items()}
    synced = {name: one.service for name, one in places.items() if one.kind is PlaceKind.SYNCED}
    said = ", ".join(f"{name} ({service})" for name, service in sorted(synced.items()))
    words = f"Copied to the internet by another program: {said}." if synced else ""
    return Check(sorted(synced), words)


def _package_place(packages: Path, settings: Settings) -> Check:
    """Return the kind of place that packages go to, and whether the station would refuse it."""
    kind = place_of(packages).kind
    words = ""
    if settings.package_folder and not packages.is_dir():
        words = "The folder of the setting package_folder does not exist."
    elif kind is PlaceKind.NETWORK and not settings.network_folders_allowed:
        words = "The package folder is on the network, which the settings do not allow."
    elif kind is PlaceKind.SHARED:
        words = "Everybody who uses this PC can get at the package folder: the station refuses it."
    elif kind is PlaceKind.REMOVABLE:
        words = (
            "The package folder is on a removable drive: only an encrypted package may go there."
        )
    return Check(kind.value, words)


def _patient_folder(settings: Settings) -> Check:
    """Check that the folder of incoming patients exists, can be emptied, and is empty."""
    if not settings.patient_folder:
        return Check("none")
    folder = Path(settings.patient_folder)
    if not folder.is_dir():
        return Check("absent", "The folder of the setting patient_folder does not exist.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Check("closed", "The station may not read and empty the folder patient_folder.")
    if place_of(folder).kind is PlaceKind.SYNCED:
        return Check("synced", "The folder patient_folder is copied to the internet.")
    left = kept_aside(folder)
    words = (
        f"{left} files in the folder patient_folder could not be read. They name patients: look at"
        " them and remove them. The open window wipes each of them"
        f" {settings.unread_file_days} days after it was kept aside."
    )
    return Check({"not_read": left}, words if left else "")


def _pathway_file(settings: Settings) -> Check:
    if not settings.pathway_file:
        return Check("ours")
    try:
        load_pathway(Path(settings.pathway_file))
    except StationError as trouble:
        words = "The chart of the setting pathway_file cannot be used: the station shows its own."
        return Check(trouble.code.value, words)
    return Check("own")


def _settings_file(file: Path) -> Check:
    """Name the lines of the settings file that have no effect."""
    faults = settings_faults(file)
    return Check([one.line for one in faults], fault_words(faults))


def _policy() -> Check:
    """Return what the policy of the PC fixes, and where it was read."""
    policy = machine_policy()
    shown = {
        name: without_password(value) if isinstance(value, str) else value
        for name, value in policy.values.items()
    }
    return Check({"from": policy.source or "none", **shown}, policy_words(policy))


def _open_to_others(paths: StationPaths) -> Check:
    """Name what other users of this PC could look into; on Windows the profile's list decides.

    Of a home that accounts share, the check "home" speaks.
    """
    if sys.platform == "win32" or is_shared_home(paths.home):
        return Check("unknown")
    places = {
        "home": paths.home,
        "logs": paths.logs,
        "packages": paths.packages,
        "settings": paths.settings,
    }
    found = []
    for name, place in places.items():
        with suppress(OSError):
            if stat.S_IMODE(place.stat().st_mode) & _OTHERS:
                found.append(name)
    words = f"Other users of this PC can look into: {', '.join(found)}." if found else ""
    return Check(found, words)


def _free_space(home: Path) -> Check:
    with suppress(OSError, StopIteration):
        existing = next(one for one in (home, *home.parents) if one.exists())
        free = shutil.disk_usage(existing).free
        words = "" if free >= LEAST_FREE_BYTES else "Less than 2 GB is free on the station's disk."
        return Check(free, words)
    return Check(None, "The station's folder cannot be reached.")


def _vault(folder: Path) -> Check:
    if not folder.exists():
        return Check("not set up")
    try:
        aside = len(list(folder.glob(ASIDE)))
        words = "Key files that are not this station's were found and set aside: see the audit."
        found = {"operators": len(accounts.operators(folder)), "key_files_aside": aside}
        return Check(found, words if aside else "")
    except StationError as trouble:
        return Check(trouble.code.value, "The store's key files cannot be read: restore a backup.")


def _archive(settings: Settings, keystore: Keystore | None) -> Check:
    """Say whether archive and worklist server let this station in, each by its setting."""
    if not (settings.archive_address or settings.archive_node or settings.worklist_node):
        return Check("none")
    from dermstation.workflow.archive_check import try_servers  # noqa: PLC0415 - slow to import

    found = try_servers(settings, keystore, _ARCHIVE_WAITS_S)
    words = [str(message_for(trouble)) for trouble in found.values() if trouble is not None]
    values = {name: "ok" if one is None else one.code.value for name, one in found.items()}
    return Check(values, " ".join(dict.fromkeys(words)))
