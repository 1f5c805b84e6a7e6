"""A camera attached to this PC, through OpenCV's VideoCapture. Lives in the camera process.

Linux uses V4L2. Windows tries DirectShow first unless the spec names a back end that was measured
to do better: Media Foundation may take minutes to open a camera (OpenCV issues 17687, 26495,
27917). MJPEG is requested, so that the camera's own packets can be kept and the full size is
delivered at the full rate.
"""

import errno
import os
import sys
from functools import partial
from pathlib import Path

import cv2

from dermstation.camera.controls import Control, ControlState
from dermstation.camera.discovery import DEVICES, backends, device_index
from dermstation.camera.holders import holder_of
from dermstation.camera.source import Mode, RawFrame
from dermstation.camera.sources.device_controls import adjust, controls_of
from dermstation.camera.sources.video import VideoReader, open_video
from dermstation.camera.spec import CameraSpec
from dermstation.camera.v4l2 import describe
from dermstation.domain.errors import ErrorCode, StationError

_READ_WITHIN_S = 1
_WINDOWS_INDICES = 4
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
        self.label = f"Camera {spec.index}" if spec.index >= 0 else "Camera"

    def open(self) -> Mode:
        """Open the device. Raises StationError CAMERA_ABSENT, CAMERA_BUSY or CAMERA_FAILED.

        Linux reports the cause. Elsewhere a device that opens but delivers nothing counts as busy.
        """
        os.environ["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] = str(_READ_WITHIN_S)
        os.environ["OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS"] = "0"
        trouble = StationError(ErrorCode.CAMERA_ABSENT)
        for backend in (self._spec.backend,) if self._spec.backend else backends():
            try:
                self._index = self._current_index(backend)
                _ask_device_node(self._index)
                self._reader = open_video(partial(self._opened, backend))
                self.label = _name_of(self._index) or self.label
                return self._reader.mode
            except StationError as error:
                if error.code is not ErrorCode.CAMERA_ABSENT:
                    trouble = error
        raise self._explained(trouble)

    def read(self) -> RawFrame | None:
        """Return the next picture, or None if it is damaged.

        Raises StationError CAMERA_FAILED, or on Linux CAMERA_ABSENT if the device is gone.
        """
        if self._reader is None:
            raise StationError(ErrorCode.CAMERA_FAILED, reason="not_open")
        try:
            return self._reader.read()
        except StationError as error:
            if sys.platform == "linux" and not _device_node(self._index).exists():
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

    def _current_index(self, backend: str) -> int:
        """Return the device's current number. Raises StationError CAMERA_ABSENT."""
        if not self._spec.identity:
            return self._spec.index
        index = device_index(self._spec.identity, backend)
        if index is None:
            raise StationError(ErrorCode.CAMERA_ABSENT)
        return index

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
        if sys.platform != "linux":
            in_use = trouble.code is ErrorCode.CAMERA_FAILED
            return StationError(ErrorCode.CAMERA_BUSY) if in_use else trouble
        if trouble.code is ErrorCode.CAMERA_ABSENT and not _device_node(self._index).exists():
            return trouble
        holder = holder_of(_device_node(self._index))
        if holder is not None:
            return StationError(ErrorCode.CAMERA_BUSY, program=holder)
        if trouble.code is ErrorCode.CAMERA_ABSENT:  # although its node exists
            return StationError(ErrorCode.CAMERA_FAILED, reason="not_a_camera")
        return trouble


def _name_of(index: int) -> str:
    """Return the name its maker gave the device, or "" if this system does not report it."""
    described = describe(_device_node(index)) if sys.platform == "linux" else None
    return described[0] if described is not None else ""


def attached_indices() -> tuple[int, ...]:
    """Return the device numbers worth trying; on Windows they are not known in advance."""
    if sys.platform != "linux":
        return tuple(range(_WINDOWS_INDICES))
    names = (node.name.removeprefix("video") for node in DEVICES.glob("video*"))
    return tuple(sorted(int(name) for name in names if name.isdigit()))


def _device_node(index: int) -> Path:
    return DEVICES / f"video{index}"


def _ask_device_node(index: int) -> None:
    """Open the device's node for a moment; raise StationError if Linux refuses."""
    if sys.platform != "linux":
        return
    try:
        descriptor = os.open(_device_node(index), os.O_RDWR | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENODEV, errno.ENXIO}:
            raise StationError(ErrorCode.CAMERA_ABSENT) from None
        code = ErrorCode.CAMERA_BUSY if error.errno == errno.EBUSY else ErrorCode.CAMERA_FAILED
        raise StationError(code, errno=error.errno) from None
    os.close(descriptor)
