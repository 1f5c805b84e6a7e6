"""Find memory cards and sticks that are plugged in; take any folder for one.

Reads the system's tables only; opens no file of a card. Any process or thread.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

DCIM = "DCIM"  # where a camera puts its pictures (DCF, JEITA CP-3461)
_DRIVE_REMOVABLE = 2  # GetDriveTypeW


@dataclass(frozen=True, slots=True)
class CardPlace:
    """A card, or a folder that is used like one; `device` is empty for a folder."""

    path: str
    label: str
    device: str = ""
    is_read_only: bool = False
    has_dcim: bool = False

    @property
    def is_card(self) -> bool:
        """Tell whether it can be taken out."""
        return bool(self.device)


@dataclass(frozen=True, slots=True)
class _Mount:
    """A line of the system's table of file systems."""

    device: str
    path: str
    file_system: str
    is_read_only: bool


def find_cards(sysfs: Path = Path("/sys")) -> tuple[CardPlace, ...]:
    """List the removable drives with a file system, those with a camera's folder first."""
    found = [_place(mount) for mount in _mounts() if _is_removable(mount, sysfs)]
    return tuple(sorted(found, key=lambda place: (not place.has_dcim, place.label.lower())))


def folder_place(folder: Path) -> CardPlace:
    """Take a chosen folder; where it is the root of a card, the card."""
    path = os.path.realpath(folder)
    for place in find_cards():
        if os.path.normcase(place.path) == os.path.normcase(path):
            return place
    return CardPlace(path, folder.name or path, has_dcim=dcim_of(Path(path)) is not None)


def is_there(place: CardPlace) -> bool:
    """Tell whether a card is still plugged in, or a folder still there."""
    if not place.is_card:
        return Path(place.path).is_dir()
    return any((one.device, one.path) == (place.device, place.path) for one in _mounts())


def dcim_of(root: Path) -> Path | None:
    """Return a card's folder of pictures, however it is spelt; a link is none."""
    try:
        with os.scandir(root) as entries:
            for entry in entries:
                if entry.name.upper() == DCIM and entry.is_dir(follow_symlinks=False):
                    return root / entry.name
    except OSError:
        pass
    return None


def _mounts() -> list[_Mount]:
    return [
        _Mount(part.device, part.mountpoint, part.fstype, "ro" in part.opts.split(","))
        for part in psutil.disk_partitions()
    ]


def _place(mount: _Mount) -> CardPlace:
    root = Path(mount.path)
    label = _volume_label(mount.path) or root.name
    return CardPlace(
        mount.path,
        "".join(sign for sign in label if sign.isprintable()) or mount.device,
        mount.device,
        is_read_only=mount.is_read_only,
        has_dcim=dcim_of(root) is not None,
    )


if sys.platform == "win32":
    import ctypes

    def _is_removable(mount: _Mount, _sysfs: Path) -> bool:
        kind = ctypes.windll.kernel32.GetDriveTypeW(ctypes.c_wchar_p(mount.path))
        return bool(kind == _DRIVE_REMOVABLE) and bool(mount.file_system)

    def _volume_label(mountpoint: str) -> str:
        """Ask for the name of a volume: "EOS_DIGITAL (E:)"; the letter alone where it has none."""
        buffer = ctypes.create_unicode_buffer(261)
        known = ctypes.windll.kernel32.GetVolumeInformationW(
            ctypes.c_wchar_p(mountpoint), buffer, len(buffer), None, None, None, None, 0
        )
        letter = mountpoint.rstrip("\\")
        return f"{buffer.value} ({letter})" if known and buffer.value else letter

else:

    def _is_removable(mount: _Mount, sysfs: Path) -> bool:
        return any(_says_removable(disk) for disk in _disks_of(mount.device, sysfs))

    def _volume_label(mountpoint: str) -> str:
        return Path(mountpoint).name

    def _disks_of(device: str, sysfs: Path) -> Iterator[Path]:
        """Give the block device of a partition in sysfs, and the disk it is part of."""
        name = Path(os.path.realpath(device)).name
        block = sysfs / "class" / "block" / name
        if not name or not block.exists():
            return
        real = Path(os.path.realpath(block))
        yield real
        if (real / "partition").exists():
            yield real.parent

    def _says_removable(disk: Path) -> bool:
        """Read the kernel's flag; a card in a built-in slot is an SD device without it."""
        try:
            if (disk / "removable").read_text().strip() == "1":
                return True
            if (disk / "device" / "type").read_text().strip() == "SD":
                return True
        except OSError:
            pass
        return "/usb" in disk.as_posix()
