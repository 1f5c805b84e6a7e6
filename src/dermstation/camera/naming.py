"""Tell which lasting name stands for one attached video device and no other. Linux only.

udev makes a link for each name, and gives it to the device that came last. Two devices claim the
same "by-id" name if they are of one model and have the same serial number or none, or are two parts
of one camera (colour and infra-red): after a restart the link may point to the other one. Such
devices are known by the socket they are plugged into ("by-path"). So is a camera without a serial
number while it is alone, because its "by-id" name is only the name of its model.

Reads /dev and /sys, and opens nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dermstation.camera.spec import BY_ID, BY_PATH
from dermstation.plain_files import real_path

_USB_BUS = re.compile(r"usb\d+")
_BUS_NUMBER = re.compile(r"^\d+-")
_WITH_REVISION = "-usbv"  # names of newer versions of udev, which tell USB 2 and 3 apart


class SocketCause(StrEnum):
    """Why a camera is known by its socket, rather than by its maker, model and serial number."""

    ALIKE = "alike"  # another one with the same name is attached
    NO_SERIAL = "no_serial"


@dataclass(frozen=True, slots=True)
class LastingName:
    """The name of a device; `identity` is empty if it has none that stands for it alone."""

    identity: str = ""
    by_socket: SocketCause | None = None


@dataclass(frozen=True, slots=True)
class _Claim:
    """What udev makes the names of a device from; None if /sys does not say."""

    by_id: tuple[str, ...] | None = None
    by_path: tuple[str, ...] | None = None
    has_serial: bool = True


class VideoNames:
    """The names of the video devices attached now, `cards` by number with their drivers' names."""

    def __init__(self, devices: Path, system: Path, cards: Mapping[int, str]) -> None:
        self._devices = devices
        self._cards = cards
        self._claims = {number: _claim(system / f"video{number}") for number in cards}
        self._links = {folder: self._linked(folder) for folder in (BY_ID, BY_PATH)}

    def of(self, number: int) -> LastingName:
        """Return the lasting name of device `number`."""
        by_id = self._links[BY_ID].get(number, "")
        by_path = self._links[BY_PATH].get(number, "")
        by_socket = None
        if self.is_shared(by_id, number) or self._lost_its_name(number):
            by_socket = SocketCause.ALIKE
        elif by_id and not self._claims[number].has_serial:
            by_socket = SocketCause.NO_SERIAL
        if by_id and by_socket is None:
            return LastingName(by_id)
        return LastingName("" if self.is_shared(by_path, number) else by_path, by_socket)

    def is_shared(self, identity: str, number: int) -> bool:
        """Return whether a device other than `number` has the same right to its name."""
        if not identity or _WITH_REVISION in identity:
            return False
        others = [self._claims[one] for one in self._cards if one != number]
        mine = self._claims.get(number, _Claim())
        if identity.startswith(BY_PATH):
            return mine.by_path is not None and mine.by_path in [one.by_path for one in others]
        if mine.by_id is not None:
            return mine.by_id in [one.by_id for one in others]
        return any(self._lost_its_name(one, to=number) for one in self._cards if one != number)

    def _lost_its_name(self, number: int, to: int | None = None) -> bool:
        """Return whether a device like this one has got the "by-id" name that this one lacks."""
        named = self._links[BY_ID]
        if number in named or number not in self._links[BY_PATH]:
            return False
        owners = named if to is None else {to}
        return any(self._is_alike(number, owner) for owner in owners)

    def _is_alike(self, one: int, other: int) -> bool:
        mine, theirs = (self._claims.get(number, _Claim()).by_id for number in (one, other))
        if mine is not None and theirs is not None:
            return mine == theirs
        return self._cards.get(one) == self._cards.get(other)

    def _linked(self, folder: str) -> dict[int, str]:
        links = sorted((self._devices / "v4l" / folder).glob("*"))
        return {number_of(link): folder + link.name for link in links}  # the most exact comes last


def number_of(node: Path) -> int:
    """Return N for /dev/videoN or a link to it, and -1 for anything else."""
    digits = real_path(node).name.removeprefix("video") if node.exists() else ""
    return int(digits) if digits.isascii() and digits.isdigit() else -1


def _claim(video: Path) -> _Claim:
    interface = real_path(video / "device")
    usb = interface.parent
    if not (usb / "idVendor").exists():
        return _Claim()
    index, serial = _text(video / "index"), _text(usb / "serial")
    if any(not " " <= sign <= "\x7f" or sign == "," for sign in serial):
        serial = ""  # udev leaves such a number out
    maker = _text(usb / "manufacturer") or _text(usb / "idVendor")
    model = _text(usb / "product") or _text(usb / "idProduct")
    return _Claim((maker, model, serial, index), _socket(interface, index), bool(serial))


def _socket(interface: Path, index: str) -> tuple[str, ...] | None:
    """Return the controller, socket and part of a device, which are its name without the bus."""
    parts = interface.parts
    bus = next((place for place, part in enumerate(parts) if _USB_BUS.fullmatch(part)), None)
    if bus is None:
        return None
    return (*parts[:bus], _BUS_NUMBER.sub("", parts[-1]), index)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
