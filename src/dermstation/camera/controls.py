"""The controls of a camera: exposure, white balance, focus and mains frequency.

Frozen values only; used in any process. A camera has the controls its driver reports, in the
driver's own units; the station never invents a range.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Control(StrEnum):
    """One thing that a driver may allow to be set."""

    EXPOSURE = "exposure"
    WHITE_BALANCE = "white_balance"
    FOCUS = "focus"
    POWER_LINE = "power_line"


# Controls that make one picture look different from the next. Focus is not one of them: a scope in
# contact with the skin and a camera at arm's length need different focus.
LOCKED_FOR_EPISODE = frozenset({Control.EXPOSURE, Control.WHITE_BALANCE})


@dataclass(frozen=True, slots=True)
class ControlState:
    """A control as the driver reports it, in its own units.

    `is_auto` is True while the camera chooses the value itself, None if it never can.
    `least` equals `most` if the driver reports no range.
    """

    control: Control
    value: float
    least: float
    most: float
    step: float = 1.0
    is_auto: bool | None = None


# The value wanted for each control; None lets the camera choose.
Wanted = Mapping[Control, float | None]
