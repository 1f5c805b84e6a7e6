"""Listen for the button on the camera itself, which Linux reports as an input event.

Many dermatoscopes send their button as a UVC event. The kernel's driver turns it into KEY_CAMERA
from an input device that belongs to the camera. An ordinary account may read it only with the udev
rule in packaging/linux. The desktop may also send that key to the window; this listener catches it
when the window does not. Runs in a thread of the station's process; no Qt. Finds nothing on systems
other than Linux.

Layout of an event: struct input_event of linux/input.h.
"""

import logging
import os
import re
import select
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from dermstation.plain_files import real_path

log = logging.getLogger(__name__)

KEY_CAMERA = 0xD4
_EV_KEY = 0x01
_PRESSED = 1  # 0 means released, 2 means held down
EVENT = struct.Struct("@llHHi")  # seconds, microseconds, type, code, value
_VIDEO = Path("/sys/class/video4linux")
_INPUTS = Path("/dev/input")
_MOST_BYTES = 64 * EVENT.size


def find_button(index: int, video: Path = _VIDEO, inputs: Path = _INPUTS) -> Path | None:
    """Return the input device of camera /dev/videoN, or None if it has none or cannot be read."""
    for node in _buttons(index, video, inputs):
        if os.access(node, os.R_OK):
            return node
        log.info("the camera has a button, but this account may not read it: %s", node.name)
    return None


def has_closed_button(video: Path = _VIDEO, inputs: Path = _INPUTS) -> bool:
    """Return whether a camera has a button that this account may not read."""
    numbers = (node.name.removeprefix("video") for node in video.glob("video*"))
    return any(
        not os.access(node, os.R_OK)
        for number in numbers
        if number.isdigit()
        for node in _buttons(int(number), video, inputs)
    )


def _buttons(index: int, video: Path, inputs: Path) -> list[Path]:
    """Return the input devices of a camera that send its key.

    The camera's interface and its input device are below the same USB device in /sys.
    """
    interface = video / f"video{index}" / "device"
    if sys.platform != "linux" or not interface.exists():
        return []
    usb_device = real_path(interface).parent
    places = ("*/input/input*/event*", "*/*/input/input*/event*")  # UVC, HID
    events = sorted(found for place in places for found in usb_device.glob(place))
    return [
        inputs / event.name
        for event in events
        if re.fullmatch(r"event\d+", event.name) and _sends_camera_key(event)
    ]


def _sends_camera_key(event: Path) -> bool:
    """Return whether KEY_CAMERA is among the keys the device reports, in words of one C long."""
    try:
        words = (event / "device" / "capabilities" / "key").read_text(encoding="ascii").split()
    except OSError:
        return False
    bits = struct.calcsize("@l") * 8
    place, bit = divmod(KEY_CAMERA, bits)
    return len(words) > place and bool(int(words[-1 - place], 16) >> bit & 1)


class ButtonListener(threading.Thread):
    """Calls `on_press` on this thread at each press; ends when the device is unplugged."""

    def __init__(self, node: Path, on_press: Callable[[], object]) -> None:
        super().__init__(name="camera button", daemon=True)
        self._node = node
        self._on_press = on_press
        self._wake, self._waker = os.pipe()

    def run(self) -> None:
        """Read until `finish` is called or the device is gone."""
        try:
            device = os.open(self._node, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        except OSError:
            log.info("the camera's button cannot be read")
            return
        try:
            self._listen(device)
        except OSError:
            log.info("the camera's button is gone")
        finally:
            os.close(device)

    def finish(self) -> None:
        """End the thread and wait for it."""
        os.write(self._waker, b".")
        if self.is_alive():
            self.join()
        os.close(self._wake)
        os.close(self._waker)

    def _listen(self, device: int) -> None:
        left = b""
        while True:
            ready, _, _ = select.select([device, self._wake], [], [])
            if self._wake in ready:
                return
            read = os.read(device, _MOST_BYTES)
            if not read:
                return
            left += read
            while len(left) >= EVENT.size:
                event, left = left[: EVENT.size], left[EVENT.size :]
                _, _, kind, code, value = EVENT.unpack(event)
                if (kind, code, value) == (_EV_KEY, KEY_CAMERA, _PRESSED):
                    self._on_press()
