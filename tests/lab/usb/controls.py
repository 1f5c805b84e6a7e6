"""The controls of the lab's camera: their ranges, and what the driver has set them to."""

from dataclasses import dataclass

from tests.lab.usb.descriptors import CAMERA_TERMINAL, PROCESSING_UNIT

SET_CUR, GET_CUR, GET_MIN, GET_MAX, GET_RES = 0x01, 0x81, 0x82, 0x83, 0x84
GET_LEN, GET_INFO, GET_DEF = 0x85, 0x86, 0x87
_CAN_BE_READ_AND_SET = 3
_BY_REQUEST = {GET_MIN: "least", GET_MAX: "most", GET_RES: "step", GET_DEF: "default"}


@dataclass(frozen=True)
class _Control:
    name: str
    size: int  # in bytes
    least: int
    most: int
    step: int
    default: int
    is_signed: bool = False

    def encoded(self, value: int) -> bytes:
        return value.to_bytes(self.size, "little", signed=self.is_signed)


# by part of the camera and selector: USB Video Class 1.1, tables
_CONTROLS = {
    (CAMERA_TERMINAL, 2): _Control("exposure mode", 1, 1, 15, 9, 8),  # step: the modes there are
    (CAMERA_TERMINAL, 4): _Control("exposure", 4, 1, 5000, 1, 157),
    (CAMERA_TERMINAL, 6): _Control("focus", 2, 0, 250, 5, 100),
    (CAMERA_TERMINAL, 8): _Control("focus mode", 1, 0, 1, 1, 1),
    (PROCESSING_UNIT, 2): _Control("brightness", 2, -64, 64, 1, 0, is_signed=True),
    (PROCESSING_UNIT, 3): _Control("contrast", 2, 0, 95, 1, 32),
    (PROCESSING_UNIT, 5): _Control("mains", 1, 0, 2, 1, 1),
    (PROCESSING_UNIT, 10): _Control("white balance", 2, 2800, 6500, 1, 4600),
    (PROCESSING_UNIT, 11): _Control("white balance mode", 1, 0, 1, 1, 1),
}


class Controls:
    """The values of a camera that was just plugged in, and what became of them."""

    def __init__(self) -> None:
        self._values = {key: one.default for key, one in _CONTROLS.items()}

    def values(self) -> dict[str, int]:
        """Return every value by the control's name."""
        return {_CONTROLS[key].name: value for key, value in self._values.items()}

    def answer(self, part: int, selector: int, request: int, sent: bytes) -> bytes | None:
        """Return the answer to a request, or None if there is no such control."""
        if part == 0:  # of the interface itself: its last error, which is none
            return b"\0"
        control = _CONTROLS.get((part, selector))
        if control is None:
            return None
        if request == SET_CUR:
            value = int.from_bytes(sent, "little", signed=control.is_signed)
            self._values[part, selector] = value
            return b""
        if request == GET_CUR:
            return control.encoded(self._values[part, selector])
        if request in _BY_REQUEST:
            return control.encoded(getattr(control, _BY_REQUEST[request]))
        return {
            GET_LEN: control.size.to_bytes(2, "little"),
            GET_INFO: bytes((_CAN_BE_READ_AND_SET,)),
        }.get(request)
