"""Find memory cards and USB sticks that are plugged in; any folder can stand in for one.

Reads only the system's tables and lists a card's top folder; opens no file. Any process or thread.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

import psutil

from dermstation.camera.card.volumes import instance_of, serial_of
from dermstation.plain_files import real_path

DCIM = "DCIM"  # the folder in which a camera stores pictures (DCF, JEITA CP-3461)
_DRIVE_REMOVABLE = 2  # GetDriveTypeW


@dataclass(frozen=True, slots=True)
class CardPlace:
    """A card, or a folder used like one; `device` is empty for a folder.

    `instance` names the device below as it is plugged in now, `serial` its file system; each is ""
    if the system does not tell.
    """

    path: str
    label: str
    device: str = ""
    is_read_only: bool = False
    has_dcim: bool = False
    instance: str = field(default="", compare=False)
    serial: str = field(default="", compare=False)

    @property
    def is_card(self) -> bool:
        """Return whether this is a card, which can be ejected, rather than a folder."""
        return bool(self.device)


@dataclass(frozen=True, slots=True)
class _Mount:
    """A line of the system's mount table."""

    device: str
    path: str
    file_system: str
    is_read_only: bool


def find_cards(sysfs: Path = Path("/sys")) -> tuple[CardPlace, ...]:
    """List the mounted removable drives, those with a DCIM folder first."""
    found = [_place(mount, sysfs) for mount in _mounts() if _is_removable(mount, sysfs)]
    return tuple(sorted(found, key=lambda place: (not place.has_dcim, place.label.lower())))


def folder_place(folder: Path) -> CardPlace:
    """Return the card whose root is `folder`, or else the folder itself as a place."""
    path = str(real_path(folder))
    for place in find_cards():
        if os.path.normcase(place.path) == os.path.normcase(path):
            return place
    device = _device_below(path)
    return CardPlace(
        path,
        folder.name or path,
        has_dcim=dcim_of(Path(path)) is not None,
        instance=instance_of(device) if device else "",
        serial=serial_of(device) if device else "",
    )


def is_there(place: CardPlace, sysfs: Path = Path("/sys")) -> bool:
    """Return whether a card is mounted or a folder exists, on the device that it was found on."""
    if place.is_card:
        return is_mounted(place) and has_device(place, sysfs)
    return Path(place.path).is_dir() and has_device(place, sysfs)


def is_mounted(place: CardPlace) -> bool:
    """Return whether the system lists a card as mounted, be it pulled out or not."""
    return any((one.device, one.path) == (place.device, place.path) for one in _mounts())


def has_device(place: CardPlace, sysfs: Path = Path("/sys")) -> bool:
    """Return whether the device below a place is the one that it was found on, with its medium."""
    device = place.device or _device_below(place.path)
    return (instance_of(device, sysfs) if device else "") == place.instance


def dcim_of(root: Path) -> Path | None:
    """Return the DCIM folder in `root`, in upper or lower case, or None; a link does not count."""
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


def _device_below(path: str) -> str:
    """Return the device of the mounted disk that holds a folder, or "" if none is known."""
    folder = PurePath(path)
    above = [one for one in _mounts() if folder.is_relative_to(one.path)]
    return max(above, key=lambda one: len(one.path)).device if above else ""


def _place(mount: _Mount, sysfs: Path) -> CardPlace:
    root = Path(mount.path)
    label = _volume_label(mount.path) or root.name
    return CardPlace(
        mount.path,
        "".join(sign for sign in label if sign.isprintable()) or mount.device,
        mount.device,
        is_read_only=mount.is_read_only,
        has_dcim=dcim_of(root) is not None,
        instance=instance_of(mount.device, sysfs),
        serial=serial_of(mount.device),
    )


if sys.platform == "win32":
    import ctypes

    def _is_removable(mount: _Mount, _sysfs: Path) -> bool:
        kind = ctypes.windll.kernel32.GetDriveTypeW(ctypes.c_wchar_p(mount.path))
        return bool(kind == _DRIVE_REMOVABLE) and bool(mount.file_system)

    def _volume_label(mountpoint: str) -> str:
        """Return a volume's name such as "EOS_DIGITAL (E:)", or just the letter if it has none."""
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
        """Yield the block device in sysfs and, if it is a partition, the disk it is part of."""
        name = real_path(device).name
        block = sysfs / "class" / "block" / name
        if not name or not block.exists():
            return
        real = real_path(block)
        yield real
        if (real / "partition").exists():
            yield real.parent

    def _says_removable(disk: Path) -> bool:
        """Return whether the disk is removable: by its flag, as an SD card, or on USB.

        An SD card in a built-in slot does not have the kernel's removable flag.
        """
        try:
            if (disk / "removable").read_text().strip() == "1":
                return True
            if (disk / "device" / "type").read_text().strip() == "SD":
                return True
        except OSError:
            pass
        return "/usb" in disk.as_posix()
