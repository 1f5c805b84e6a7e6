"""What the lab's camera says of itself when it is plugged in (USB 2.0, USB Video Class 1.1).

A high-speed camera with Motion JPEG and uncompressed pictures on a bulk endpoint, a few controls,
and a button that is reported as a still trigger.
"""

import struct
from dataclasses import dataclass

VIDEO_CLASS = 0x0E
CAMERA_TERMINAL, PROCESSING_UNIT, OUTPUT_TERMINAL = 1, 2, 3  # ids of the parts of the camera
STATUS_ENDPOINT, STREAM_ENDPOINT = 0x83, 0x81
CONTROL_INTERFACE, STREAM_INTERFACE = 0, 1
PAYLOAD_BYTES = 16384
MAKER, MODEL = "Lab", "Lab Dermatoscope"
VENDOR, PRODUCT = 0x1209, 0x0001  # for tests, of pid.codes
_INTERFACE, _ENDPOINT, _ASSOCIATION = 4, 5, 11
_CLASS_INTERFACE, _CLASS_ENDPOINT = 0x24, 0x25
_CLOCK_HZ = 48_000_000
_UNITS_A_SECOND = 10_000_000  # intervals are counted in 100 ns
_YUY2 = b"YUY2" + bytes.fromhex("00001000800000aa00389b71")


@dataclass(frozen=True)
class Mode:
    """A size of a format and its rates, the fastest first."""

    width: int
    height: int
    rates: tuple[int, ...]

    @property
    def most_bytes(self) -> int:
        """Return the size of an uncompressed picture, which no picture exceeds."""
        return self.width * self.height * 2

    def intervals(self) -> list[int]:
        """Return the time between two pictures for each rate."""
        return [_UNITS_A_SECOND // rate for rate in self.rates]


@dataclass(frozen=True)
class Format:
    """A way of encoding pictures, with its sizes."""

    is_jpeg: bool
    modes: tuple[Mode, ...]


FORMATS = (
    Format(True, (Mode(1600, 1200, (30, 15)), Mode(1280, 960, (30,)), Mode(640, 480, (30, 15)))),
    Format(False, (Mode(640, 480, (30,)), Mode(1600, 1200, (5,)))),
)
# which controls there are, as bits: USB Video Class 1.1, 3.7.2.3 and 3.7.2.5
_CAMERA_CONTROLS = (1 << 1) | (1 << 3) | (1 << 5) | (1 << 17)  # exposure, focus, each with a mode
_PICTURE_CONTROLS = 1 | (1 << 1) | (1 << 6) | (1 << 10) | (1 << 12)  # light, white, mains


def device() -> bytes:
    """Return the device descriptor."""
    return struct.pack(
        "<BBHBBBBHHHBBBB", 18, 1, 0x0200, 0xEF, 2, 1, 64, VENDOR, PRODUCT, 0x0100, 1, 2, 3, 1
    )


def configuration() -> bytes:
    """Return the only configuration with everything in it."""
    body = _part(_ASSOCIATION, "BBBBBB", 0, 2, VIDEO_CLASS, 3, 0, 2) + _control() + _stream()
    return struct.pack("<BBHBBBBB", 9, 2, 9 + len(body), 2, 1, 0, 0x80, 250) + body


def text(number: int, serial: str) -> bytes:
    """Return a string descriptor; 0 lists the languages."""
    if number == 0:
        return struct.pack("<BBH", 4, 3, 0x0409)
    words = {1: MAKER, 2: MODEL, 3: serial}.get(number, "").encode("utf-16-le")
    return struct.pack("<BB", len(words) + 2, 3) + words


def _part(kind: int, layout: str, *values: int | bytes) -> bytes:
    """Return a descriptor with its length before it."""
    content = struct.pack(f"<{layout}", *values)
    return struct.pack("<BB", len(content) + 2, kind) + content


def _control() -> bytes:
    units = (
        _part(
            _CLASS_INTERFACE,
            "BBHBBHHHB3s",
            *(2, CAMERA_TERMINAL, 0x0201, 0, 0, 0, 0, 0, 3),
            _CAMERA_CONTROLS.to_bytes(3, "little"),
        )
        + _part(
            _CLASS_INTERFACE,
            "BBBHBHBB",
            *(5, PROCESSING_UNIT, CAMERA_TERMINAL, 0, 2, _PICTURE_CONTROLS, 0, 0),
        )
        + _part(_CLASS_INTERFACE, "BBHBBB", 3, OUTPUT_TERMINAL, 0x0101, 0, PROCESSING_UNIT, 0)
    )
    head = _part(
        _CLASS_INTERFACE, "BHHIBB", 1, 0x0110, 13 + len(units), _CLOCK_HZ, 1, STREAM_INTERFACE
    )
    return (
        _part(_INTERFACE, "BBBBBBB", CONTROL_INTERFACE, 0, 1, VIDEO_CLASS, 1, 0, 2)
        + head
        + units
        + _part(_ENDPOINT, "BBHB", STATUS_ENDPOINT, 3, 16, 8)
        + _part(_CLASS_ENDPOINT, "BH", 3, 16)
    )


def _stream() -> bytes:
    formats = b"".join(_format(number, one) for number, one in enumerate(FORMATS, start=1))
    count = len(FORMATS)
    head = _part(
        _CLASS_INTERFACE,
        f"BBHBBBBBBB{count}s",
        *(1, count, 13 + count + len(formats), STREAM_ENDPOINT, 0, OUTPUT_TERMINAL),
        *(0, 1, 0, 1),  # no still pictures, but a trigger for them: the button
        bytes(count),
    )
    return (
        _part(_INTERFACE, "BBBBBBB", STREAM_INTERFACE, 0, 1, VIDEO_CLASS, 2, 0, 0)
        + head
        + formats
        + _part(_ENDPOINT, "BBHB", STREAM_ENDPOINT, 2, 512, 0)
    )


def _format(number: int, one: Format) -> bytes:
    count = len(one.modes)
    if one.is_jpeg:
        head = _part(_CLASS_INTERFACE, "BBBBBBBBB", 6, number, count, 1, 1, 0, 0, 0, 0)
    else:
        head = _part(_CLASS_INTERFACE, "BBB16sBBBBBB", 4, number, count, _YUY2, 16, 1, 0, 0, 0, 0)
    kind = 7 if one.is_jpeg else 5
    modes = b"".join(_mode(kind, place, mode) for place, mode in enumerate(one.modes, start=1))
    return head + modes + _part(_CLASS_INTERFACE, "BBBB", 0x0D, 1, 1, 4)


def _mode(kind: int, number: int, mode: Mode) -> bytes:
    intervals = mode.intervals()
    rates = [min(mode.most_bytes * 8 * rate, 2**32 - 1) for rate in mode.rates]
    return _part(
        _CLASS_INTERFACE,
        f"BBBHHIIIIB{len(intervals)}I",
        *(kind, number, 0, mode.width, mode.height, rates[-1], rates[0], mode.most_bytes),
        *(intervals[0], len(intervals), *intervals),
    )
