"""The controls of the simulated dermatoscope and their effect on a picture.

Lives in the camera process. In automatic mode each control has the value that suits the scene.
The knobs stand for the hand and the room; their effect is added.
"""

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.controls import Control, ControlState
from dermstation.camera.sources.simulated.knobs import Knobs

_RED_PER_STOP, _BLUE_PER_STOP = -0.35, 0.45
_BLUR_PX_PER_STEP = 0.24
_FOCUS_BEST, _EXPOSURE_BEST, _WHITE_BEST = 50.0, 100.0, 4600.0
_START = {
    Control.EXPOSURE: ControlState(Control.EXPOSURE, _EXPOSURE_BEST, 5, 2000, 1, is_auto=True),
    Control.WHITE_BALANCE: ControlState(
        Control.WHITE_BALANCE, _WHITE_BEST, 2800, 6500, 10, is_auto=True
    ),
    Control.FOCUS: ControlState(Control.FOCUS, _FOCUS_BEST, 0, 100, 1, is_auto=True),
    Control.POWER_LINE: ControlState(Control.POWER_LINE, 1, 0, 2, 1),
}


class SimulatedControls:
    """The current values of the controls."""

    def __init__(self) -> None:
        self._states = dict(_START)

    def states(self) -> tuple[ControlState, ...]:
        """Return all controls."""
        return tuple(self._states.values())

    def adjust(self, control: Control, value: float | None) -> None:
        """Set a control, clipped to its range; None sets it to automatic if it has that mode."""
        state = self._states[control]
        if value is not None:
            value = min(max(value, state.least), state.most)
            is_auto = None if state.is_auto is None else False
            self._states[control] = replace(state, value=value, is_auto=is_auto)
        elif state.is_auto is not None:
            self._states[control] = _START[control]

    def applied_to(self, knobs: Knobs) -> Knobs:
        """Return the knobs with the camera's exposure and focus added to them."""
        stops = math.log2(self._states[Control.EXPOSURE].value / _EXPOSURE_BEST)
        off_px = abs(self._states[Control.FOCUS].value - _FOCUS_BEST) * _BLUR_PX_PER_STEP
        if stops == 0 and off_px == 0:
            return knobs
        return replace(knobs, exposure=knobs.exposure + stops, focus=knobs.focus + off_px)

    def tint(self, image: NDArray[np.uint8]) -> None:
        """Tint a picture, in place, as a wrong white balance does."""
        stops = math.log2(self._states[Control.WHITE_BALANCE].value / _WHITE_BEST)
        if stops == 0:
            return
        gains = (2 ** (_BLUE_PER_STOP * stops), 1.0, 2 ** (_RED_PER_STOP * stops))
        levels = np.arange(256)[:, None] * np.array(gains)
        table = np.rint(levels.clip(0, 255)).astype(np.uint8)[None]
        cv2.LUT(image, table, dst=image)
