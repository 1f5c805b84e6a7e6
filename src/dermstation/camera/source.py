"""The interface of a frame source; nothing here opens a device. Lives in the camera process.

A source raises a StationError of the camera from `open` and `read`: CAMERA_ABSENT, CAMERA_BUSY,
CAMERA_STALLED, CAMERA_FAILED ... Any other error from a driver counts as failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from dermstation.camera.controls import Control, ControlState
from dermstation.camera.frames import Encoding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dermstation.camera.packets import JpegOutline

JPEG_CODINGS = frozenset({"MJPG", "JPEG"})


@dataclass(frozen=True, slots=True)
class Mode:
    """The mode that a source announces. `fps` is its nominal rate, 0 if it names none.

    `coding` is the pixel format that the driver grants, in four letters, empty if it names none.
    `keeps_packets` says whether pictures come as the camera's own bytes, and `adds_tables` whether
    the standard Huffman tables, which the camera leaves out, are added to them. `backend` is what
    opened the camera, empty for other sources than an attached one.
    """

    width: int
    height: int
    fps: float
    coding: str = ""
    keeps_packets: bool = False
    adds_tables: bool = False
    backend: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class RawFrame:
    """One picture as the driver returned it; shapes and clock as in `Frame`.

    The source may reuse the payload's memory at its next `read`. `has_end` and `has_tables` are
    False for a packet that came without an end mark or without Huffman tables. `outline` is that of
    the payload, if the source knows it.
    """

    captured_at_ns: int
    encoding: Encoding
    width: int
    height: int
    payload: "NDArray[np.uint8]"
    has_end: bool = True
    has_tables: bool = True
    outline: "JpegOutline | None" = None


class FrameSource(Protocol):
    """Something that delivers frames.

    `label` is shown on screen, so it never holds a credential, and it holds only the last part of
    a file's path. `is_recording` is True if pictures come from files: they may repeat byte for
    byte and differ in size, which would be a fault in a live camera.
    """

    @property
    def label(self) -> str:
        """Return the name to show on screen."""

    @property
    def is_recording(self) -> bool:
        """Return whether pictures may legitimately repeat and differ in size."""

    def open(self) -> Mode:
        """Start the source. Raises StationError if it gives no picture."""

    def read(self) -> RawFrame | None:
        """Wait at most about 0.8 s for the next picture; return None if none came."""

    def close(self) -> None:
        """Release the device; may be called at any time, and more than once."""


@runtime_checkable
class Turnable(FrameSource, Protocol):
    """A source with knobs, such as the simulated dermatoscope."""

    def set_knobs(self, turns: Mapping[str, object]) -> None:
        """Set knobs by name. Raises StationError SETTING_INVALID."""


@runtime_checkable
class Adjustable(FrameSource, Protocol):
    """A source whose driver has controls; they can be changed only while it is open."""

    def controls(self) -> tuple[ControlState, ...]:
        """Return the controls the driver has."""

    def adjust(self, control: Control, value: float | None) -> None:
        """Set a control; None lets the camera choose. A refused control stays as it was."""
