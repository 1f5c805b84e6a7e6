"""A camera attached to this PC, through OpenCV's VideoCapture. Lives in the camera process.

Linux uses V4L2. Windows tries the way to the camera's own packets first, then DirectShow, unless
the spec names a back end that was measured to do better: Media Foundation may take minutes to open
a camera (OpenCV issues 17687, 26495, 27917). MJPEG is requested, so that the camera's own packets
can be kept and the full size is delivered at the full rate.
"""

import os
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2

from dermstation.camera.controls import Control, ControlState
from dermstation.camera.discovery import (
    DEVICES,
    attached_as,
    attached_devices,
    backends,
    device_index,
    direct_show_name,
)
from dermstation.camera.pixel_cause import PACKETS
from dermstation.camera.source import Mode, RawFrame
from dermstation.camera.sources.device_controls import adjust, controls_of
from dermstation.camera.sources.device_node import (
    appeared_at,
    ask_node,
    explained,
    granted_by,
    is_going,
    is_new,
)
from dermstation.camera.sources.direct_show import open_packets
from dermstation.camera.sources.video import PATIENCE_S, VideoReader, open_video
from dermstation.camera.spec import CameraSpec
from dermstation.camera.v4l2 import describe
from dermstation.camera.windows_consent import is_camera_refused
from dermstation.domain.errors import ErrorCode, StationError

_READ_WITHIN_S = 1
_OUT_OF_TIME_AFTER_S = 0.8 * _READ_WITHIN_S
_BY_OPENCV = frozenset({ErrorCode.CAMERA_ABSENT, ErrorCode.CAMERA_FAILED})
_CODES = {
    "v4l2": cv2.CAP_V4L2,
    "dshow": cv2.CAP_DSHOW,
    "msmf": cv2.CAP_MSMF,
    "any": cv2.CAP_ANY,
}


class AttachedCamera:
    """A device, identified by its number or by its stable identity."""

    is_recording = False

    def __init__(self, spec: CameraSpec, width: int, height: int) -> None:
        self._spec = spec
        self._index = spec.index
        self._size = (width, height)
        self._reader: VideoReader | None = None
        self._others: tuple[tuple[float, ...], str | None] | None = None
        self.label = f"Camera {spec.index}" if spec.index >= 0 else "Camera"

    def open(self) -> Mode:
        """Open the device.

        Raises StationError CAMERA_ABSENT, CAMERA_OTHER if another one is attached in its place,
        CAMERA_ALIKE, CAMERA_BUSY, CAMERA_REFUSED, CAMERA_STALLED, CAMERA_TORN or CAMERA_FAILED.
        Linux reports the cause. Elsewhere a device that opens but delivers nothing counts as busy.
        """
        os.environ["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] = str(_READ_WITHIN_S)
        os.environ["OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS"] = "0"
        trouble = StationError(ErrorCode.CAMERA_ABSENT)
        coding = ""
        for backend in self._ways():
            try:
                self._index = self._current_index(backend)
                ask_node(_device_node(self._index))
                self._reader = self._reader_by(backend)
                self.label = _name_of(self._index) or self.label
                mode = self._reader.mode
                return replace(mode, coding=mode.coding or coding, backend=backend)
            except StationError as error:
                coding = str(error.facts.get("coding", coding))
                if error.code is not ErrorCode.CAMERA_ABSENT:
                    trouble = error
        raise self._explained(trouble)

    def read(self) -> RawFrame | None:
        """Return the next picture, or None if it is damaged.

        Raises StationError CAMERA_FAILED, or on Linux CAMERA_ABSENT if the device is gone and
        CAMERA_STALLED if it is there and sends nothing.
        """
        if self._reader is None:
            raise StationError(ErrorCode.CAMERA_FAILED, reason="not_open")
        began_s = time.perf_counter()
        try:
            return self._reader.read()
        except StationError as error:
            if sys.platform == "linux":
                if time.perf_counter() - began_s >= _OUT_OF_TIME_AFTER_S:
                    raise StationError(ErrorCode.CAMERA_STALLED) from None
                if is_going(_device_node(self._index)):
                    raise StationError(ErrorCode.CAMERA_ABSENT) from None
            raise error from None

    def close(self) -> None:
        """Release the device."""
        if self._reader is not None:
            self._reader.close()
        self._reader = None

    def controls(self) -> tuple[ControlState, ...]:
        """Return the controls the driver has."""
        if self._reader is None:
            return ()
        return controls_of(_device_node(self._index), self._reader.video)

    def adjust(self, control: Control, value: float | None) -> None:
        """Set a control; one that the driver refuses stays as it was."""
        if self._reader is not None:
            adjust(_device_node(self._index), self._reader.video, control, value)

    def _ways(self) -> tuple[str, ...]:
        """Return the back ends to try: if controls are set, only those that have controls."""
        spec = self._spec
        if spec.backend:
            return (spec.backend,)
        if spec.controls or spec.lock or not spec.tries_packets:
            return tuple(one for one in backends() if one != PACKETS)
        return backends()

    def _reader_by(self, backend: str) -> VideoReader:
        if backend == PACKETS:
            return open_packets(direct_show_name(self._index), *self._size)
        return open_video(partial(self._opened, backend), self._coding, PATIENCE_S)

    def _current_index(self, backend: str) -> int:
        """Return the device's current number. Raises StationError CAMERA_ABSENT or CAMERA_ALIKE."""
        if not self._spec.identity:
            return self._spec.index
        self._index = -1  # another device may have the number that it had
        index = device_index(self._spec.identity, backend)
        if index is None:
            raise StationError(ErrorCode.CAMERA_ABSENT)
        return index

    def _coding(self, _video: cv2.VideoCapture) -> str:
        """Return the pixel format that the driver grants; only Linux says it reliably."""
        return granted_by(_device_node(self._index)) if sys.platform == "linux" else ""

    def _opened(self, backend: str, packets: bool) -> cv2.VideoCapture:
        video = cv2.VideoCapture(self._index, _CODES.get(backend, cv2.CAP_ANY))
        if video.isOpened():
            width, height = self._size
            video.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            video.set(cv2.CAP_PROP_FRAME_WIDTH, width)
            video.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
            video.set(cv2.CAP_PROP_CONVERT_RGB, 0 if packets else 1)
        return video

    def _explained(self, trouble: StationError) -> StationError:
        """Return the error that says whether the device is absent, broken or held by a program."""
        if trouble.code in _BY_OPENCV and not self._is_attached():
            other = self._in_its_place()
            if other is None:
                return StationError(ErrorCode.CAMERA_ABSENT)
            return StationError(ErrorCode.CAMERA_OTHER, other=other)
        if sys.platform != "linux":
            refused = is_camera_refused()
            return StationError(ErrorCode.CAMERA_REFUSED if refused else ErrorCode.CAMERA_BUSY)
        return explained(trouble, _device_node(self._index))

    def _is_attached(self) -> bool:
        if sys.platform != "linux":
            backend = self._spec.backend or backends()[0]
            return attached_as(self._spec.identity, self._spec.index, backend) is not None
        node = _device_node(self._index)
        return node.exists() and not is_going(node)

    def _in_its_place(self) -> str | None:
        """Return the name of a camera that is attached while the wanted one is not, or None."""
        nodes = list(map(_device_node, attached_indices())) if sys.platform == "linux" else []
        if any(map(is_new, nodes)):
            return None  # it may be the wanted one, not yet named
        # this is tried twice a second: ask the drivers only if something was plugged in or out
        key = tuple(map(appeared_at, nodes))
        if not nodes or self._others is None or self._others[0] != key:
            found = next((one.name or f"camera {one.index}" for one in attached_devices()), None)
            self._others = (key, found)
        return self._others[1]


def _name_of(index: int) -> str:
    """Return the name its maker gave the device, or "" if this system does not report it."""
    described = describe(_device_node(index)) if sys.platform == "linux" else None
    return described[0] if described is not None else ""


def attached_indices() -> tuple[int, ...]:
    """Return the device numbers of Linux that are worth trying."""
    names = (node.name.removeprefix("video") for node in DEVICES.glob("video*"))
    return tuple(sorted(int(name) for name in names if name.isdigit()))


def _device_node(index: int) -> Path:
    return DEVICES / f"video{index}"
