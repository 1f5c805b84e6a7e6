"""What can be set on a camera: exposure, white balance, focus, and the mains frequency.

Frozen values only; used in any process. A camera has the controls its driver names, in the
driver's own units; the station never invents a range.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Control(StrEnum):
    """One thing a driver may let us set."""

    EXPOSURE = "exposure"
    WHITE_BALANCE = "white_balance"
    FOCUS = "focus"
    POWER_LINE = "power_line"


# What changes the look of one picture against the next. Focus is not among them: a scope in
# contact and a camera at arm's length need another one.
LOCKED_FOR_EPISODE = frozenset({Control.EXPOSURE, Control.WHITE_BALANCE})


@dataclass(frozen=True, slots=True)
class ControlState:
    """A control as the driver reports it, in its own units.

    `is_auto` says that the camera chooses the value itself, None where it cannot.
    `least` equals `most` where the driver names no range.
    """

    control: Control
    value: float
    least: float
    most: float
    step: float = 1.0
    is_auto: bool | None = None


# The value wanted of each control; None lets the camera choose.
Wanted = Mapping[Control, float | None]
