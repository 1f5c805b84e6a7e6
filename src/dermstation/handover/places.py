"""Find out what kind of place a folder is: on this PC, on another, shared, on a removable drive.

A package is not encrypted until it is wiped, so it may not be put just anywhere. Reads only.
"""

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.handover import windows_drives
from dermstation.handover.shared_folders import is_shared
from dermstation.handover.sync_marks import SOME_SERVICE
from dermstation.handover.sync_roots import Surroundings, syncing_service

_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ceph", "davfs", "ncpfs"}
    | {"fuse.sshfs", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.glusterfs", "webdav", "afpfs"}
)
_CLOUD_FILE_SYSTEMS = frozenset({"fuse.rclone", "fuse.google-drive-ocamlfuse", "fuse.onedriver"})


class PlaceKind(StrEnum):
    """The kind of place where a folder is."""

    LOCAL = "local"
    SYNCED = "synced"
    NETWORK = "network"
    SHARED = "shared"
    REMOVABLE = "removable"


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """The kind of a place and, if it is synced, the service that copies it."""

    kind: PlaceKind
    service: str = ""


@dataclass(frozen=True, slots=True)
class Mount:
    """A file system of this PC: its mount point, type and device."""

    folder: Path
    file_system: str
    device: str


def check_place(folder: Path, *, network_allowed: bool, sealed: bool) -> None:
    """Refuse a folder that may not hold a package.

    A `sealed` package is encrypted, so it may go on a removable drive. Raises StationError
    PLACE_SYNCED, PLACE_NETWORK, PLACE_SHARED or PLACE_REMOVABLE.
    """
    place = place_of(folder)
    if place.kind is PlaceKind.SYNCED:
        raise StationError(ErrorCode.PLACE_SYNCED, service=place.service)
    if place.kind is PlaceKind.NETWORK and not network_allowed:
        raise StationError(ErrorCode.PLACE_NETWORK)
    if place.kind is PlaceKind.SHARED:
        raise StationError(ErrorCode.PLACE_SHARED)
    if place.kind is PlaceKind.REMOVABLE and not sealed:
        raise StationError(ErrorCode.PLACE_REMOVABLE)


def place_of(
    folder: Path, around: Surroundings | None = None, mounts: tuple[Mount, ...] | None = None
) -> FolderPlace:
    """Return what kind of place a folder is; a missing folder is judged by its parents."""
    service = syncing_service(folder, around)
    if service:
        return FolderPlace(PlaceKind.SYNCED, service)
    kind = _kind_of(folder, mounts)
    is_local = kind is PlaceKind.LOCAL
    if is_local and is_shared(folder, around):
        return FolderPlace(PlaceKind.SHARED)
    return FolderPlace(kind, SOME_SERVICE if kind is PlaceKind.SYNCED else "")


def _kind_of(folder: Path, mounts: tuple[Mount, ...] | None) -> PlaceKind:
    """Return what kind of drive a folder is on."""
    if sys.platform == "win32":
        return PlaceKind(windows_drives.kind_of(folder))
    mount = _mount_of(folder, mounts if mounts is not None else mounts_here())
    if mount is None:
        return PlaceKind.LOCAL
    if mount.file_system in _CLOUD_FILE_SYSTEMS:
        return PlaceKind.SYNCED
    if mount.file_system in _NETWORK_FILE_SYSTEMS:
        return PlaceKind.NETWORK
    return PlaceKind.REMOVABLE if _is_removable(mount.device) else PlaceKind.LOCAL


def mounts_here() -> tuple[Mount, ...]:
    """Return the file systems of this PC."""
    return tuple(
        Mount(Path(one.mountpoint), one.fstype.lower(), one.device)
        for one in psutil.disk_partitions(all=True)
    )


def _mount_of(folder: Path, mounts: tuple[Mount, ...]) -> Mount | None:
    real = Path(os.path.realpath(folder))
    above = [mount for mount in mounts if mount.folder in (real, *real.parents)]
    return max(above, key=lambda mount: len(mount.folder.parts), default=None)


def _is_removable(device: str, classes: Path = Path("/sys/class/block")) -> bool:
    """Return whether the kernel reports a block device as removable or on USB."""
    if not device.startswith("/dev/"):
        return False
    try:
        real = (classes / Path(os.path.realpath(device)).name).resolve(strict=True)
    except OSError:
        return False
    if any(part.startswith("usb") for part in real.parts):
        return True
    for disk in (real, real.parent):  # a partition's folder is inside its disk's
        try:
            if (disk / "removable").read_text(encoding="ascii").strip() == "1":
                return True
        except (OSError, UnicodeDecodeError):
            continue
    return False
