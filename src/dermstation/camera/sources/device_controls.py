"""The controls of an attached camera, through V4L2 on Linux and through OpenCV elsewhere.

Lives in the camera process. OpenCV reports no ranges and cannot say whether a control exists, so
a control is listed if OpenCV returns a value for it. This has not been verified on Windows.
"""

import contextlib
import sys
from pathlib import Path

import cv2

from dermstation.camera.controls import Control, ControlState
from dermstation.camera.v4l2 import VideoNode

# value, the switch between automatic and manual, and the switch's values for manual and automatic
_PROPERTIES = {
    Control.EXPOSURE: (cv2.CAP_PROP_EXPOSURE, cv2.CAP_PROP_AUTO_EXPOSURE, 0.25, 0.75),
    Control.WHITE_BALANCE: (cv2.CAP_PROP_WB_TEMPERATURE, cv2.CAP_PROP_AUTO_WB, 0, 1),
    Control.FOCUS: (cv2.CAP_PROP_FOCUS, cv2.CAP_PROP_AUTOFOCUS, 0, 1),
}
_NOT_THERE = frozenset({0.0, -1.0})  # what OpenCV returns for a property that does not exist


def controls_of(node: Path, video: cv2.VideoCapture) -> tuple[ControlState, ...]:
    """Return the controls of a camera, given as `node` on Linux and as `video` elsewhere."""
    if sys.platform != "linux":
        return _by_opencv(video)
    with contextlib.suppress(OSError), VideoNode(node) as opened:
        return opened.controls()
    return ()


def _by_opencv(video: cv2.VideoCapture) -> tuple[ControlState, ...]:
    states = []
    for control, (value, switch, manual, _) in _PROPERTIES.items():
        now = video.get(value)
        if now not in _NOT_THERE:
            is_auto = video.get(switch) != manual
            states.append(ControlState(control, now, now, now, is_auto=is_auto))
    return tuple(states)


def adjust(node: Path, video: cv2.VideoCapture, control: Control, value: float | None) -> bool:
    """Set a control, None for automatic; return whether the driver accepted it."""
    if sys.platform != "linux":
        return _adjust_by_opencv(video, control, value)
    with contextlib.suppress(OSError), VideoNode(node) as opened:
        return opened.adjust(control, value)
    return False


def _adjust_by_opencv(video: cv2.VideoCapture, control: Control, value: float | None) -> bool:
    if control not in _PROPERTIES:
        return False
    name, switch, manual, automatic = _PROPERTIES[control]
    taken = video.set(switch, automatic if value is None else manual)
    return taken if value is None else video.set(name, value)
