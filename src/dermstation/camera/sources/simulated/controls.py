"""The controls of the simulated dermatoscope: what they are, and what they do to a picture.

Lives in the camera process. Left to the camera, each control stands at what suits the scene;
the knobs are what the hand and the room do, and come on top.
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
    """Where the controls stand."""

    def __init__(self) -> None:
        self._states = dict(_START)

    def states(self) -> tuple[ControlState, ...]:
        """Report all controls."""
        return tuple(self._states.values())

    def adjust(self, control: Control, value: float | None) -> None:
        """Set a control within its range; None where it can choose for itself."""
        state = self._states[control]
        if value is not None:
            value = min(max(value, state.least), state.most)
            is_auto = None if state.is_auto is None else False
            self._states[control] = replace(state, value=value, is_auto=is_auto)
        elif state.is_auto is not None:
            self._states[control] = _START[control]

    def applied_to(self, knobs: Knobs) -> Knobs:
        """Give the knobs with what exposure and focus of the camera add to them."""
        stops = math.log2(self._states[Control.EXPOSURE].value / _EXPOSURE_BEST)
        off_px = abs(self._states[Control.FOCUS].value - _FOCUS_BEST) * _BLUR_PX_PER_STEP
        if stops == 0 and off_px == 0:
            return knobs
        return replace(knobs, exposure=knobs.exposure + stops, focus=knobs.focus + off_px)

    def tint(self, image: NDArray[np.uint8]) -> None:
        """Colour a picture, in place, as a wrong white balance does."""
        stops = math.log2(self._states[Control.WHITE_BALANCE].value / _WHITE_BEST)
        if stops == 0:
            return
        gains = (2 ** (_BLUE_PER_STOP * stops), 1.0, 2 ** (_RED_PER_STOP * stops))
        levels = np.arange(256)[:, None] * np.array(gains)
        table = np.rint(levels.clip(0, 255)).astype(np.uint8)[None]
        cv2.LUT(image, table, dst=image)
