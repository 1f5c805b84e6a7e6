"""The contract of a frame source; nothing here opens anything. Lives in the camera process.

A source raises StationError CAMERA_ABSENT, CAMERA_BUSY or CAMERA_FAILED from `open` and `read`;
nothing else is expected of a driver, and anything else counts as failed.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from dermstation.camera.controls import Control, ControlState
from dermstation.camera.frames import Encoding


@dataclass(frozen=True, slots=True)
class Mode:
    """What a source says it will deliver. `fps` is its nominal rate, 0 where it names none."""

    width: int
    height: int
    fps: float


@dataclass(frozen=True, slots=True, eq=False)
class RawFrame:
    """One picture as the driver gave it; shapes and clock as in `Frame`.

    The payload may be reused by the source at its next `read`.
    """

    captured_at_ns: int
    encoding: Encoding
    width: int
    height: int
    payload: NDArray[np.uint8]


class FrameSource(Protocol):
    """Something that gives frames.

    `label` is shown to people and logged: it never holds a credential, and of a file's path only
    the last name. `is_recording` says that pictures come from files: they may repeat byte for byte
    and differ in size, which in a live camera is a fault.
    """

    @property
    def label(self) -> str:
        """Return the name to show."""

    @property
    def is_recording(self) -> bool:
        """Say whether pictures may rightly repeat and differ in size."""

    def open(self) -> Mode:
        """Start the source. Raises StationError CAMERA_ABSENT, _BUSY or _FAILED."""

    def read(self) -> RawFrame | None:
        """Wait at most about 0.8 s for the next picture; None when none came."""

    def close(self) -> None:
        """Let go of the device; may be called at any time, also twice."""


@runtime_checkable
class Adjustable(FrameSource, Protocol):
    """A source whose driver has controls; they may change only while it is open."""

    def controls(self) -> tuple[ControlState, ...]:
        """Report the controls the driver has."""

    def adjust(self, control: Control, value: float | None) -> None:
        """Set a control; None lets the camera choose. What is not taken stays as it was."""
