"""A camera attached to this PC, by OpenCV's VideoCapture. Lives in the camera process.

On Windows DirectShow is tried first: Media Foundation may take minutes to open a camera (OpenCV
issues 17687, 26495, 27917). On Linux V4L2. MJPEG is asked for, so that the camera's own packets
can be kept and the full size comes at the full rate.
"""

import errno
import os
import sys
from functools import partial
from pathlib import Path

import cv2

from dermstation.camera.source import Mode, RawFrame
from dermstation.camera.sources.captures import Capture, open_capture
from dermstation.domain.errors import ErrorCode, StationError

_READ_WITHIN_S = 1
_WINDOWS_INDICES = 4
_DEVICES = Path("/dev")
_PROCESSES = Path("/proc")


class AttachedCamera:
    """The camera with a device number."""

    is_recording = False

    def __init__(self, index: int, width: int, height: int) -> None:
        self._index = index
        self._size = (width, height)
        self._capture: Capture | None = None
        self.label = f"Camera {index}"

    def open(self) -> Mode:
        """Open the device. Raises StationError CAMERA_ABSENT, CAMERA_BUSY or CAMERA_FAILED.

        Linux names the trouble; elsewhere a device that opens and gives nothing is taken for busy.
        """
        os.environ["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] = str(_READ_WITHIN_S)
        os.environ["OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS"] = "0"
        _ask_device_node(self._index)
        trouble = StationError(ErrorCode.CAMERA_ABSENT)
        for backend in _backends():
            try:
                self._capture = open_capture(partial(self._opened, backend))
                return self._capture.mode
            except StationError as error:
                if error.code is not ErrorCode.CAMERA_ABSENT:
                    trouble = error
        raise self._named(trouble)

    def read(self) -> RawFrame | None:
        """Return the next picture; None for a damaged one. Raises StationError as `open`."""
        if self._capture is None:
            raise StationError(ErrorCode.CAMERA_FAILED, reason="not_open")
        try:
            return self._capture.read()
        except StationError as error:
            if sys.platform == "linux" and not _device_node(self._index).exists():
                raise StationError(ErrorCode.CAMERA_ABSENT) from None
            raise error from None

    def close(self) -> None:
        """Let go of the device."""
        if self._capture is not None:
            self._capture.close()
        self._capture = None

    def _opened(self, backend: int, packets: bool) -> cv2.VideoCapture:
        video = cv2.VideoCapture(self._index, backend)
        if video.isOpened():
            width, height = self._size
            video.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            video.set(cv2.CAP_PROP_FRAME_WIDTH, width)
            video.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
            video.set(cv2.CAP_PROP_CONVERT_RGB, 0 if packets else 1)
        return video

    def _named(self, trouble: StationError) -> StationError:
        """Tell a device that is in use from one that is broken."""
        if sys.platform != "linux":
            in_use = trouble.code is ErrorCode.CAMERA_FAILED
        else:
            in_use = _is_held_by_another(_device_node(self._index))
            if trouble.code is ErrorCode.CAMERA_ABSENT:  # its node is there
                trouble = StationError(ErrorCode.CAMERA_FAILED, reason="not_a_camera")
        return StationError(ErrorCode.CAMERA_BUSY) if in_use else trouble


def attached_indices() -> tuple[int, ...]:
    """List the device numbers worth trying; on Windows they are not known beforehand."""
    if sys.platform != "linux":
        return tuple(range(_WINDOWS_INDICES))
    names = (node.name.removeprefix("video") for node in _DEVICES.glob("video*"))
    return tuple(sorted(int(name) for name in names if name.isdigit()))


def _backends() -> tuple[int, ...]:
    if sys.platform == "win32":
        return (cv2.CAP_DSHOW, cv2.CAP_MSMF)
    return (cv2.CAP_V4L2,) if sys.platform == "linux" else (cv2.CAP_ANY,)


def _device_node(index: int) -> Path:
    return _DEVICES / f"video{index}"


def _ask_device_node(index: int) -> None:
    """Open the device's node for a moment and raise what Linux says against it."""
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


def _is_held_by_another(node: Path) -> bool:
    """Look through the open files of the processes this user may see."""
    for process in _PROCESSES.iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        try:
            if any(link.readlink() == node for link in (process / "fd").iterdir()):
                return True
        except OSError:  # gone meanwhile, or another user's
            continue
    return False
