"""How the driver and the lab's camera agree on a format, a size and a rate (probe and commit)."""

import struct
from dataclasses import dataclass

from tests.lab.usb.controls import GET_INFO, GET_LEN, SET_CUR
from tests.lab.usb.descriptors import FORMATS, PAYLOAD_BYTES, Mode

_LAYOUT = struct.Struct("<HBBIHHHHHIIIBBBB")  # USB Video Class 1.1, table 4-75
_COMMIT = 2
_CLOCK_HZ = 48_000_000
_UNITS_A_SECOND = 10_000_000


@dataclass(frozen=True)
class Chosen:
    """What is streamed."""

    number: tuple[int, int]  # of the format and of its mode, from 1
    interval: int

    @property
    def mode(self) -> Mode:
        """Return the size and its rates."""
        return FORMATS[self.number[0] - 1].modes[self.number[1] - 1]

    @property
    def is_jpeg(self) -> bool:
        """Return whether pictures are Motion JPEG."""
        return FORMATS[self.number[0] - 1].is_jpeg

    @property
    def period_s(self) -> float:
        """Return the time from one picture to the next."""
        return self.interval / _UNITS_A_SECOND


class Probe:
    """The present proposal."""

    def __init__(self) -> None:
        self.chosen = Chosen((1, 1), FORMATS[0].modes[0].intervals()[0])

    @staticmethod
    def is_commit(request: int, selector: int) -> bool:
        """Return whether a request starts the stream."""
        return (request, selector) == (SET_CUR, _COMMIT)

    def answer(self, request: int, sent: bytes) -> bytes:
        """Take a proposal, corrected to what there is, or return the present one."""
        if request == SET_CUR:
            self.chosen = _nearest(sent.ljust(_LAYOUT.size, b"\0"))
            return b""
        if request == GET_LEN:
            return _LAYOUT.size.to_bytes(2, "little")
        return b"\3" if request == GET_INFO else self._encoded()

    def _encoded(self) -> bytes:
        chosen = self.chosen
        sizes = (chosen.mode.most_bytes, PAYLOAD_BYTES, _CLOCK_HZ)
        head = (1, *chosen.number, chosen.interval)
        return _LAYOUT.pack(*head, 0, 0, 0, 0, 0, *sizes, 3, 0, 0, 0)


def _nearest(sent: bytes) -> Chosen:
    wanted = _LAYOUT.unpack_from(sent)
    kind = wanted[1] if 1 <= wanted[1] <= len(FORMATS) else 1
    modes = FORMATS[kind - 1].modes
    number = wanted[2] if 1 <= wanted[2] <= len(modes) else 1
    intervals = modes[number - 1].intervals()
    return Chosen((kind, number), min(intervals, key=lambda one: abs(one - wanted[3])))
