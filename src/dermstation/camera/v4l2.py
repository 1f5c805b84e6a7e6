"""Ask Linux about a video device: its name, the modes it offers and its controls.

Queries the driver with the ioctls of linux/videodev2.h, which do not disturb a stream that another
program or our own camera process is reading. `VideoNode.is_in_use` is not for a device that our own
camera process has open. Opens the device for a moment and never streams from it. Its functions are
called only on Linux.
"""

import contextlib
import errno
import os
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from dermstation.camera.controls import Control, ControlState

if sys.platform != "win32":
    import fcntl

_READ, _WRITE = 2, 1


def _request(direction: int, number: int, size: int) -> int:
    """Return the number of an ioctl of type 'V' (asm-generic/ioctl.h)."""
    return direction << 30 | size << 16 | ord("V") << 8 | number


_CAPABILITY = struct.Struct("=16s32s32sIII3I")
_FORMAT = struct.Struct("=III32sII3I")
_FRAME_SIZE = struct.Struct("=III6I2I")
_FRAME_INTERVAL = struct.Struct("=IIIII6I2I")
_CONTROL = struct.Struct("=Ii")
_QUERY_CONTROL = struct.Struct("=II32siiiiI2I")
_BUFFERS = struct.Struct("=IIIII")
# a union follows the type; it holds pointers, so it begins where one may, and is 200 bytes long
_STREAM_FORMAT_BYTES = struct.calcsize("@I0P") + 200
_PIXEL_FORMAT = struct.Struct("@I0P8xI")  # of the union: width, height, pixel format

QUERYCAP = _request(_READ, 0, _CAPABILITY.size)
ENUM_FMT = _request(_READ | _WRITE, 2, _FORMAT.size)
G_FMT = _request(_READ | _WRITE, 4, _STREAM_FORMAT_BYTES)
S_FMT = _request(_READ | _WRITE, 5, _STREAM_FORMAT_BYTES)
REQBUFS = _request(_READ | _WRITE, 8, _BUFFERS.size)
G_CTRL = _request(_READ | _WRITE, 27, _CONTROL.size)
S_CTRL = _request(_READ | _WRITE, 28, _CONTROL.size)
QUERYCTRL = _request(_READ | _WRITE, 36, _QUERY_CONTROL.size)
ENUM_FRAMESIZES = _request(_READ | _WRITE, 74, _FRAME_SIZE.size)
ENUM_FRAMEINTERVALS = _request(_READ | _WRITE, 75, _FRAME_INTERVAL.size)

_CAPTURE = 1  # V4L2_BUF_TYPE_VIDEO_CAPTURE; the capability bit has the same value
_MAPPED = 1  # V4L2_MEMORY_MMAP
_DISCRETE = 1
_DISABLED = 0x0001
_NO_ANSWER = frozenset({errno.EINVAL, errno.ENOTTY, errno.EBUSY, errno.EACCES, errno.ERANGE})
_MOST_ENTRIES = 256  # in case a driver's list never ends

_USER, _CAMERA = 0x00980900, 0x009A0900
EXPOSURE_AUTO, _EXPOSURE_MANUAL, _EXPOSURE_PRIORITY = _CAMERA + 1, 1, 3
WHITE_BALANCE_AUTO = _USER + 12
FOCUS_AUTO = _CAMERA + 12
_VALUES = {
    Control.EXPOSURE: _CAMERA + 2,
    Control.WHITE_BALANCE: _USER + 26,
    Control.FOCUS: _CAMERA + 10,
    Control.POWER_LINE: _USER + 24,
}
# the control that switches between automatic and manual, and its values for manual and automatic
_AUTOMATIC = {
    Control.EXPOSURE: (EXPOSURE_AUTO, _EXPOSURE_MANUAL, _EXPOSURE_PRIORITY),
    Control.WHITE_BALANCE: (WHITE_BALANCE_AUTO, 0, 1),
    Control.FOCUS: (FOCUS_AUTO, 0, 1),
}


@dataclass(frozen=True, slots=True)
class OfferedMode:
    """A mode of a camera: pixel format (four letters), size in px, highest frames per second."""

    pixel_format: str
    width: int
    height: int
    fps: float


class VideoNode:
    """An open /dev/videoN, as a context manager. Raises OSError if it cannot be opened."""

    def __init__(self, path: Path) -> None:
        flags = os.O_RDWR
        if sys.platform != "win32":
            flags |= os.O_NONBLOCK
        self._descriptor = os.open(path, flags)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def name(self) -> str | None:
        """Return the device's name, or None if it delivers no pictures (a UVC metadata node)."""
        answer = self._ask(QUERYCAP, bytearray(_CAPABILITY.size))
        if answer is None:
            return None
        _, card, _, _, capabilities, own, *_ = _CAPABILITY.unpack(answer)
        if not (own or capabilities) & _CAPTURE:
            return None
        return _once(_text(card))

    def granted(self) -> str:
        """Return the four letters of the pixel format that is set now, or "" if there is none."""
        answer = self._ask(G_FMT, _stream_format())
        return "" if answer is None else _letters(_PIXEL_FORMAT.unpack_from(answer)[1])

    def is_in_use(self) -> bool:
        """Return whether another program streams from the device, of whatever account.

        Sets the format that is set already, and asks for a buffer, which is given back: a driver
        answers EBUSY to one or the other if somebody else has buffers.
        """
        record = _stream_format()
        if self._ask(G_FMT, record) is None:
            return False
        if self._is_busy(S_FMT, record):
            return True
        if self._is_busy(REQBUFS, bytearray(_BUFFERS.pack(1, _CAPTURE, _MAPPED, 0, 0))):
            return True
        self._ask(REQBUFS, bytearray(_BUFFERS.pack(0, _CAPTURE, _MAPPED, 0, 0)))
        return False

    def modes(self) -> tuple[OfferedMode, ...]:
        """Return the modes: the largest of a range of sizes, the highest of a range of rates."""
        return tuple(
            OfferedMode(_letters(pixel_format), *size, self._rate(pixel_format, size))
            for pixel_format in self._formats()
            for size in self._sizes(pixel_format)
        )

    def controls(self) -> tuple[ControlState, ...]:
        """Return the controls the driver has."""
        return tuple(state for control in Control if (state := self._control(control)) is not None)

    def adjust(self, control: Control, value: float | None) -> bool:
        """Set a control, None for automatic; return whether the driver accepted it."""
        automatic = _AUTOMATIC.get(control)
        if automatic is not None:
            switch, manual, auto = automatic
            taken = self._set(switch, auto if value is None else manual)
            if value is None:
                return taken
        return value is not None and self._set(_VALUES[control], round(value))

    def _formats(self) -> Iterator[int]:
        for index in range(_MOST_ENTRIES):
            asked = bytearray(_FORMAT.pack(index, _CAPTURE, 0, b"", 0, 0, 0, 0, 0))
            answer = self._ask(ENUM_FMT, asked)
            if answer is None:
                return
            yield _FORMAT.unpack(answer)[4]

    def _sizes(self, pixel_format: int) -> Iterator[tuple[int, int]]:
        for index in range(_MOST_ENTRIES):
            asked = bytearray(_FRAME_SIZE.pack(index, pixel_format, *(0,) * 9))
            answer = self._ask(ENUM_FRAMESIZES, asked)
            if answer is None:
                return
            _, _, kind, *numbers = _FRAME_SIZE.unpack(answer)
            if kind == _DISCRETE:
                yield numbers[0], numbers[1]
            else:  # minimum, maximum and step of the width, then of the height
                yield numbers[1], numbers[4]
                return

    def _rate(self, pixel_format: int, size: tuple[int, int]) -> float:
        highest = 0.0
        for index in range(_MOST_ENTRIES):
            asked = bytearray(_FRAME_INTERVAL.pack(index, pixel_format, *size, *(0,) * 9))
            answer = self._ask(ENUM_FRAMEINTERVALS, asked)
            if answer is None:
                break
            # an interval as a fraction of seconds; a range starts with its shortest interval
            _, _, _, _, kind, numerator, denominator, *_ = _FRAME_INTERVAL.unpack(answer)
            if numerator:
                highest = max(highest, denominator / numerator)
            if kind != _DISCRETE:
                break
        return round(highest, 2)

    def _control(self, control: Control) -> ControlState | None:
        number = _VALUES[control]
        asked = bytearray(_QUERY_CONTROL.pack(number, 0, b"", *(0,) * 7))
        answer = self._ask(QUERYCTRL, asked)
        value = self._get(number)
        if answer is None or value is None:
            return None
        _, _, _, least, most, step, _, flags, *_ = _QUERY_CONTROL.unpack(answer)
        if flags & _DISABLED:
            return None
        is_auto = None
        if control in _AUTOMATIC:
            switch, manual, _ = _AUTOMATIC[control]
            chosen = self._get(switch)
            is_auto = None if chosen is None else chosen != manual
        return ControlState(control, value, least, most, step or 1, is_auto)

    def _get(self, number: int) -> int | None:
        answer = self._ask(G_CTRL, bytearray(_CONTROL.pack(number, 0)))
        return None if answer is None else int(_CONTROL.unpack(answer)[1])

    def _set(self, number: int, value: int) -> bool:
        return self._ask(S_CTRL, bytearray(_CONTROL.pack(number, value))) is not None

    def _is_busy(self, request: int, record: bytearray) -> bool:
        if sys.platform != "win32":
            try:
                fcntl.ioctl(self._descriptor, request, record)
            except OSError as error:
                return error.errno == errno.EBUSY
        return False

    def _ask(self, request: int, record: bytearray) -> bytearray | None:
        """Return the record as filled by the driver, or None if it refuses (EINVAL ends a list)."""
        if sys.platform != "win32":
            try:
                fcntl.ioctl(self._descriptor, request, record)
            except OSError as error:
                if error.errno in _NO_ANSWER:
                    return None
                raise
        return record


def describe(path: Path) -> tuple[str, tuple[OfferedMode, ...]] | None:
    """Return a video node's name and modes, or None if it is no camera or cannot be queried."""
    with contextlib.suppress(OSError), VideoNode(path) as node:
        name = node.name()
        if name is not None:
            return name, node.modes()
    return None


def _stream_format() -> bytearray:
    return bytearray(_CAPTURE.to_bytes(4, sys.byteorder).ljust(_STREAM_FORMAT_BYTES, b"\0"))


def _once(card: str) -> str:
    """Return a name that the driver made of the product and its video function once, not twice.

    `uvcvideo` writes "Scope: Scope", cut to 31 characters; a function of its own name stays.
    """
    product, colon, function = card.partition(": ")
    return product if colon and product.startswith(function) else card.removesuffix(":")


def _letters(pixel_format: int) -> str:
    return _text(pixel_format.to_bytes(4, "little"))


def _text(raw: bytes) -> str:
    text = raw.split(b"\0")[0].decode("utf-8", "replace")
    return "".join(sign for sign in text if sign.isprintable()).strip()
