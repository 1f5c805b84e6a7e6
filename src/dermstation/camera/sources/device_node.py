"""Ask Linux why a video device's node gives no picture. Lives in the camera process.

OpenCV reports only that it failed. The node itself says whether the device is gone, is held by
somebody else, may not be opened by this account, or has only just appeared: udev then still has to
name it and to grant the right to it.
"""

import errno
import sys
import time
from pathlib import Path

from dermstation.camera.holders import holder_of
from dermstation.camera.v4l2 import VideoNode
from dermstation.domain.errors import ErrorCode, StationError

NEW_FOR_S = 2.0
_GOING_FOR_S, _LOOK_EVERY_S = 0.2, 0.02
_GONE = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO})
_REFUSED = frozenset({errno.EACCES, errno.EPERM})
_BY_OPENCV = frozenset({ErrorCode.CAMERA_ABSENT, ErrorCode.CAMERA_FAILED})


def ask_node(node: Path) -> None:
    """Open a node for a moment. Raises StationError if it cannot be used now; nothing off Linux."""
    if sys.platform != "linux":
        return
    try:
        with VideoNode(node) as opened:
            is_in_use = opened.is_in_use()
    except OSError as error:
        raise StationError(_code_of(error.errno), errno=error.errno) from None
    if is_in_use:
        raise StationError(ErrorCode.CAMERA_BUSY, program=holder_of(node) or "")


def granted_by(node: Path) -> str:
    """Return the pixel format that the driver has granted, in four letters, or ""."""
    try:
        with VideoNode(node) as opened:
            return opened.granted()
    except OSError:
        return ""


def is_gone(node: Path) -> bool:
    """Return whether the device behind a node is gone, even if the node is still there."""
    try:
        with VideoNode(node) as opened:
            opened.name()
    except OSError as error:
        return error.errno in _GONE
    return False


def is_going(node: Path) -> bool:
    """Return whether the device is gone, or goes in a moment: its reader hears of it first."""
    until_s = time.perf_counter() + _GOING_FOR_S
    while not is_gone(node):
        if time.perf_counter() > until_s:
            return False
        time.sleep(_LOOK_EVERY_S)
    return True


def appeared_at(node: Path) -> float:
    """Return the time stamp of a node, in seconds of the system's clock; 0 if there is no node."""
    try:
        return node.stat().st_mtime
    except OSError:
        return 0.0


def is_new(node: Path) -> bool:
    """Return whether a node appeared within the last 2 seconds.

    If the clock was set in between, that may be wrong once; it decides only what is said meanwhile.
    """
    return 0 <= time.time() - appeared_at(node) < NEW_FOR_S


def explained(trouble: StationError, node: Path) -> StationError:
    """Return the trouble with a device whose node is there, with the cause that can be found."""
    if trouble.code in _BY_OPENCV and (holder := holder_of(node)) is not None:
        return StationError(ErrorCode.CAMERA_BUSY, program=holder)
    if trouble.code in {*_BY_OPENCV, ErrorCode.CAMERA_REFUSED} and is_new(node):
        # still being set up: neither broken nor forbidden
        return StationError(ErrorCode.CAMERA_FAILED, is_new=True)
    if trouble.code is ErrorCode.CAMERA_ABSENT:  # although its node exists
        return StationError(ErrorCode.CAMERA_FAILED, reason="not_a_camera")
    return trouble


def _code_of(error: int | None) -> ErrorCode:
    if error in _GONE:
        return ErrorCode.CAMERA_ABSENT
    if error in _REFUSED:
        return ErrorCode.CAMERA_REFUSED
    return ErrorCode.CAMERA_BUSY if error == errno.EBUSY else ErrorCode.CAMERA_FAILED
